import type { Mapping } from '../channels/mapping.ts';
import { recordOf } from '../channels/sheet-line.ts';
import type { Vault } from '../domain/vault.ts';
import type { SheetRow } from '../sheets/sheet.ts';
import type { CaptureItem } from './capture.ts';
import type { PlannedImport } from './import-setup.ts';
import { type Prepared, prepareItem } from './prepare.ts';
import { compute, type Evaluate } from './read-push.ts';
import type { SeedSource } from './seed.ts';

/** A row of a file, ready for the one way in. */
export interface ReadRow {
  readonly row: number;
  readonly cells: readonly string[];
  readonly mapping: Mapping;
  readonly item: CaptureItem;
  readonly prepared: Prepared;
}

/** What reading rows needs. */
export interface ReadRowDeps {
  readonly vault: Vault;
  readonly seeds: SeedSource;
  readonly evaluate: Evaluate;
}

/** Reads rows as submissions of their import, in order. */
export async function readRows(
  deps: ReadRowDeps,
  setup: PlannedImport,
  rows: readonly SheetRow[],
): Promise<readonly ReadRow[]> {
  const reads: ReadRow[] = [];
  for (let from = 0; from < rows.length; from += SLICE) {
    // Others come in between: live leads, and the answers of the database to the batch before.
    await new Promise(setImmediate);
    reads.push(...(await readSlice(deps, setup, rows.slice(from, from + SLICE))));
  }
  return reads;
}

const SLICE = 32; // rows: some 3 ms of this process

async function readSlice(
  deps: ReadRowDeps,
  setup: PlannedImport,
  rows: readonly SheetRow[],
): Promise<readonly ReadRow[]> {
  const { plan, maps, mapper } = setup;
  const records = rows.map(({ cells }) => recordOf(plan, cells));
  const computed =
    mapper.expressions.length === 0
      ? null
      : await Promise.all(records.map((record) => compute(deps.evaluate, maps, record)));
  return rows.map((row, at) => {
    const record = records[at] ?? {};
    const mapping = mapper.map(record, computed?.[at] ?? {});
    const item = itemOf(setup, row.row, record, mapping);
    return { ...row, mapping, item, prepared: prepareItem(item, setup.region, deps.vault, deps.seeds) };
  });
}

function itemOf(
  { import: { id, mode, createdAt, stores }, source, keyPrefix, channels }: PlannedImport,
  row: number,
  record: Readonly<Record<string, string>>,
  { draft }: Mapping,
): CaptureItem {
  const channel = draft.channel === undefined ? undefined : channels.get(draft.channel.toLowerCase());
  return {
    draft: channel === undefined ? draft : { ...draft, channel },
    content: record,
    raw: Buffer.from(JSON.stringify(record)),
    contentType: 'application/json',
    idempotencyKey: draft.external_id === undefined ? `${keyPrefix}${row}` : null,
    source,
    actor: `import:${id}`,
    requestId: `${id}#${row}`,
    mode,
    refusal: isPermitted(stores, draft.store) ? null : STORE_REFUSED,
    receivedAt: createdAt, // of every row: a run that was interrupted gives what one that was not would
  };
}

const STORE_REFUSED = Object.freeze({
  code: 'store_not_permitted',
  path: '/store',
  hint: 'Whoever uploaded the file may bring in leads of other stores only with the scope ops: clear the cell, or ask somebody who may.',
});

/** As by REST: a key without `ops` names no store but its own. */
function isPermitted(stores: readonly string[] | null, store: string | undefined): boolean {
  return stores === null || store === undefined || stores.includes(store);
}
