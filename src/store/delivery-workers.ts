import type { Crew } from '../domain/share.ts';
import { plain } from './column.ts';
import type { Session } from './session.ts';

// A process that has not been seen for 15 s, three beats, is taken for dead, and its share goes to the others.
const BEAT = {
  name: 'beat_delivery_worker',
  text: `with me as (
      insert into delivery_worker (id, started_at, seen_at) values ($1, clock_timestamp(), clock_timestamp())
      on conflict (id) do update set seen_at = excluded.seen_at returning id
    )
    select w.id from delivery_worker w where w.seen_at > clock_timestamp() - interval '15 seconds' and w.id <> $1
    union all select id from me order by 1`,
};
const LEAVE = { name: 'leave_delivery_workers', text: 'delete from delivery_worker where id = any($1::uuid[])' };
const FORGET = {
  name: 'forget_delivery_workers',
  text: `delete from delivery_worker where seen_at < clock_timestamp() - interval '1 hour'`,
};

/** Says that this process delivers, and answers its place among those that do. */
export async function beat(session: Session, id: string): Promise<Crew> {
  const rows = await session.run<{ id: string }>(BEAT, [id]);
  const rank = rows.findIndex((row) => row.id === id);
  return { rank: Math.max(0, rank), size: Math.max(1, rows.length) };
}

/** Says that this process delivers no more; those not seen for an hour are forgotten with it. */
export async function leave(session: Session, id: string): Promise<void> {
  await session.run(LEAVE, [plain([id])]);
  await session.run(FORGET, []);
}
