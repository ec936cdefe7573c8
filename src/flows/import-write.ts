import type { Import } from '../domain/import.ts';
import { checkpointImport, type ImportRowWrite, insertImportRows } from '../store/import-rows.ts';
import type { Session } from '../store/session.ts';
import { type ImporterDeps, LEASE_MS } from './import-deps.ts';
import { countRows } from './import-outcomes.ts';

/** Writes what became of rows and how far their import is, in the transaction that has locked it as `found`. */
export async function writeRows(
  session: Session,
  { vault, clock }: Pick<ImporterDeps, 'vault' | 'clock'>,
  found: Import,
  rows: readonly ImportRowWrite[],
): Promise<void> {
  const progress = {
    rowsDone: found.rowsDone + rows.length,
    counts: countRows(found.counts, rows),
    leaseUntil: clock() + LEASE_MS,
  };
  await Promise.all([insertImportRows(session, vault, rows), checkpointImport(session, found.id, progress)]);
}
