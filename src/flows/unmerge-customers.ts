import type { Bounds } from '../domain/bounds.ts';
import { scopeOf } from '../domain/decide.ts';
import { Fault } from '../domain/fault.ts';
import { type MergeRecord, separateConfirmed } from '../domain/merge.ts';
import type { Policy } from '../domain/policy.ts';
import { absorbedSide } from '../domain/sides.ts';
import { type SeparatedLeads, separateLeads } from '../domain/unmerge.ts';
import { readCustomers, upsertCustomers } from '../store/customer-rows.ts';
import type { Tx } from '../store/database.ts';
import { upsertLeads } from '../store/lead-rows.ts';
import { findMerge, type Merge, newestMerge, removeAlias, undoMerge } from '../store/merges.ts';
import { readPolicy } from '../store/rules.ts';
import { type Session, sessionOf } from '../store/session.ts';
import {
  type HeldTouch,
  identityHolders,
  leadsWithDeals,
  moveIdentities,
  moveLeads,
  moveTouches,
  redateLead,
  touchesOf,
} from '../store/touch-moves.ts';
import { familyOf, lockIdentities } from '../store/whereabouts.ts';
import type { Call } from './call.ts';
import { idsOf } from './ids.ts';
import { lockCustomer } from './lock-customer.ts';
import type { LockedPerson } from './lock-people.ts';
import { requireAll } from './own.ts';
import { recompute } from './recompute.ts';
import { tell } from './tell.ts';
import { tellUnmerge } from './tell-unmerge.ts';

/** Two customers that are two again, and the touches taken meanwhile that went over to the restored one. */
export interface UnmergedCustomers {
  readonly mergeId: string;
  readonly survivorId: string;
  readonly restoredId: string;
  readonly touches: readonly string[];
}

/**
 * Takes the last merge of a person back: both sides as before, later touches with the side whose identity brought them, later
 * deals, states and edits with the survivor. Throws Fault `not_found`, `gone`, `other_store`, `state_conflict` (undone already, or
 * not the last).
 */
export async function unmergeCustomers(
  tx: Tx,
  call: Call,
  bounds: Bounds,
  customerId: string,
  mergeId: string,
): Promise<UnmergedCustomers> {
  const session = sessionOf(tx);
  await lockIdentities(session, await familyOf(session, customerId));
  const person = await lockCustomer(tx, call, customerId);
  const family = await familyOf(session, person.customer.id);
  const merge = await lastMerge(tx, session, family, mergeId);
  requireAll(bounds, person.leads);
  const { version, document } = await readPolicy(session);
  const sides = await partOf(session, call, family, merge);
  const leads = await separate(session, call, document, person, family, merge, sides);
  const told = tellUnmerge(leads, merge, sides.touches, call);
  await removeAlias(tx, merge.absorbedId, merge.record.aliases);
  await moveIdentities(session, sides.identities, merge.absorbedId, family);
  await moveLeads(session, leads.moved, merge.absorbedId);
  await upsertLeads(session, call.vault, told.leads);
  for (const lead of leads.survivors) await redateLead(session, lead.id, lead.createdAt);
  await moveTouches(session, movesOf(sides.touches, leads, merge), family);
  await restoreProfile(session, call, person, merge);
  const parted = new Map(told.leads.map(({ id }) => [id, leads.formerTasks.get(id) ?? null]));
  await recompute(session, call, [merge.survivorId, merge.absorbedId], parted);
  await undoMerge(tx, merge.id, call.at);
  await tell(session, call, version, told.events);
  const touches = sides.touches.map(({ id }) => id);
  return { mergeId, survivorId: merge.survivorId, restoredId: merge.absorbedId, touches };
}

async function lastMerge(tx: Tx, session: Session, family: readonly string[], id: string): Promise<Merge> {
  const merge = await findMerge(tx, id);
  if (merge === null || !(family.includes(merge.survivorId) || family.includes(merge.absorbedId))) {
    throw new Fault('not_found', 'merge_id', 'The customer has no such merge.');
  }
  if (merge.undoneAt !== null) throw new Fault('state_conflict', null, 'The merge was taken back already.');
  const newest = await newestMerge(session, family);
  if (newest?.id === id) return merge;
  const members = { last_merge_id: newest?.id ?? null };
  throw new Fault('state_conflict', 'merge_id', 'A later merge has to be taken back first.', members);
}

interface Sides {
  readonly touches: readonly HeldTouch[]; // that go over, in the order of events
  readonly others: readonly HeldTouch[];
  readonly identities: readonly string[]; // that go over
}

async function partOf(session: Session, call: Call, family: readonly string[], merge: Merge): Promise<Sides> {
  const absorbed = membersOf(merge);
  const { record } = merge;
  const all = await touchesOf(session, call.vault, family);
  const before = new Set(record.touches);
  const later = all.filter(({ id, customerId }) => !absorbed.has(customerId) && !before.has(id));
  const holders = await identityHolders(session, family);
  const side = absorbedSide(later, holders, absorbed, new Set(record.identities));
  return {
    touches: later.filter(({ id }) => side.touches.has(id)),
    others: all.filter(({ id }) => !side.touches.has(id)),
    identities: [...side.identities],
  };
}

function membersOf({ absorbedId, record }: { readonly absorbedId: string; readonly record: MergeRecord }): Set<string> {
  return new Set([absorbedId, ...record.aliases]);
}

async function separate(
  session: Session,
  call: Call,
  policy: Policy,
  person: LockedPerson,
  family: readonly string[],
  merge: Merge,
  sides: Sides,
): Promise<SeparatedLeads> {
  const deals = await leadsWithDeals(session, family);
  return separateLeads({
    leads: person.leads,
    absorbed: membersOf(merge),
    absorbedRoot: merge.absorbedId,
    record: merge.record,
    returning: sides.touches.map((touch) => ({ ...touch, scope: scopeOf(touch.fields, policy) })),
    staying: new Set([...sides.others.map(({ leadId }) => leadId), ...deals]),
    policy,
    at: call.at,
    newId: idsOf(call.seeds, call.at, merge.absorbedId),
  });
}

function movesOf(touches: readonly HeldTouch[], { seats }: SeparatedLeads, { absorbedId }: Merge) {
  return touches.map(({ id, leadId }) => {
    const seat = seats.get(id);
    return { touchId: id, customerId: absorbedId, leadId: seat?.leadId ?? leadId, cycle: seat?.cycle ?? null };
  });
}

/** The survivor's confirmed values, less those that the other side brought; what was stated is recomputed from the touches. */
async function restoreProfile(session: Session, call: Call, person: LockedPerson, merge: Merge): Promise<void> {
  const [absorbed] = await readCustomers(session, [merge.absorbedId]);
  if (absorbed === undefined) throw new Error('the absorbed customer is not there');
  const profile = separateConfirmed(person.customer.profile, merge.record, absorbed.profile);
  await upsertCustomers(session, [{ ...person.customer, profile }], call.at);
}
