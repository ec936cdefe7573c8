import type { ImportClass, ImportCounts } from '../domain/import.ts';
import type { Instant } from '../domain/instant.ts';
import type { Lead } from '../domain/lead.ts';
import type { Decision } from '../domain/outcome.ts';
import type { Vault } from '../domain/vault.ts';
import { plain } from './column.ts';
import type { Db } from './database.ts';
import type { Session } from './session.ts';
import { type Column, setWrite } from './set-write.ts';

/** What became of one row of a file. */
export interface ImportRowWrite {
  readonly importId: string;
  readonly row: number;
  readonly class: ImportClass;
  readonly decision: Decision;
  readonly originalDecision: Decision | null;
  readonly code: string | null;
  readonly path: string | null;
  readonly columnName: string | null;
  readonly hint: string | null;
  readonly warnings: readonly string[];
  readonly submissionId: string | null;
  readonly customerId: string | null;
  readonly leadId: string | null;
  readonly touchId: string | null;
  readonly before: LeadBefore | null;
  readonly cells: readonly string[] | null; // of refused rows
}

/** What a touch may change of a lead, as it was before the first row of an import touched it. */
export type LeadBefore = Pick<Lead, (typeof KEPT_OF_LEAD)[number]>;
const KEPT_OF_LEAD = [
  'state',
  'stateAt',
  'priorState',
  'reason',
  'dormantBy',
  'closedAt',
  'cycle',
  'cycleStartedAt',
  'store',
  'owner',
  'ownerSince',
  'formerOwner',
  'formerStore',
  'ownerTaken',
  'rating',
  'lastActivityAt',
  'lastReceivedAt',
  'flags',
] as const satisfies readonly (keyof Lead)[];

/** What a touch may change of a lead, as it stands. */
export function leadBefore(lead: Lead): LeadBefore {
  return Object.fromEntries(KEPT_OF_LEAD.map((name) => [name, lead[name]])) as unknown as LeadBefore;
}

const COLUMNS: readonly Column<ImportRowWrite & { readonly sealed: Uint8Array | null }>[] = [
  ['import_id', 'uuid', (row) => row.importId],
  ['row', 'integer', (row) => row.row],
  ['class', 'code', (row) => row.class],
  ['decision', 'code', (row) => row.decision],
  ['original_decision', 'code', (row) => row.originalDecision],
  ['code', 'code', (row) => row.code],
  ['path', 'text', (row) => row.path],
  ['column_name', 'text', (row) => row.columnName],
  ['hint', 'text', (row) => row.hint],
  ['warnings', 'list', (row) => row.warnings.map((text) => text.replaceAll(' ', '_'))],
  ['submission_id', 'uuid', (row) => row.submissionId],
  ['customer_id', 'uuid', (row) => row.customerId],
  ['lead_id', 'uuid', (row) => row.leadId],
  ['touch_id', 'uuid', (row) => row.touchId],
  ['before', 'jsonb', (row) => row.before],
  ['cells', 'bytea', (row) => row.sealed],
];
const INSERT = setWrite('import_row', COLUMNS);

/** Writes what became of rows, in the transaction that made it so; a row that is there already fails it. */
export async function insertImportRows(session: Session, vault: Vault, rows: readonly ImportRowWrite[]): Promise<void> {
  await INSERT.write(
    session,
    rows.map((row) => ({ ...row, sealed: row.cells === null ? null : sealCells(vault, row.cells) })),
  );
}

function sealCells(vault: Vault, cells: readonly string[]): Buffer {
  const bytes = Buffer.from(JSON.stringify(cells));
  return vault.atRest === 'none' ? bytes : vault.seal(bytes);
}

/** The cells of a row that was kept. */
export function openCells(vault: Vault, kept: Buffer): readonly string[] {
  return JSON.parse((vault.atRest === 'none' ? kept : vault.open(kept)).toString()) as string[];
}

const NAMED = {
  name: 'import_named',
  text: `select distinct customer_id, case when touch_id is not null then lead_id end as lead_id from import_row where import_id = $1 and customer_id = any($2::uuid[])`,
};

/** Which of these customers earlier rows of an import have named, and which leads of theirs they have touched. */
export async function namedBefore(
  session: Session,
  importId: string,
  customerIds: readonly string[],
): Promise<{ readonly customers: ReadonlySet<string>; readonly leads: ReadonlySet<string> }> {
  if (customerIds.length === 0) return { customers: new Set(), leads: new Set() };
  const rows = await session.run<{ customer_id: string; lead_id: string | null }>(NAMED, [
    importId,
    plain(customerIds),
  ]);
  return {
    customers: new Set(rows.map((row) => row.customer_id)),
    leads: new Set(rows.flatMap((row) => row.lead_id ?? [])),
  };
}

const CHECKPOINT = {
  name: 'import_checkpoint',
  text: `update import set rows_done = $2, counts = $3, lease_until = $4, version = version + 1 where id = $1`,
};

/** Notes how far an import is, in the transaction of its rows. */
export async function checkpointImport(
  session: Session,
  id: string,
  { rowsDone, counts, leaseUntil }: { rowsDone: number; counts: ImportCounts; leaseUntil: Instant },
): Promise<void> {
  await session.run(CHECKPOINT, [id, rowsDone, JSON.stringify(counts), new Date(leaseUntil)]);
}

const PREVIEW = { name: 'import_preview', text: 'update import set preview = $2 where id = $1' };

/** Keeps the first rows of a dry run, in the transaction that has locked its import. */
export async function writePreview(session: Session, id: string, preview: Buffer): Promise<void> {
  await session.run(PREVIEW, [id, preview]);
}

/** Which rows are done: all up to `through`, and of those after it the ones in `also`. */
export interface RowsDone {
  readonly through: number;
  readonly also: ReadonlySet<number>;
}

/** Which rows of an import are done; only among the last `window` of them may some be missing. */
export async function readRowsDone(db: Db, importId: string, window: number): Promise<RowsDone> {
  const rows = await db
    .selectFrom('import_row')
    .select('row')
    .where('import_id', '=', importId)
    .orderBy('row', 'desc')
    .limit(window)
    .execute();
  const through = rows.length < window ? 0 : (rows.at(-1)?.row ?? 0);
  return { through, also: new Set(rows.map(({ row }) => row)) };
}

/** Forgets what became of the rows of an import, for it to begin again. */
export async function deleteImportRows(db: Db, importId: string): Promise<void> {
  await db.deleteFrom('import_row').where('import_id', '=', importId).execute();
}
