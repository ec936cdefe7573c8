import { absorbIntoCustomer, absorbIntoLead, beginLead } from './absorb.ts';
import { assignTouch } from './assign-touch.ts';
import type { Explanation } from './assignment.ts';
import { type Placement, place, scopeOf } from './decide.ts';
import type { Entry } from './entry.ts';
import { leadEvent } from './event.ts';
import { addMonths } from './instant.ts';
import type { Lead } from './lead.ts';
import type { Decision, Owner } from './outcome.ts';
import { ownerOfNew, ownerOfReactivated, ownerOfRepurchase, ownerUnchanged } from './owner.ts';
import { type Person, withLead } from './person.ts';
import { changedFields, clearlyOther, standing } from './profile.ts';
import { rateTouch } from './rate-touch.ts';
import { ratingTold } from './rating-told.ts';
import { bucketDigits, ID, makeId } from './seed.ts';
import { taskTouch } from './task-touch.ts';
import { tellOthers } from './tell-others.ts';
import { tellSleep } from './tell-sleep.ts';
import type { Fact, TouchTaken } from './working.ts';
import type { Settled, World } from './world.ts';

/** What a touch came to: the lead as it is after it, and who has to follow it up. */
export interface Taken {
  readonly decision: Decision;
  readonly rule: string;
  readonly lead: Lead;
  readonly owner: Owner;
  readonly assignment: Explanation | null;
  readonly touchId: string;
  readonly customerId: string;
  readonly flags: readonly string[];
}

/** Takes one touch: the decision table, then lead, customer, event and reviews as they follow from it. */
export function take(world: World, entry: Entry, settled: Settled, person: Person): Taken {
  const { document: policy } = world.known.policy;
  const bucket = bucketDigits(person.customer.id);
  const touchId = makeId(entry.seed, bucket, ID.touch);
  const placement = place(person.leads, scopeOf(settled.fields, policy), settled.occurredAt, policy);
  const reused = possibleReuse(placement, person, settled, policy.number_reuse_after_months);
  const opened = open(placement, entry, settled, person, scopeOf(settled.fields, policy));
  const absorbed = absorbIntoLead(opened.lead, settled, touchId);
  const flagged = reused ? { ...absorbed, flags: [...absorbed.flags, 'possible_number_reuse'] } : absorbed;
  const customer = absorbIntoCustomer(person.customer, entry, settled, touchId);
  const changed = changedFields(person.customer.profile, customer.profile);
  const taken: TouchTaken = {
    placement,
    lead: flagged,
    customer,
    owner: opened.owner,
    settled,
    touchId,
    taskId: makeId(entry.seed, bucket, ID.task),
    policy: world.known.policy,
    staffing: world.staffing,
    at: settled.receivedAt,
  };
  const rated = rateTouch(taken);
  const assigned = assignTouch({ ...taken, lead: rated.lead });
  const { owner } = assigned;
  const tasked = taskTouch({ ...taken, lead: assigned.lead, owner });
  const facts = [...rated.facts, ...assigned.facts, ...tasked.facts];
  const told = tell(world, entry, settled, tasked.lead, { placement, owner, touchId, changed, person, facts });
  world.persons.set(customer.id, tellOthers(world, entry, taken, withLead({ ...person, customer }, told)));
  review(world, entry, settled, placement, told, customer.id, reused);
  return {
    decision: placement.decision,
    rule: placement.rule,
    lead: told,
    owner,
    assignment: assigned.explanation,
    touchId,
    customerId: customer.id,
    flags: reused ? ['possible_number_reuse'] : [],
  };
}

/** The lead that takes the touch, opened or woken as the decision says, with its owner. */
function open(
  placement: Placement,
  entry: Entry,
  settled: Settled,
  person: Person,
  scope: string,
): { lead: Lead; owner: Owner } {
  if (placement.kind === 'new') {
    const { previous, decision } = placement;
    const owner = ownerFor(settled, () =>
      decision === 'repurchase' && previous !== null
        ? ownerOfRepurchase(previous, settled.owner, settled.store)
        : ownerOfNew(settled.owner, settled.store),
    );
    const id = makeId(entry.seed, bucketDigits(person.customer.id), ID.lead);
    const lead: Lead = {
      ...beginLead(id, person.customer.id, scope, settled),
      repurchaseOf: decision === 'repurchase' ? (previous?.id ?? null) : null,
      previousLead: decision === 'after_lost' ? (previous?.id ?? null) : null,
      phone: previous?.phone ?? null,
    };
    return { lead: give(lead, owner, settled), owner };
  }
  const { lead, decision } = placement;
  if (decision !== 'reactivated') return { lead, owner: ownerUnchanged(lead) };
  const owner = ownerFor(settled, () => ownerOfReactivated(lead, settled.owner, settled.store));
  const woken: Lead = {
    ...lead,
    state: 'new',
    stateAt: settled.occurredAt,
    priorState: null,
    reason: null,
    dormantBy: null,
    closedAt: null,
    cycle: lead.cycle + 1,
    cycleStartedAt: settled.occurredAt,
    formerOwner: lead.owner,
    formerStore: lead.store,
    ownerTaken: false,
    rating: null,
    ratingFacts: null,
    task: null,
    taskStepAt: null,
  };
  return { lead: give(woken, owner, settled), owner };
}

/** History makes no owner but one that is named. */
function ownerFor(settled: Settled, rule: () => Owner): Owner {
  if (settled.mode === 'live') return rule();
  return { adviser: settled.owner, store: settled.store, reason: settled.owner === null ? 'none' : 'named' };
}

function give(lead: Lead, owner: Owner, settled: Settled): Lead {
  const held = owner.adviser !== null;
  return {
    ...lead,
    state: held ? 'assigned' : 'new',
    store: owner.store,
    owner: owner.adviser,
    ownerSince: held ? settled.receivedAt : null,
  };
}

interface Telling {
  readonly placement: Placement;
  readonly owner: Owner;
  readonly touchId: string;
  readonly changed: readonly string[];
  readonly person: Person;
  readonly facts: readonly Fact[];
}

/** The events of a touch; a reopened provisional dormancy is told first, since it was told when it began. */
function tell(world: World, entry: Entry, settled: Settled, lead: Lead, telling: Telling): Lead {
  const { placement, owner, touchId, changed, person, facts } = telling;
  const bucket = bucketDigits(person.customer.id);
  const submissionId = makeId(entry.seed, bucket, ID.submission);
  const common = { occurredAt: settled.occurredAt, submissionId, rule: placement.rule };
  let current = tellSleep(world, entry, lead, { placement, person }, submissionId);
  if (placement.rule === 'merged.provisional_dormancy') {
    const data = { from: 'dormant', to: lead.state, cycle: lead.cycle, reason: 'touch_before_dormancy' };
    const reopened = leadEvent(current, person.customer.id, {
      id: makeId(entry.seed, bucket, ID.event + 1),
      type: 'lead.state_changed',
      ...common,
      data,
    });
    world.events.push({ event: reopened.event, entry });
    current = reopened.lead;
  }
  const type =
    placement.kind === 'new'
      ? 'lead.created'
      : placement.decision === 'reactivated'
        ? 'lead.reactivated'
        : 'lead.touched';
  const data = sparse({
    decision: placement.decision,
    touch_id: touchId,
    channel: settled.channel,
    kind: settled.kind,
    capture_store: settled.store,
    store: current.store,
    owner: owner.adviser,
    owner_reason: owner.reason,
    former_owner: placement.decision === 'reactivated' ? current.formerOwner : null,
    state: current.state,
    cycle: current.cycle,
    scope: current.scope,
    ...(type === 'lead.touched' ? {} : ratingTold(current)),
    repurchase_of: current.repurchaseOf,
    previous_lead: current.previousLead,
    changed,
    mode: settled.mode,
  });
  const told = leadEvent(current, person.customer.id, {
    id: makeId(entry.seed, bucket, ID.event),
    type,
    ...common,
    data,
  });
  world.events.push({ event: told.event, entry });
  current = told.lead;
  for (const [index, { type, rule, data }] of facts.entries()) {
    const id = makeId(entry.seed, bucket, ID.event + 4 + index);
    const step = leadEvent(current, person.customer.id, { id, type, ...common, rule, data });
    world.events.push({ event: step.event, entry });
    current = step.lead;
  }
  return current;
}

/** Without nulls: what is not said need not be stored with every event. */
function sparse(data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(data).filter(([, value]) => value !== null));
}

/** More than the policy's months after the win, under a clearly different real name: the number may be somebody else's now. */
function possibleReuse(placement: Placement, person: Person, settled: Settled, months: number): boolean {
  if (placement.kind !== 'new' || placement.decision !== 'repurchase' || placement.previous === null) return false;
  const wonAt = placement.previous.closedAt ?? placement.previous.stateAt;
  const before = standing(person.customer.profile, 'name');
  const now = settled.fields.person?.name;
  if (before === null || now === undefined) return false;
  return settled.occurredAt > addMonths(wonAt, months) && clearlyOther(before, now);
}

function review(
  world: World,
  entry: Entry,
  settled: Settled,
  placement: Placement,
  lead: Lead,
  customerId: string,
  reused: boolean,
): void {
  const stillInvalid = placement.rule === 'merged.invalid_lead';
  if (!stillInvalid && !reused) return;
  const kind = reused ? 'possible_number_reuse' : 'invalid_touched';
  const bucket = bucketDigits(customerId);
  world.suggestions.set(`${kind}:${lead.id}`, {
    id: makeId(entry.seed, bucket, ID.suggestion + 16),
    kind,
    subject: lead.id,
    customerId,
    otherCustomerId: null,
    leadId: lead.id,
    submissionId: makeId(entry.seed, bucket, ID.submission),
    at: settled.receivedAt,
  });
}
