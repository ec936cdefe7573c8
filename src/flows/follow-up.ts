import type { Bounds } from '../domain/bounds.ts';
import { businessBetween, DEFAULT_CALENDAR } from '../domain/calendar.ts';
import { closeTask } from '../domain/close-task.ts';
import type { Directory } from '../domain/directory.ts';
import type { EventDraft } from '../domain/event.ts';
import type { Instant } from '../domain/instant.ts';
import type { Lead } from '../domain/lead.ts';
import { openTask } from '../domain/open-task.ts';
import type { PolicyVersion } from '../domain/policy.ts';
import { rateFollowUp } from '../domain/rate-follow-up.ts';
import { changeState as judge } from '../domain/state.ts';
import { tellFacts } from '../domain/tell-facts.ts';
import type { Tx } from '../store/database.ts';
import { readDirectory } from '../store/directory.ts';
import { insertEvents } from '../store/event-rows.ts';
import { upsertLeads } from '../store/lead-rows.ts';
import { readPolicy } from '../store/rules.ts';
import { writePhone } from '../store/sealed-phone.ts';
import { type Session, sessionOf } from '../store/session.ts';
import { cycleReceivedAt, type EndedTask } from '../store/task-read.ts';
import type { Call } from './call.ts';
import { changeState, type LeadChange } from './change-state.ts';
import { checkFollowUp, type FollowUpInput } from './follow-up-input.ts';
import { idsOf } from './ids.ts';
import { withMerged } from './lock-lead.ts';
import { settleMoment } from './moment.ts';
import { requireFreeRef } from './name-task.ts';
import { type LockedTask, lockTask, refuseEnded, type TaskTarget } from './open-task-of.ts';
import { refuse } from './refuse.ts';
import { tellState } from './tell-state.ts';

/** A follow-up: the task that it completed, and the lead with the next one, if any. */
export interface FollowUp {
  readonly taskId: string;
  readonly change: LeadChange;
}

type Held = Extract<LockedTask, { readonly ended: null }>;

/**
 * Completes the open task of a lead by a follow-up: the lead is followed from now on, and has exactly one next task, unless the
 * follow-up closes it. The same again changes nothing. Throws Fault `not_found`, `gone`, `other_store`, `body_invalid`,
 * `state_conflict`, `out_of_order`.
 */
export async function followUp(
  tx: Tx,
  call: Call,
  bounds: Bounds,
  target: TaskTarget,
  input: FollowUpInput,
): Promise<FollowUp> {
  const locked = await lockTask(tx, call, bounds, target);
  const { person, lead } = locked;
  const customerId = person.customer.id;
  if (locked.ended !== null) {
    if (!isSame(locked.ended, input, lead)) return refuseEnded(locked.ended);
    return { taskId: locked.ended.id, change: { lead, customerId, changed: false, deal: null, flags: [] } };
  }
  checkFollowUp(input, call.at);
  const { task } = locked;
  await requireFreeRef(tx, input.externalRef, task.id);
  const session = sessionOf(tx);
  const policy = await readPolicy(session);
  const settled = settleMoment(input.occurredAt, call.at, policy.document.clock_skew_seconds);
  const seconds = await secondsOf(session, locked, settled.moment, await readDirectory(session));
  const told = work(locked, call, policy, input, { ...settled, ...seconds });
  await upsertLeads(session, call.vault, [told.lead]);
  const content = writePhone(call.vault, input.content) ?? '';
  const { actor, requestId, at } = call;
  const write = { actor, requestId, policyVersion: policy.version, recordedAt: at };
  await insertEvents(
    session,
    told.events.map((event) => ({ ...write, event, ...(event.type === 'task.completed' ? { content } : {}) })),
  );
  if (input.state === null) {
    return {
      taskId: task.id,
      change: { lead: told.lead, customerId, changed: true, deal: null, flags: settled.flags },
    };
  }
  const change = await changeState(tx, call, bounds, lead.id, { ...input.state, occurredAt: settled.moment });
  return { taskId: task.id, change: { ...change, flags: [...new Set([...settled.flags, ...change.flags])] } };
}

interface Worth {
  readonly moment: Instant;
  readonly flags: readonly string[];
  readonly elapsedSeconds: number | null;
  readonly businessSeconds: number | null;
}

/** How long a first contact took, since the receipt of the capture that began the cycle; null for any other follow-up. */
async function secondsOf(
  session: Session,
  { person, lead, task }: Held,
  moment: Instant,
  { stores }: Directory,
): Promise<Pick<Worth, 'elapsedSeconds' | 'businessSeconds'>> {
  if (task.kind !== 'first_contact') return { elapsedSeconds: null, businessSeconds: null };
  const began = (await cycleReceivedAt(session, withMerged(person.leads, lead), lead.cycle)) ?? task.openedAt;
  const calendar = (lead.store === null ? undefined : stores.get(lead.store)?.calendar) ?? DEFAULT_CALENDAR;
  return {
    elapsedSeconds: Math.max(0, Math.floor((moment - began) / 1000)),
    businessSeconds: Math.floor(businessBetween(calendar, began, moment) / 1000),
  };
}

/** The lead after the follow-up, with the events of it in their order. */
function work(
  { person, lead, task }: Held,
  call: Call,
  policy: PolicyVersion,
  input: FollowUpInput,
  { moment, flags, elapsedSeconds, businessSeconds }: Worth,
): { readonly lead: Lead; readonly events: readonly EventDraft[] } {
  const { method, outcome, nextAt, state } = input;
  const customerId = person.customer.id;
  const nextId = idsOf(call.seeds, call.at, customerId);
  const tellAll = { occurredAt: moment, submissionId: null, nextId };
  const named = { ...lead, task: { ...task, externalRef: input.externalRef ?? task.externalRef } };
  const end = { state: 'completed', at: moment, method, outcome, nextAt, elapsedSeconds, businessSeconds } as const;
  const completed = tellFacts(closeTask(named, end), customerId, tellAll);
  const active: Lead = {
    ...completed.lead,
    lastActivityAt: Math.max(lead.lastActivityAt, moment),
    version: lead.version + 1,
    updatedAt: Math.max(lead.updatedAt, call.at),
  };
  const rated = rateFollowUp(active, { id: task.id, at: moment, outcome }, person.customer.channels, policy);
  const after = tellFacts(rated, customerId, tellAll);
  const events = [...completed.events, ...after.events];
  if (state !== null || nextAt === null) return { lead: after.lead, events };
  const moved = follow(after.lead, { person, call, moment, flags, days: policy.document.dormant_after_days, nextId });
  const opened = openTask(
    moved.lead,
    { id: nextId(), kind: 'follow_up', openedAt: call.at, dueAt: nextAt },
    policy.document.follow_up,
  );
  const next = tellFacts(opened, customerId, tellAll);
  return { lead: next.lead, events: [...events, ...moved.events, ...next.events] };
}

/** The lead as one that is followed; told where it was not before. */
function follow(
  lead: Lead,
  by: {
    readonly person: Held['person'];
    readonly call: Call;
    readonly moment: Instant;
    readonly flags: readonly string[];
    readonly days: number;
    readonly nextId: () => string;
  },
): { readonly lead: Lead; readonly events: readonly EventDraft[] } {
  const { person, call, moment, flags, days, nextId } = by;
  const nobody = { owner: null, closer: null, won: null, reason: null };
  const change = { ...nobody, to: 'following', occurredAt: moment, at: call.at } as const;
  const verdict = judge(lead, person.leads, null, change, days);
  if (verdict.kind === 'unchanged') return { lead, events: [] };
  if (verdict.kind !== 'changed') return refuse(lead, verdict);
  const following = { ...verdict.lead, version: lead.version };
  const made = { rule: 'state.followed_up', won: null, flags, nextId };
  return tellState(following, verdict.before, person.customer.id, moment, made);
}

/** Whether a task was completed by the very same follow-up. */
function isSame(
  ended: EndedTask,
  { method, outcome, content, nextAt, occurredAt, externalRef, state }: FollowUpInput,
  lead: Lead,
): boolean {
  return (
    (state === null || state.state === lead.state) &&
    ended.end_state === 'completed' &&
    ended.method === method &&
    ended.outcome === outcome &&
    ended.content === content &&
    ended.next_at === nextAt &&
    (occurredAt === null || ended.ended_at === occurredAt) &&
    (externalRef === null || ended.external_ref === externalRef)
  );
}
