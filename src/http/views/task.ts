import { formatInstant, type Instant, momentOf } from '../../domain/instant.ts';
import type { Lead } from '../../domain/lead.ts';
import { maskText } from '../../domain/masking.ts';
import { maskedOf, type Sight, seen } from '../../domain/sight.ts';
import type { OpenTask } from '../../domain/task.ts';
import type { EndedTask } from '../../store/task-read.ts';
import type { TaskAnswer } from '../schemas/task.ts';

/** The open task of a lead, as of now. */
export function openTaskAnswer(lead: Lead, root: string, task: OpenTask, now: Instant, sight: Sight): TaskAnswer {
  return {
    id: task.id,
    state: 'open',
    masked: maskedOf(sight),
    lead_id: lead.id,
    customer_id: root,
    cycle: lead.cycle,
    kind: task.kind,
    owner: lead.owner,
    store: lead.store,
    rating: task.rating,
    opened_at: formatInstant(task.openedAt),
    due_at: formatInstant(task.dueAt),
    overdue: task.dueAt < now,
    steps: task.steps,
    ended_at: null,
    reason: null,
    method: null,
    outcome: null,
    content: null,
    next_at: null,
    elapsed_seconds: null,
    business_seconds: null,
    external_ref: task.externalRef,
    actor: null,
  };
}

/** A task that has ended. */
export function endedTaskAnswer(task: EndedTask, root: string, sight: Sight): TaskAnswer {
  return {
    id: task.id,
    state: task.end_state,
    masked: maskedOf(sight),
    lead_id: task.lead_id,
    customer_id: root,
    cycle: task.cycle,
    kind: task.kind,
    owner: task.owner,
    store: task.store,
    rating: task.rating,
    opened_at: formatInstant(task.opened_at),
    due_at: formatInstant(task.due_at),
    overdue: task.ended_at > task.due_at,
    steps: [],
    ended_at: formatInstant(task.ended_at),
    reason: task.reason,
    method: task.method,
    outcome: task.outcome,
    content: seen(sight, task.content, maskText),
    next_at: momentOf(task.next_at),
    elapsed_seconds: task.elapsed_seconds,
    business_seconds: task.business_seconds,
    external_ref: task.external_ref,
    actor: task.actor,
  };
}
