import { sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import { lockAdvisory } from './advisory.ts';
import type { Db, Tx } from './database.ts';
import { letWork } from './let-work.ts';

/** The tables that are partitioned by month, each with the column that says which month a row belongs to. */
const PARTITIONED = Object.freeze({
  event: 'recorded_at',
  raw_body: 'received_at',
  delivery: 'created_at',
  delivery_body: 'created_at',
  attempt: 'created_at',
});
export type PartitionedTable = keyof typeof PARTITIONED;

// As of the default partition in its migration: a delivery is rewritten in place (HOT) when it is settled; a body of some kB
// stays in its row, which is written in 84 µs against 152 with a toast table.
const STORAGE: { readonly [T in PartitionedTable]?: string } = Object.freeze({
  delivery: 'with (fillfactor = 80)',
  delivery_body: 'with (toast_tuple_target = 8160)',
});
const TABLES = Object.keys(PARTITIONED) as PartitionedTable[];
const MONTHS_AHEAD = 2;
// DDL that waits for a long reader blocks every query behind it: give up after 2 s, and come again at the next round.
const LOCK_TIMEOUT = sql`set local lock_timeout = 2000`;

interface Month {
  readonly name: string; // event_202606
  readonly from: string; // first instant, ISO 8601
  readonly to: string; // first instant of the next month
}

/**
 * Makes the partitions of the current month and the two after it where they are missing, and answers the names of those
 * made; any number of processes may do so at once. Rows that already lie in the default partition are moved. Throws the
 * database's 55P03 when a table stays locked for 2 s: the default partition takes the rows meanwhile.
 */
export async function ensurePartitions(db: Db, now: Instant): Promise<readonly string[]> {
  const made: string[] = [];
  for (const table of TABLES) {
    const there = new Set(await listPartitions(db, table));
    for (const month of monthsFrom(table, now)) {
      // One transaction each: ingest writes both tables, so holding the locks of both could deadlock with it.
      if (!there.has(month.name) && (await db.transaction().execute((tx) => make(tx, table, month))))
        made.push(month.name);
    }
  }
  return made;
}

/** Whether the rows of a table from a moment on and before another are still needed. */
export type Needed = (db: Db, from: Instant, to: Instant) => Promise<boolean>;

/** Drops the monthly partitions that hold only rows older than `before` and are not needed, and answers their names. */
export async function dropPartitions(
  db: Db,
  table: PartitionedTable,
  before: Instant,
  needed: Needed = async () => false,
): Promise<readonly string[]> {
  const dropped: string[] = [];
  for (const { name, from, to } of await partitionsOf(db, table, before)) {
    if (await needed(db, from, to)) continue;
    const gone = await db.transaction().execute(async (tx) => {
      await letWork(tx);
      await LOCK_TIMEOUT.execute(tx);
      // Nobody can begin to need it from here on; dropping takes this lock anyway.
      await sql`lock table only ${sql.table(table)} in access exclusive mode`.execute(tx);
      if (await needed(tx, from, to)) return false;
      await sql`drop table if exists ${sql.table(name)}`.execute(tx);
      return true;
    });
    if (gone) dropped.push(name);
  }
  return dropped;
}

/** Deletes up to `limit` rows older than `before` from a table's default partition, and answers how many. */
export async function trimDefaultPartition(
  db: Db,
  table: PartitionedTable,
  before: Instant,
  limit: number,
): Promise<number> {
  const name = sql.table(`${table}_default`);
  const column = sql.ref(PARTITIONED[table]);
  const deleted = await db.transaction().execute(async (tx) => {
    await letWork(tx);
    return sql`delete from ${name} where ctid = any(array(
      select ctid from ${name} where ${column} < ${new Date(before)} limit ${limit}))`.execute(tx);
  });
  return Number(deleted.numAffectedRows ?? 0);
}

/** The names of a table's monthly partitions, oldest first. */
export async function listPartitions(db: Db, table: PartitionedTable): Promise<readonly string[]> {
  return (await partitionsOf(db, table, Number.POSITIVE_INFINITY)).map(({ name }) => name);
}

interface Partition {
  readonly name: string;
  readonly from: Instant;
  readonly to: Instant;
}

async function partitionsOf(db: Db, table: PartitionedTable, endsBy: number): Promise<readonly Partition[]> {
  const limit = Number.isFinite(endsBy) ? new Date(endsBy).toISOString() : 'infinity';
  const found = await sql<Partition>`select name, bound[1]::timestamptz as from, bound[2]::timestamptz as to from (
    select c.relname as name, regexp_match(pg_get_expr(c.relpartbound, c.oid), $$FROM \\('([^']+)'\\) TO \\('([^']+)'\\)$$) as bound
    from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = ${table}::text::regclass
  ) partition where bound[2]::timestamptz <= ${limit}::timestamptz order by bound[2]::timestamptz`.execute(db);
  return found.rows;
}

function monthsFrom(table: PartitionedTable, now: Instant): readonly Month[] {
  const today = new Date(now);
  return Array.from({ length: MONTHS_AHEAD + 1 }, (_, ahead) => {
    const first = (month: number) =>
      new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + month, 1)).toISOString();
    const from = first(ahead);
    return { name: `${table}_${from.slice(0, 4)}${from.slice(5, 7)}`, from, to: first(ahead + 1) };
  });
}

async function make(tx: Tx, table: PartitionedTable, { name, from, to }: Month): Promise<boolean> {
  await letWork(tx);
  await sql`set local lock_timeout = 0`.execute(tx); // whoever makes it already is waited for
  await lockAdvisory(tx, 'partitions');
  await LOCK_TIMEOUT.execute(tx);
  const there = await sql<{ there: boolean }>`select to_regclass(${name}) is not null as there`.execute(tx);
  if (there.rows[0]?.there === true) return false;
  const [parent, partition, rest] = [sql.table(table), sql.table(name), sql.table(`${table}_default`)];
  const column = sql.ref(PARTITIONED[table]);
  // Attach takes a weaker lock on the parent than `create table … partition of`: ingest goes on into the other months.
  const options = sql.raw(STORAGE[table] ?? '');
  await sql`create table ${partition} (like ${parent} including all) ${options}`.execute(tx);
  await sql`lock table only ${parent} in share update exclusive mode`.execute(tx);
  await sql`lock table ${rest} in access exclusive mode`.execute(tx);
  await sql`with moved as (delete from ${rest} where ${column} >= ${from}::timestamptz and ${column} < ${to}::timestamptz returning *)
    insert into ${partition} select * from moved`.execute(tx);
  await sql`alter table ${parent} attach partition ${partition} for values from (${sql.lit(from)}) to (${sql.lit(to)})`.execute(
    tx,
  );
  return true;
}
