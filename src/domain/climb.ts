import { closeTask } from './close-task.ts';
import type { Directory } from './directory.ts';
import type { Instant } from './instant.ts';
import { isLive, isOpen, type Lead } from './lead.ts';
import { part } from './parting.ts';
import type { Policy } from './policy.ts';
import { settleTask } from './settle-task.ts';
import type { LadderStep, OpenTask } from './task.ts';
import { taskData } from './task-data.ts';
import { nextStep, withTask } from './task-step.ts';
import type { Fact, Worked } from './working.ts';

const TOLD: Readonly<Record<Exclude<LadderStep, 'recycle'>, Fact['type']>> = {
  notice: 'task.due',
  remind: 'task.overdue',
  escalate: 'task.escalated',
};

/**
 * Every step of a lead's ladder that is due, in order, each told once; the last one takes the lead back into the pool of its store,
 * under a new task.
 */
export function climb(lead: Lead, at: Instant, taskId: string, policy: Policy, directory: Directory): Worked {
  if (!isLive(lead) || !isOpen(lead.state)) return settleTask(lead, at, taskId, policy, directory);
  const facts: Fact[] = [];
  let current = lead;
  for (;;) {
    const { task } = current;
    const next = nextStep(current, policy.follow_up);
    if (task === null || next === null || next.at > at) break;
    const { step } = next;
    if (step === 'recycle') {
      const recycled = recycle(current, at, taskId, policy, directory);
      return { lead: recycled.lead, facts: [...facts, ...recycled.facts] };
    }
    const done: OpenTask = { ...task, steps: [...task.steps, step] };
    facts.push({
      type: TOLD[step],
      rule: `task.${step}`,
      data: { ...taskData(current, task), ...manager(current, step, directory) },
    });
    current = withTask(current, done, policy.follow_up);
  }
  return { lead: withTask(current, current.task, policy.follow_up), facts };
}

/** Whom a step tells beside the owner: the manager of the store, from the first step on where the lead has no owner. */
function manager({ owner, store }: Lead, step: LadderStep, { stores }: Directory): Readonly<Record<string, unknown>> {
  if (owner !== null && step !== 'escalate') return {};
  return { manager: (store === null ? undefined : stores.get(store)?.manager) ?? null };
}

function recycle(lead: Lead, at: Instant, taskId: string, policy: Policy, directory: Directory): Worked {
  const ended = closeTask(lead, { state: 'recycled' });
  const pooled: Lead = {
    ...ended.lead,
    owner: null,
    ownerSince: null,
    ownerTaken: true,
    takenFrom: lead.owner === null ? lead.takenFrom : part(lead.takenFrom, { owner: lead.owner, at, how: 'recycled' }),
    formerOwner: lead.owner,
    formerStore: lead.store,
    pooledSince: at,
  };
  const opened = settleTask(pooled, at, taskId, policy, directory);
  return { lead: opened.lead, facts: [...ended.facts, ...opened.facts] };
}
