import type { LeadFollowUp } from '../domain/rating-history.ts';
import type { FollowUpOutcome } from '../domain/task.ts';
import { plain } from './column.ts';
import type { Session } from './session.ts';

const READ = {
  name: 'read_follow_ups',
  text: `select f.root, t.id, t.lead_id, t.cycle, t.ended_at, t.outcome from (
      select id as root, id as member from unnest($1::uuid[]) id
      union all select customer_id, alias_id from customer_alias where customer_id = any($1::uuid[])
    ) f join task t on t.customer_id = f.member
    where t.end_state = 'completed' and t.outcome is not null order by t.ended_at, t.id`,
};

/** Every follow-up of the root customers given, in the order that they happened, each with its root. */
export async function readFollowUps(
  session: Session,
  roots: readonly string[],
): Promise<readonly (LeadFollowUp & { readonly root: string })[]> {
  const rows = await session.run<{
    root: string;
    id: string;
    lead_id: string;
    cycle: number;
    ended_at: number;
    outcome: FollowUpOutcome;
  }>(READ, [plain(roots)]);
  return rows.map(({ root, id, lead_id: leadId, cycle, ended_at: at, outcome }) => ({
    root,
    id,
    leadId,
    cycle,
    at,
    outcome,
  }));
}
