import { closeTask } from './close-task.ts';
import type { Directory } from './directory.ts';
import type { Instant } from './instant.ts';
import { isOpen, type Lead } from './lead.ts';
import type { Policy } from './policy.ts';
import { codeOf } from './reason.ts';
import { settleTask } from './settle-task.ts';
import { taskGiven } from './task-touch.ts';
import type { Fact, Worked } from './working.ts';

/** The task of a lead whose state a person has changed: cancelled, opened, or another owner's; `before` is the lead as it stood. */
export function taskOfState(
  lead: Lead,
  before: Lead,
  at: Instant,
  taskId: string,
  policy: Policy,
  directory: Directory,
): Worked {
  const facts = lead.state === 'dormant' ? [asleepFact(lead)] : [];
  // An idle lead counts as asleep though no sweep has come by: its task ended with that.
  const ended = isOpen(before.state)
    ? { lead, facts: [] }
    : closeTask(lead, { state: 'cancelled', reason: before.state });
  const given = ended.lead.owner !== before.owner && ended.lead.owner !== null;
  const next = (given ? taskGiven : settleTask)(ended.lead, at, taskId, policy, directory);
  return { lead: next.lead, facts: [...facts, ...ended.facts, ...next.facts] };
}

/** What is told of a lead that fell asleep. */
export function asleepFact({ reason, dormantBy, owner, store, cycle }: Lead): Fact {
  const data = { reason: codeOf(reason), dormant_by: dormantBy, owner, store, cycle };
  return { type: 'lead.dormant', rule: dormantBy === 'auto' ? 'dormant.idle' : 'state.by_hand', data };
}
