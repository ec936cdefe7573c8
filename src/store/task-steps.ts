import type { Instant } from '../domain/instant.ts';
import type { Session } from './session.ts';

const DUE = {
  name: 'due_task_steps',
  text: 'select customer_id from lead where task_step_at <= $1 order by task_step_at limit $2',
};

/** Customers of the leads whose next step of the ladder is due, longest due first; at most `limit` leads. */
export async function findDueSteps(session: Session, at: Instant, limit: number): Promise<readonly string[]> {
  const rows = await session.run<{ customer_id: string }>(DUE, [new Date(at), limit]);
  return rows.map((row) => row.customer_id);
}
