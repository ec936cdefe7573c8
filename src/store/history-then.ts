import type { Instant } from '../domain/instant.ts';
import type { Spoken } from '../domain/recompute.ts';
import type { TouchThen } from '../domain/scored-then.ts';
import { plain } from './column.ts';
import type { MemberThen } from './score-facts.ts';
import type { Session } from './session.ts';
import { type SpokenRow, spokenOf } from './spoken-row.ts';

interface Row extends SpokenRow {
  readonly root: string;
  readonly id: string;
  readonly touch_occurred_at: number;
  readonly touch_received_at: number;
}

const HISTORY = {
  name: 'read_history_then',
  text: `with f as (select * from unnest($1::uuid[], $2::uuid[]) f(root, member))
    select f.root, t.id, t.occurred_at as touch_occurred_at, t.received_at as touch_received_at,
      s.id as submission_id, s.decision, s.occurred_at, s.received_at, s.fields
    from f
    join touch t on t.customer_id = f.member and t.received_at <= $3 and (t.voided_at is null or t.voided_at > $3)
    join f g on g.root = f.root
    join submission s on s.customer_id = g.member and s.touch_id = t.id and s.received_at <= $3
    order by t.occurred_at, t.received_at, t.id, s.occurred_at, s.received_at, s.id`,
};

/** The touches that people had at a moment, by root, in the order of events, each with all that had been received of it. */
export async function readHistoryThen(
  session: Session,
  members: readonly MemberThen[],
  then: Instant,
): Promise<ReadonlyMap<string, readonly TouchThen[]>> {
  const touches = new Map<string, Omit<TouchThen, 'spoken'> & { readonly root: string; readonly spoken: Spoken[] }>();
  const asked = [plain(members.map(({ root }) => root)), plain(members.map(({ member }) => member)), new Date(then)];
  for (const row of await session.run<Row>(HISTORY, asked)) {
    const { root, touch_occurred_at: occurredAt, touch_received_at: receivedAt } = row;
    const touch = touches.get(row.id) ?? { root, occurredAt, receivedAt, spoken: [] };
    touches.set(row.id, touch);
    touch.spoken.push(spokenOf(row));
  }
  const found = new Map<string, TouchThen[]>();
  for (const { root, ...touch } of touches.values()) found.set(root, [...(found.get(root) ?? []), touch]);
  return found;
}
