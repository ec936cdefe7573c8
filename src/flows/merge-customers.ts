import type { Bounds } from '../domain/bounds.ts';
import { type EventDraft, leadEvent } from '../domain/event.ts';
import { Fault } from '../domain/fault.ts';
import { isLive, type Lead } from '../domain/lead.ts';
import {
  type MergedPair,
  type MergeRecord,
  type UnitedLeads,
  uniteCustomers,
  uniteOpenLeads,
} from '../domain/merge.ts';
import type { Customer } from '../domain/person.ts';
import type { PolicyVersion } from '../domain/policy.ts';
import { rateLead } from '../domain/rate-lead.ts';
import type { FollowUpPolicy } from '../domain/task.ts';
import { tellFacts } from '../domain/tell-facts.ts';
import { uniteTasks } from '../domain/unite-tasks.ts';
import type { Worked } from '../domain/working.ts';
import { upsertCustomers } from '../store/customer-rows.ts';
import type { Tx } from '../store/database.ts';
import { readDirectory } from '../store/directory.ts';
import { identitiesOf } from '../store/identity-rows.ts';
import { upsertLeads } from '../store/lead-rows.ts';
import { addAlias, insertMerge, newestMerge } from '../store/merges.ts';
import { readPolicy } from '../store/rules.ts';
import { markCustomersDue } from '../store/score-due.ts';
import { forgetScores } from '../store/score-rows.ts';
import { type Session, sessionOf } from '../store/session.ts';
import { finishSuggestions, redateLead, touchesOf } from '../store/touch-moves.ts';
import { familyOf } from '../store/whereabouts.ts';
import type { Call } from './call.ts';
import { idsOf } from './ids.ts';
import { lockCustomersOf } from './lock-customer.ts';
import type { LockedPerson } from './lock-people.ts';
import { requireAll } from './own.ts';
import { tell } from './tell.ts';
import { type RatingsAround, tellRatings } from './tell-ratings.ts';

/** Two customers that are one: the surviving root, the id under which it can be taken back, and the leads that became one. */
export interface MergedCustomers {
  readonly mergeId: string;
  readonly survivorId: string;
  readonly absorbedId: string;
  readonly leads: readonly { readonly survivor: string; readonly absorbed: string }[];
}

/**
 * Makes one customer an alias of another, `survivorId` surviving: profiles united, open leads of one scope made one. Throws Fault
 * `not_found`, `gone`, `other_store`, `state_conflict` (they are one already).
 */
export async function mergeCustomers(
  tx: Tx,
  call: Call,
  bounds: Bounds,
  survivorId: string,
  input: { readonly customerId: string; readonly reason: string },
): Promise<MergedCustomers> {
  const session = sessionOf(tx);
  const people = await lockCustomersOf(tx, call, [survivorId, input.customerId]);
  const [mine, theirs] = [people.get(survivorId), people.get(input.customerId)];
  if (mine === undefined || theirs === undefined) throw new Error('a locked customer was not read');
  const [survivor, absorbed] = [mine.customer, theirs.customer];
  if (survivor.id === absorbed.id) {
    throw new Fault('state_conflict', 'customer_id', 'They are one customer already.', { customer_id: survivor.id });
  }
  requireAll(bounds, [...mine.leads, ...theirs.leads]);
  const [ours, others] = [await familyOf(session, survivor.id), await familyOf(session, absorbed.id)];
  const united = uniteOpenLeads(mine.leads, theirs.leads, call.at);
  const record = await recordOf(session, call, [mine, theirs], [ours, others], united);
  const nextId = idsOf(call.seeds, call.at, survivor.id);
  const mergeId = nextId();
  const newest = await newestMerge(session, [...ours, ...others]);
  // The newest is the one that can be taken back: a clock that is behind must not put this one before it.
  const createdAt = Math.max(call.at, (newest?.createdAt ?? 0) + 1);
  const names = { absorbedId: absorbed.id, survivorId: survivor.id, mergeId };
  const one = uniteCustomers(survivor, absorbed, call.at);
  const policy = await readPolicy(session);
  const merged = tellMerge(united, names, call, policy.document.follow_up, nextId);
  const directory = await readDirectory(session);
  const around = { at: call.at, policy: policy.document.follow_up, directory, nextId };
  const told = rateMerged([...mine.leads, ...theirs.leads], merged, one, policy, around);
  await addAlias(tx, names, call.at);
  await insertMerge(tx, { ...names, id: mergeId, record, createdAt, reason: input.reason, actor: call.actor });
  await upsertCustomers(session, [one], call.at);
  await upsertLeads(session, call.vault, told.leads);
  await forgetScores(session, [absorbed.id]);
  await markCustomersDue(session, [survivor.id], call.at);
  for (const { survivor: lead } of united) await redateLead(session, lead.id, lead.createdAt);
  await finishSuggestions(session, 'merge', subjectsOf(ours, others), call);
  await tell(session, call, policy.version, told.events);
  return {
    mergeId,
    survivorId: survivor.id,
    absorbedId: absorbed.id,
    leads: united.map(({ pair }) => idsOfPair(pair)),
  };
}

async function recordOf(
  session: Session,
  call: Call,
  [mine, theirs]: readonly [LockedPerson, LockedPerson],
  [ours, others]: readonly [readonly string[], readonly string[]],
  united: readonly UnitedLeads[],
): Promise<MergeRecord> {
  const touches = await touchesOf(session, call.vault, ours);
  const identities = await identitiesOf(session, call.vault, [mine.customer.id]);
  return {
    aliases: others.filter((id) => id !== theirs.customer.id),
    touches: touches.map(({ id }) => id),
    identities: identities.map(({ id }) => id),
    leads: mine.leads.map(({ id }) => id),
    pairs: united.map(({ pair }) => pair),
    confirmed: mine.customer.profile.confirmed,
    confirmedAddress: mine.customer.profile.confirmedAddress,
  };
}

function idsOfPair({ survivor, absorbed }: MergedPair): { readonly survivor: string; readonly absorbed: string } {
  return { survivor, absorbed };
}

/** Merge suggestions between any two of the ids, as ingest writes their subjects. */
function subjectsOf(ours: readonly string[], others: readonly string[]): readonly string[] {
  return ours.flatMap((id) => others.map((other) => [id, other].sort().join(':')));
}

/** Every open lead of the united customer, rated anew: channels count for the person. */
function rateMerged(
  known: readonly Lead[],
  merged: ReturnType<typeof tellMerge>,
  { id, channels }: Customer,
  policy: PolicyVersion,
  around: RatingsAround,
): ReturnType<typeof tellMerge> {
  const changed = new Map(merged.leads.map((lead) => [lead.id, lead]));
  const before = known.map((lead) => changed.get(lead.id) ?? lead);
  const rated = before
    .map((lead) =>
      isLive(lead) && lead.ratingFacts !== null ? rateLead(lead, lead.ratingFacts, channels, policy) : lead,
    )
    .map((lead, i) =>
      lead.rating === before[i]?.rating ? lead : { ...lead, version: lead.version + 1, updatedAt: around.at },
    );
  const told = tellRatings(before, rated, id, around);
  const leads = told.leads
    .filter((lead, i) => changed.has(lead.id) || lead.rating !== before[i]?.rating || lead.task !== before[i]?.task)
    // A task that goes over to the survivor has to leave the other lead first: no two leads have it at any moment.
    .sort((a, b) => Number(a.mergedInto === null) - Number(b.mergedInto === null));
  return { leads, events: [...merged.events, ...told.events] };
}

/** One event of the merge, and one in the sequence of each lead that went or grew. */
function tellMerge(
  united: readonly UnitedLeads[],
  { absorbedId, survivorId, mergeId }: Readonly<Record<'absorbedId' | 'survivorId' | 'mergeId', string>>,
  call: Call,
  policy: FollowUpPolicy,
  nextId: () => string,
): { readonly leads: readonly Lead[]; readonly events: readonly EventDraft[] } {
  const common = { occurredAt: call.at, submissionId: null, rule: 'merge.by_hand' };
  const merged: EventDraft = {
    ...common,
    id: nextId(),
    type: 'customer.merged',
    subjectKind: 'customer',
    subjectId: survivorId,
    customerId: survivorId,
    leadId: null,
    sequence: null,
    data: {
      merge_id: mergeId,
      survivor_id: survivorId,
      absorbed_id: absorbedId,
      leads: united.map(({ pair }) => idsOfPair(pair)),
    },
  };
  const told = united.flatMap(({ survivor, absorbed }) => {
    const data = { merge_id: mergeId, survivor: survivor.id, absorbed: absorbed.id };
    const went = { ...data, owner: absorbed.owner, store: absorbed.store, state: absorbed.state };
    const took = { ...data, owner: survivor.owner, store: survivor.store, state: survivor.state };
    const tasks = uniteTasks(survivor, absorbed, policy);
    const tellOne = ({ lead, facts }: Worked, data: EventDraft['data']) => {
      const gone = leadEvent(lead, survivorId, { ...common, id: nextId(), type: 'lead.merged', data });
      const tasked = tellFacts({ lead: gone.lead, facts }, survivorId, {
        occurredAt: call.at,
        submissionId: null,
        nextId,
      });
      return { lead: tasked.lead, events: [gone.event, ...tasked.events] };
    };
    return [tellOne(tasks.absorbed, went), tellOne(tasks.survivor, took)];
  });
  return { leads: told.map(({ lead }) => lead), events: [merged, ...told.flatMap(({ events }) => events)] };
}
