import { type Selectable, sql } from 'kysely';
import type {
  Import,
  ImportCounts,
  ImportOptions,
  ImportReading,
  ImportRevert,
  ImportState,
} from '../domain/import.ts';
import type { Instant } from '../domain/instant.ts';
import { LostImport } from '../domain/lost-import.ts';
import type { Mode } from '../domain/submission.ts';
import type { Db, Tx } from './database.ts';
import type { Session } from './session.ts';
import type { ImportTable } from './tables.ts';

/** An import as it begins: its bytes arrive. */
export interface NewImport {
  readonly id: string;
  readonly sourceId: string;
  readonly dryRun: boolean;
  readonly mode: Mode;
  readonly fileName: string | null;
  readonly stores: readonly string[] | null; // that rows may name; null: any
  readonly options: ImportOptions;
  readonly actor: string;
  readonly requestId: string | null;
  readonly at: Instant;
}

/** What may be changed of an import; what is left out stays. */
export interface ImportChange {
  readonly state?: ImportState;
  readonly dry_run?: boolean;
  readonly file_bytes?: number;
  readonly file_digest?: string;
  readonly reading?: ImportReading | null;
  readonly rows_total?: number | null;
  readonly rows_done?: number;
  readonly counts?: ImportCounts;
  readonly preview?: Buffer | null;
  readonly fault?: Import['fault'];
  readonly revert?: ImportRevert | null;
  readonly lease_until?: Instant | null;
  readonly started_at?: Instant | null;
  readonly finished_at?: Instant | null;
}

/** An import that a worker holds: its claim is the fence. */
export interface HeldImport {
  readonly id: string;
  readonly claims: number;
}

/** Every column but the preview, which is large. */
export const IMPORT_COLUMNS = [
  'id',
  'source_id',
  'state',
  'dry_run',
  'mode',
  'file_name',
  'file_bytes',
  'file_digest',
  'stores',
  'options',
  'reading',
  'rows_total',
  'rows_done',
  'counts',
  'fault',
  'revert',
  'actor',
  'request_id',
  'claims',
  'version',
  'created_at',
  'started_at',
  'finished_at',
] as const;
export type ImportRecord = Pick<Selectable<ImportTable>, (typeof IMPORT_COLUMNS)[number]>;

/** Writes down that an import begins. */
export async function insertImport(db: Db, made: NewImport): Promise<void> {
  await db
    .insertInto('import')
    .values({
      id: made.id,
      source_id: made.sourceId,
      state: 'uploading',
      dry_run: made.dryRun,
      mode: made.mode,
      file_name: made.fileName,
      stores: made.stores === null ? null : [...made.stores],
      options: JSON.stringify(made.options),
      actor: made.actor,
      request_id: made.requestId,
      created_at: new Date(made.at),
    })
    .execute();
}

/** One import; null where there is none. */
export async function findImport(db: Db, id: string): Promise<Import | null> {
  const row = await db.selectFrom('import').select(IMPORT_COLUMNS).where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : importOf(row);
}

/** One import, locked until the transaction ends: for a change that somebody asks for. */
export async function lockImport(tx: Tx, id: string): Promise<Import | null> {
  const row = await tx.selectFrom('import').select(IMPORT_COLUMNS).where('id', '=', id).forUpdate().executeTakeFirst();
  return row === undefined ? null : importOf(row);
}

/** Changes an import that the caller has locked or holds. */
export async function changeImport(db: Db, id: string, change: ImportChange): Promise<void> {
  const { reading, counts, fault, revert, lease_until, started_at, finished_at, ...plain } = change;
  await db
    .updateTable('import')
    .set((eb) => ({
      ...plain,
      ...(reading === undefined ? {} : { reading: json(reading) }),
      ...(counts === undefined ? {} : { counts: JSON.stringify(counts) }),
      ...(fault === undefined ? {} : { fault: json(fault) }),
      ...(revert === undefined ? {} : { revert: json(revert) }),
      ...(lease_until === undefined ? {} : { lease_until: time(lease_until) }),
      ...(started_at === undefined ? {} : { started_at: time(started_at) }),
      ...(finished_at === undefined ? {} : { finished_at: time(finished_at) }),
      version: eb('version', '+', 1),
    }))
    .where('id', '=', id)
    .execute();
}

function json(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

function time(at: Instant | null): Date | null {
  return at === null ? null : new Date(at);
}

const HOLD = {
  name: 'hold_import',
  text: `select ${IMPORT_COLUMNS.join(', ')} from import where id = $1 and claims = $2 and state = any($3::text[]) for update`,
};

/** Locks an import that a worker holds, until its transaction ends; throws LostImport where another holds it, or it is in another state. */
export async function holdImport(
  session: Session,
  { id, claims }: HeldImport,
  states: readonly ImportState[],
): Promise<Import> {
  const [row] = await session.run<ImportRecord>(HOLD, [id, claims, states]);
  if (row === undefined) throw new LostImport(`import ${id} is not held any more`);
  return importOf(row);
}

/** Whom a worker looks for. */
export interface ImportClaim {
  readonly at: Instant;
  readonly leaseUntil: Instant;
  readonly most: number;
  readonly only: string | null; // one import; null: any
  readonly except: readonly string[]; // imports that it works on already
}

/** Takes imports that nobody works on, the oldest first. */
export async function claimImports(
  db: Db,
  { at, leaseUntil, most, only, except }: ImportClaim,
): Promise<readonly HeldImport[]> {
  if (most === 0) return [];
  const { rows } = await sql<HeldImport>`
    update import i set claims = i.claims + 1, lease_until = ${new Date(leaseUntil)}
    from (select id from import
      where state in ('waiting','checking','running','reverting') and (lease_until is null or lease_until < ${new Date(at)})
        and (${only}::uuid is null or id = ${only}::uuid) and id <> all(${except}::uuid[])
      order by created_at limit ${most} for update skip locked) due
    where i.id = due.id returning i.id, i.claims`.execute(db);
  return rows;
}

/** Holds on to imports for longer; those that are lost are left out of the answer. */
export async function renewImports(
  db: Db,
  held: readonly HeldImport[],
  leaseUntil: Instant,
): Promise<ReadonlySet<string>> {
  const kept = await Promise.all(
    held.map(({ id, claims }) =>
      db
        .updateTable('import')
        .set({ lease_until: new Date(leaseUntil) })
        .where('id', '=', id)
        .where('claims', '=', claims)
        .returning('id')
        .executeTakeFirst(),
    ),
  );
  return new Set(kept.flatMap((row) => row?.id ?? []));
}

/** Lets somebody else work on an import at once. */
export async function releaseImport(db: Db, { id, claims }: HeldImport): Promise<void> {
  await db.updateTable('import').set({ lease_until: null }).where('id', '=', id).where('claims', '=', claims).execute();
}

/** The import of a row. */
export function importOf(row: ImportRecord): Import {
  const counts = row.counts as Partial<ImportCounts>;
  return {
    id: row.id,
    sourceId: row.source_id,
    state: row.state as ImportState,
    dryRun: row.dry_run,
    mode: row.mode,
    fileName: row.file_name,
    fileBytes: row.file_bytes,
    fileDigest: row.file_digest,
    stores: row.stores,
    options: row.options as ImportOptions,
    reading: row.reading as ImportReading | null,
    rowsTotal: row.rows_total,
    rowsDone: row.rows_done,
    counts: { classes: counts.classes ?? {}, decisions: counts.decisions ?? {} },
    fault: row.fault as Import['fault'],
    revert: row.revert as ImportRevert | null,
    actor: row.actor,
    requestId: row.request_id,
    version: row.version,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
}
