import type { Instant } from './instant.ts';
import type { Lead } from './lead.ts';
import { type FollowUpPolicy, LADDER, type LadderStep, type OpenTask } from './task.ts';
import { HOUR_MS } from './zone.ts';

/** A step of the ladder and when it is due. */
export interface TaskStep {
  readonly step: LadderStep;
  readonly at: Instant;
}

/**
 * The next step of a lead's task, null where none is left. A pooled lead is taken from nobody; one that has an owner is left to them
 * for as long as an overdue one would be, counted from the assignment.
 */
export function nextStep(
  { task, owner, ownerSince }: Pick<Lead, 'task' | 'owner' | 'ownerSince'>,
  { ladder_hours }: FollowUpPolicy,
): TaskStep | null {
  if (task === null) return null;
  let next: TaskStep | null = null;
  for (const step of LADDER) {
    const hours = ladder_hours[step];
    if (hours === null || task.steps.includes(step) || (step === 'recycle' && owner === null)) continue;
    const from = step === 'recycle' ? Math.max(task.dueAt, ownerSince ?? task.dueAt) : task.dueAt;
    const at = from + hours * HOUR_MS;
    if (next === null || at < next.at) next = { step, at };
  }
  return next;
}

/** A lead with this open task, or none, and with the moment of its next step. */
export function withTask(lead: Lead, task: OpenTask | null, policy: FollowUpPolicy): Lead {
  const held = { ...lead, task };
  return { ...held, taskStepAt: nextStep(held, policy)?.at ?? null };
}
