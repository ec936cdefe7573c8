import type { Instant } from '../domain/instant.ts';
import type { Turns } from '../domain/staffing.ts';
import { texts } from './column.ts';
import type { Session } from './session.ts';
import { type Column, replacing, setWrite } from './set-write.ts';

/** Another transaction made a pool meanwhile: this one starts again. */
class StalePoolError extends Error {
  readonly code = 'stale_root';
}

interface PoolRow {
  readonly id: string;
  readonly wheel: Turns;
}

const LOCK = {
  name: 'lock_pools',
  text: `with wanted as (select u.id from unnest($1::text[]) u(id)),
      made as (insert into pool (id, updated_at) select w.id, $2 from wanted w
        where not exists (select 1 from pool p where p.id = w.id) order by w.id on conflict do nothing returning id, wheel),
      held as (select id, wheel from pool where id = any($1::text[]) order by id for update)
    select id, wheel from held union all select id, wheel from made`,
};

/** Locks pools by id, after the customers and before every write, and answers their turns; makes those that are missing. */
export async function lockPools(
  session: Session,
  ids: readonly string[],
  at: Instant,
): Promise<ReadonlyMap<string, Turns>> {
  if (ids.length === 0) return new Map();
  const rows = await session.run<PoolRow>(LOCK, [texts([...ids].sort()), new Date(at)]);
  if (rows.length < ids.length) throw new StalePoolError('a pool was made meanwhile');
  return new Map(rows.map(({ id, wheel }) => [id, wheel]));
}

const READ = { name: 'read_pools', text: 'select id, wheel from pool where id = any($1::text[])' };

/** The turns of pools, without a lock. */
export async function readPools(session: Session, ids: readonly string[]): Promise<ReadonlyMap<string, Turns>> {
  if (ids.length === 0) return new Map();
  const rows = await session.run<PoolRow>(READ, [texts(ids)]);
  return new Map(rows.map(({ id, wheel }) => [id, wheel]));
}

interface PoolWrite {
  readonly id: string;
  readonly turns: Turns;
  readonly at: Instant;
}
const COLUMNS: readonly Column<PoolWrite>[] = [
  ['id', 'text', ({ id }) => id],
  ['wheel', 'jsonb', ({ turns }) => turns],
  ['updated_at', 'timestamptz', ({ at }) => at],
];
const UPSERT = setWrite('pool', COLUMNS, replacing(COLUMNS, 'id', ['id']));

/** Writes the turns of pools that have moved. */
export async function writePools(
  session: Session,
  { turns, moved }: { readonly turns: ReadonlyMap<string, Turns>; readonly moved: ReadonlySet<string> },
  at: Instant,
): Promise<void> {
  await UPSERT.write(
    session,
    [...moved].sort().map((id) => ({ id, turns: turns.get(id) ?? {}, at })),
  );
}
