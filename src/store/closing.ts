import { type Instant, parseInstant } from '../domain/instant.ts';
import type { BeforeClose } from '../domain/state.ts';
import { plain } from './column.ts';
import type { Session } from './session.ts';

const LAST = {
  name: 'last_state_change',
  text: `select data from event where customer_id = any($1::uuid[]) and lead_id = any($2::uuid[]) and type = 'lead.state_changed'
    order by recorded_at desc, sequence desc limit 1`,
};

/** What a lead was before its last change of state, as the event of it says; null when events are no longer kept. */
export async function beforeLastChange(
  session: Session,
  family: readonly string[],
  leadIds: readonly string[],
): Promise<BeforeClose | null> {
  type Data = { readonly before?: { readonly closed_at: string | null; readonly reason: string | null } };
  const [row] = await session.run<{ data: Data }>(LAST, [plain(family), plain(leadIds)]);
  const before = row?.data.before;
  if (before === undefined) return null;
  const closedAt: Instant | null = before.closed_at === null ? null : parseInstant(before.closed_at);
  return { closedAt, reason: before.reason };
}
