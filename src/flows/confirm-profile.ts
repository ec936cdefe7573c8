import type { Bounds } from '../domain/bounds.ts';
import { type Confirmation, confirmProfile as confirm } from '../domain/confirm.ts';
import { type EventDraft, leadEvent } from '../domain/event.ts';
import { Fault } from '../domain/fault.ts';
import { isLive, isOpen, type Lead } from '../domain/lead.ts';
import type { Customer } from '../domain/person.ts';
import { changedFields } from '../domain/profile.ts';
import { upsertCustomers } from '../store/customer-rows.ts';
import type { Tx } from '../store/database.ts';
import { upsertLeads } from '../store/lead-rows.ts';
import { readPolicy } from '../store/rules.ts';
import { markCustomersDue } from '../store/score-due.ts';
import { sessionOf } from '../store/session.ts';
import type { Call } from './call.ts';
import { idsOf } from './ids.ts';
import { lockCustomer } from './lock-customer.ts';
import { requireSome } from './own.ts';
import { tell } from './tell.ts';

/** A customer after a confirmation: the fields confirmed or taken back, and those whose standing value is another now. */
export interface ConfirmedProfile {
  readonly customer: Customer;
  readonly fields: readonly string[];
  readonly changed: readonly string[];
}

/**
 * Takes values of a profile as an adviser confirms them, for whoever saw the version given. Throws Fault `not_found`, `gone`, `other_store`, `version_conflict`.
 */
export async function confirmProfile(
  tx: Tx,
  call: Call,
  bounds: Bounds,
  customerId: string,
  version: number,
  input: Pick<Confirmation, 'person' | 'clear'>,
): Promise<ConfirmedProfile> {
  const session = sessionOf(tx);
  const { customer: before, leads } = await lockCustomer(tx, call, customerId);
  requireSome(bounds, leads);
  if (version !== before.version) {
    const message = `The customer has version ${before.version} now.`;
    throw new Fault('version_conflict', null, message, { version: before.version });
  }
  const { profile, fields } = confirm(before.profile, { ...input, at: call.at, by: call.actor });
  if (fields.length === 0) return { customer: before, fields, changed: [] };
  const updatedAt = Math.max(before.updatedAt, call.at);
  const customer: Customer = { ...before, profile, version: before.version + 1, updatedAt };
  const changed = changedFields(before.profile, profile);
  const open = leads.filter((lead) => isLive(lead) && isOpen(lead.state));
  const told = tellConfirmed(open, customer.id, call, { confirmed: fields, changed });
  await upsertCustomers(session, [customer], call.at);
  await upsertLeads(session, call.vault, told.leads);
  await markCustomersDue(session, [customer.id], call.at);
  await tell(session, call, (await readPolicy(session)).version, told.events);
  return { customer, fields, changed };
}

/** One event for each open lead, or one of the customer alone; names of fields, never values. */
function tellConfirmed(
  open: readonly Lead[],
  customerId: string,
  call: Call,
  data: Readonly<Record<string, readonly string[]>>,
): { readonly leads: readonly Lead[]; readonly events: readonly EventDraft[] } {
  const nextId = idsOf(call.seeds, call.at, customerId);
  const type = 'lead.profile_changed' as const;
  const common = { type, occurredAt: call.at, submissionId: null, rule: 'profile.confirmed', data };
  if (open.length === 0) {
    const subject = { subjectKind: 'customer' as const, subjectId: customerId };
    return { leads: [], events: [{ ...common, ...subject, id: nextId(), customerId, leadId: null, sequence: null }] };
  }
  const told = open.map((lead) =>
    leadEvent({ ...lead, version: lead.version + 1, updatedAt: Math.max(lead.updatedAt, call.at) }, customerId, {
      ...common,
      id: nextId(),
    }),
  );
  return { leads: told.map(({ lead }) => lead), events: told.map(({ event }) => event) };
}
