import { formatInstant } from './instant.ts';
import type { Lead } from './lead.ts';
import type { OpenTask } from './task.ts';

/** What every event of a task tells of it: ids, codes and moments in ISO 8601. */
export function taskData(
  lead: Pick<Lead, 'owner' | 'store' | 'cycle'>,
  task: OpenTask,
): Readonly<Record<string, unknown>> {
  return {
    task_id: task.id,
    kind: task.kind,
    owner: lead.owner,
    store: lead.store,
    rating: task.rating,
    opened_at: formatInstant(task.openedAt),
    due_at: formatInstant(task.dueAt),
    cycle: lead.cycle,
    ...(task.externalRef === null ? {} : { external_ref: task.externalRef }),
  };
}
