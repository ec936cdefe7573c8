import type { Selectable } from 'kysely';
import type { Import } from '../../src/domain/import.ts';
import type { Importer } from '../../src/flows/importer.ts';
import { revertRows } from '../../src/flows/revert-rows.ts';
import { createSeedSource } from '../../src/flows/seed.ts';
import { claimImports, findImport } from '../../src/store/imports.ts';
import type { ImportRowTable } from '../../src/store/tables.ts';
import { finish, rowsOf, upload } from './importing.ts';
import type { Working } from './working.ts';

/** An import that was run: its id and what became of its rows. */
export interface Imported {
  readonly id: string;
  readonly rows: readonly Selectable<ImportRowTable>[];
  readonly decisions: readonly string[];
}

/** Runs a file to its end. */
export async function runFile(
  s: Working,
  importer: Importer,
  sourceId: string,
  lines: readonly string[],
): Promise<Imported> {
  const id = await upload(s, { sourceId, file: lines.join('\n'), at: Date.parse('2026-12-31T12:00:00Z') });
  const ended = await finish(s, importer, id);
  if (ended.state !== 'completed') throw new Error(`${ended.state}: ${JSON.stringify(ended.fault)}`);
  const rows = await rowsOf(s, id);
  return { id, rows, decisions: rows.map(({ decision }) => decision) };
}

/** Asks for an import to be taken back; throws unless it is accepted. */
export async function askRevert(s: Working, id: string, body: object = {}): Promise<void> {
  await s.post(`/v1/imports/${id}/revert`, { reason: 'wrong file', ...body });
}

/** Takes back what was asked to be in batches of so many rows, to its end or for so many batches; answers the import. */
export async function revertOn(s: Working, id: string, batchRows: number, batches?: number): Promise<Import | null> {
  const at = Date.now();
  const [held] = await claimImports(s.db, { at, leaseUntil: at, most: 1, only: id, except: [] });
  if (held === undefined) throw new Error(`nobody asked for ${id}`);
  const deps = { db: s.db, vault: s.vault, seeds: createSeedSource(), clock: () => Date.parse('2026-12-31T12:30:00Z') };
  for (let done = false, batch = 0; !done && batch !== batches; batch += 1) {
    done = (await revertRows(deps, held, batchRows)).done;
  }
  return findImport(s.db, id);
}

/** Every answer about these phones and the list of leads, but what only tells that they were written. */
export async function answersAbout(s: Working, phones: readonly string[]): Promise<object> {
  const found = [];
  for (const phone of phones) {
    const { items: customers } = await s.post('/v1/customers/search', { phone });
    const { items: leads } = await s.post('/v1/leads/search', { phone });
    const touches = [];
    for (const { id } of leads) {
      const { items } = await s.get(`/v1/leads/${id}/touches`);
      touches.push(items.filter((touch: { voided_at: string | null }) => touch.voided_at === null));
    }
    found.push({ customers, leads, touches });
  }
  const { items: list } = await s.get('/v1/leads?limit=100');
  return JSON.parse(
    JSON.stringify({ found, list }, (name, value) => (['version', 'updated_at'].includes(name) ? undefined : value)),
  );
}
