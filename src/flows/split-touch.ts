import { currentLead } from '../domain/absorb.ts';
import type { Bounds } from '../domain/bounds.ts';
import { scopeOf } from '../domain/decide.ts';
import { type EventDraft, leadEvent } from '../domain/event.ts';
import { Fault } from '../domain/fault.ts';
import type { Lead } from '../domain/lead.ts';
import type { Customer } from '../domain/person.ts';
import { EMPTY_PROFILE } from '../domain/profile.ts';
import { identitiesAlong, leadGoesAlong, splitLead } from '../domain/split.ts';
import { upsertCustomers } from '../store/customer-rows.ts';
import type { Tx } from '../store/database.ts';
import { upsertLeads } from '../store/lead-rows.ts';
import { readPolicy } from '../store/rules.ts';
import { sessionOf } from '../store/session.ts';
import {
  finishSuggestions,
  type HeldTouch,
  identityHolders,
  leadsWithDeals,
  moveIdentities,
  moveLeads,
  moveTouches,
  touchesOf,
} from '../store/touch-moves.ts';
import { familyOf, lockIdentities } from '../store/whereabouts.ts';
import type { Call } from './call.ts';
import { idsOf } from './ids.ts';
import { lockCustomer } from './lock-customer.ts';
import { note } from './note.ts';
import { requireOwn } from './own.ts';
import { recompute } from './recompute.ts';
import { tell } from './tell.ts';

/** Which touch goes to a customer of its own, and whether the identity that it came by goes too. */
export interface SplitInput {
  readonly touchId: string;
  readonly reason: string;
  readonly identity: 'take' | 'leave';
}

/** A touch with its new customer and its lead there. */
export interface SplitTouch {
  readonly customerId: string; // the new one
  readonly fromCustomerId: string;
  readonly leadId: string;
  readonly touchId: string;
  readonly identities: readonly string[]; // that went along
}

/**
 * Moves one touch and what it made to a new customer, for a number that is shared or was sold on; deals stay. Throws Fault
 * `not_found`, `gone`, `other_store`, `state_conflict` (a voided touch, or the only one).
 */
export async function splitTouch(
  tx: Tx,
  call: Call,
  bounds: Bounds,
  customerId: string,
  input: SplitInput,
): Promise<SplitTouch> {
  const session = sessionOf(tx);
  await lockIdentities(session, await familyOf(session, customerId));
  const { customer: old, leads } = await lockCustomer(tx, call, customerId);
  const family = await familyOf(session, old.id);
  const touches = await touchesOf(session, call.vault, family);
  const touch = pickTouch(touches, input.touchId);
  const lead = leads.find(({ id }) => id === touch.leadId);
  if (lead === undefined) throw new Fault('not_found', 'touch_id', 'The lead of the touch is not there.');
  requireOwn(bounds, lead);
  const withDeals = await leadsWithDeals(session, family);
  const goes = leadGoesAlong(lead, touch.id, { leads, touches, withDeals });
  const policy = await readPolicy(session);
  const nextId = idsOf(call.seeds, call.at, old.id); // the new customer's ids keep the bucket: its rows have it
  const made = newCustomer(nextId(), call);
  const names = { leadId: nextId(), customerId: made.id };
  const own = splitLead(goes ? lead : null, { ...touch, scope: scopeOf(touch.fields, policy.document) }, names);
  const others = touches.filter(({ id }) => id !== touch.id);
  const identities = identitiesAlong(touch, others, await identityHolders(session, family), input.identity);
  const told = tellSplit(
    own,
    goes ? null : (currentLead(leads, lead.id) ?? lead),
    { touch, from: old.id, to: made.id },
    call,
    nextId,
  );
  await upsertCustomers(session, [made], call.at);
  if (goes) await moveLeads(session, [lead.id], made.id);
  await upsertLeads(session, call.vault, told.leads);
  await moveTouches(session, [{ touchId: touch.id, customerId: made.id, leadId: own.id, cycle: own.cycle }], family);
  await moveIdentities(session, identities, made.id, family);
  await finishSuggestions(session, 'possible_number_reuse', [lead.id], call);
  await recompute(session, call, [old.id, made.id], new Map(told.leads.map(({ id }) => [id, null])));
  await tell(session, call, policy.version, told.events);
  const entry = { id: nextId(), action: 'customer.split', subjectKind: 'customer' as const, subjectId: old.id };
  await note(tx, call, { ...entry, reason: input.reason, detail: { touch_id: touch.id, to: made.id } });
  return { customerId: made.id, fromCustomerId: old.id, leadId: own.id, touchId: touch.id, identities };
}

function pickTouch(touches: readonly HeldTouch[], touchId: string): HeldTouch {
  const touch = touches.find(({ id }) => id === touchId);
  if (touch === undefined) throw new Fault('not_found', 'touch_id', 'The customer has no such touch.');
  if (touch.voided) throw new Fault('state_conflict', 'touch_id', 'The touch was voided.');
  if (touches.length > 1) return touch;
  throw new Fault(
    'state_conflict',
    'touch_id',
    'It is the only touch of the customer: there is nothing to part it from.',
  );
}

function newCustomer(id: string, { at }: Call): Customer {
  return {
    id,
    profile: EMPTY_PROFILE,
    firstSource: null,
    lastSource: null,
    touchCount: 0,
    channels: {},
    version: 0,
    createdAt: at,
    updatedAt: at,
  };
}

/** Told on the lead that the touch has now, and on the one that it left, or on the customer whom its lead left. */
function tellSplit(
  own: Lead,
  left: Lead | null,
  { touch, from, to }: { readonly touch: HeldTouch; readonly from: string; readonly to: string },
  call: Call,
  nextId: () => string,
): { readonly leads: readonly Lead[]; readonly events: readonly EventDraft[] } {
  const data = { touch_id: touch.id, from_customer: from, from_lead: touch.leadId, to_customer: to, to_lead: own.id };
  const common = { type: 'lead.split' as const, occurredAt: call.at, submissionId: null, rule: 'split.by_hand', data };
  const grown = { version: own.version + 1, updatedAt: Math.max(own.updatedAt, call.at) };
  const mine = leadEvent({ ...own, ...grown }, to, { ...common, id: nextId() });
  if (left === null) {
    const subject = { subjectKind: 'customer' as const, subjectId: from };
    const parting = { ...common, ...subject, id: nextId(), customerId: from, leadId: null, sequence: null };
    return { leads: [mine.lead], events: [mine.event, parting] };
  }
  const theirs = leadEvent(left, from, { ...common, id: nextId() });
  return { leads: [mine.lead, theirs.lead], events: [mine.event, theirs.event] };
}
