import { ErasedRows } from '../domain/lost-import.ts';
import { erasedTokens } from '../store/import-erase.ts';
import { namedBefore } from '../store/import-rows.ts';
import type { HeldImport } from '../store/imports.ts';
import { holdImport } from '../store/imports.ts';
import type { ImporterDeps } from './import-deps.ts';
import { isErased, noteErased, parted } from './import-erased.ts';
import { describeRow } from './import-outcomes.ts';
import type { ReadRow } from './import-row.ts';
import type { PlannedImport } from './import-setup.ts';
import { writeRows } from './import-write.ts';
import type { Beside } from './ingest.ts';
import { ingestResiliently } from './ingest-resiliently.ts';
import { type Prepared, prepareItem } from './prepare.ts';

/** What the batches of an import are run with. */
export interface ImportRun {
  readonly deps: ImporterDeps;
  readonly held: HeldImport;
  readonly setup: PlannedImport;
}

/**
 * Takes the next rows of an import in: one transaction with what became of them and how far it is. Throws LostImport where it is
 * not held any more, and what the database throws while it is away.
 */
export async function runBatch(run: ImportRun, reads: readonly ReadRow[]): Promise<void> {
  try {
    await ingestAll(run, reads);
  } catch (error) {
    if (!(error instanceof ErasedRows)) throw error;
    for (const part of parted(reads, error.tokens)) {
      if (part.erased) await noteErased(run, part.reads);
      else await ingestAll(run, part.reads);
    }
  }
}

async function ingestAll(run: ImportRun, reads: readonly ReadRow[]): Promise<void> {
  const { deps, setup } = run;
  const failed = await ingestRows(run, reads);
  // One that cannot be written as it is goes into quarantine without its fields, so that its cells are kept.
  const bare = failed.map((read): ReadRow => {
    const item = { ...read.item, draft: {}, refusal: UNWRITABLE };
    return { ...read, item, prepared: prepareItem(item, setup.region, deps.vault, deps.seeds) };
  });
  const still = await ingestRows(run, bare);
  if (still.length > 0) throw new Error(`row ${still[0]?.row} cannot be written`);
}

const UNWRITABLE = Object.freeze({
  code: 'ingest_failed',
  path: '',
  hint: 'It could not be written; the log says why. Retry the entry.',
});

/** Answers the rows that the database refused for a reason of their own; nothing of them was written. */
async function ingestRows(run: ImportRun, reads: readonly ReadRow[]): Promise<readonly ReadRow[]> {
  if (reads.length === 0) return [];
  const { deps } = run;
  const beside = besideRows(run, new Map(reads.map((read) => [read.prepared, read])));
  const { results } = await ingestResiliently(
    deps.lane,
    deps.vault,
    reads.map(({ prepared }) => prepared),
    deps.clock,
    beside,
  );
  return reads.filter((read, at) => {
    const result = results[at];
    if (result?.kind !== 'failed') return false;
    const { code, cause } = result.failure;
    if (code === 'database_unavailable') throw cause;
    deps.failed({ importId: run.held.id, row: read.row }, cause);
    return true;
  });
}

function besideRows({ deps, held, setup }: ImportRun, reads: ReadonlyMap<Prepared, ReadRow>): Beside {
  let found = setup.import;
  return {
    begin: async (session) => {
      found = await holdImport(session, held, ['running']);
      const erased = await erasedTokens(session, held.id);
      if (erased.size > 0 && [...reads.keys()].some((prepared) => isErased(prepared, erased)))
        throw new ErasedRows(erased);
    },
    judged: async (session, batch, { outcomes, world }) => {
      const { persons } = world.known;
      const ids = [...new Set(outcomes.flatMap(({ customerId }) => customerId ?? []))];
      const named = await namedBefore(session, held.id, ids);
      const so = { customers: new Set(named.customers), leads: new Set(named.leads) };
      const rows = batch.flatMap((prepared, at) => {
        const [read, outcome] = [reads.get(prepared), outcomes[at]];
        return read === undefined || outcome === undefined ? [] : [describeRow(setup, read, outcome, persons, so)];
      });
      return (connection) => writeRows(connection, deps, found, rows);
    },
  };
}
