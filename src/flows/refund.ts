import { currentLead } from '../domain/absorb.ts';
import type { Bounds } from '../domain/bounds.ts';
import { Fault } from '../domain/fault.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import type { Lead } from '../domain/lead.ts';
import type { Tx } from '../store/database.ts';
import { type Deal, findDeal, insertDeal, readWonDeals, type StandingDeal } from '../store/deals.ts';
import { upsertLeads } from '../store/lead-rows.ts';
import { readPolicy } from '../store/rules.ts';
import { sessionOf } from '../store/session.ts';
import type { Call } from './call.ts';
import { idsOf } from './ids.ts';
import { lockOwner } from './lock-lead.ts';
import type { LockedPerson } from './lock-people.ts';
import { settleMoment } from './moment.ts';
import { requireOwn } from './own.ts';
import { tell } from './tell.ts';
import { tellRefund } from './tell-refund.ts';

/** What is paid back of a won deal. */
export interface RefundInput {
  readonly amount: number; // minor units, positive
  readonly occurredAt: Instant | null; // null: now
  readonly reason: string;
}

/** A refund with what it has left of the deal. */
export interface Refunded {
  readonly entry: Deal;
  readonly left: number; // minor units
  readonly customerId: string;
}

/**
 * Pays a part or all of a won deal back, as a negative entry. Throws Fault `not_found`, `gone`, `other_store`, `state_conflict`
 * (no won deal, voided, or more than is left) and `out_of_order` (before the win).
 */
export async function refund(
  tx: Tx,
  call: Call,
  bounds: Bounds,
  dealId: string,
  input: RefundInput,
): Promise<Refunded> {
  const session = sessionOf(tx);
  const { person, found: won } = await lockOwner(tx, call, 'deal', dealId, () => standing(tx, dealId));
  const lead = leadOf(person, won);
  requireOwn(bounds, lead);
  const policy = await readPolicy(session);
  const { moment } = settleMoment(input.occurredAt, call.at, policy.document.clock_skew_seconds);
  check(won, input, moment);
  const nextId = idsOf(call.seeds, call.at, person.customer.id);
  const entry: Deal = {
    ...entryOf(won, call),
    id: nextId(),
    kind: 'refund',
    ofDeal: won.id,
    amount: -input.amount,
    reason: input.reason,
    occurredAt: moment,
  };
  const left = won.left - input.amount;
  const told = tellRefund(lead, person.customer.id, entry, left, nextId());
  await insertDeal(tx, entry);
  await upsertLeads(session, call.vault, [{ ...told.lead, version: lead.version + 1, updatedAt: call.at }]);
  await tell(session, call, policy.version, [told.event]);
  return { entry, left, customerId: person.customer.id };
}

function entryOf({ customerId, leadId, currency, closer, store }: StandingDeal, { actor, at }: Call) {
  return { customerId, leadId, currency, closer, store, actor, recordedAt: at };
}

/** The won deal as refunds have left it; a refund itself answers as no deal. */
async function standing(tx: Tx, dealId: string): Promise<StandingDeal | null> {
  const deal = await findDeal(tx, dealId);
  if (deal === null) return null;
  if (deal.kind !== 'won') throw new Fault('state_conflict', null, `This entry is a ${deal.kind}, not a won deal.`);
  return (await readWonDeals(tx, [deal.leadId])).find(({ id }) => id === dealId) ?? null;
}

function leadOf({ leads }: LockedPerson, won: Deal): Lead {
  const lead = currentLead(leads, won.leadId);
  if (lead === undefined) throw new Fault('not_found', null, 'There is no such deal.');
  if (lead.hidden === 'erased') throw new Fault('gone', null, 'The person was erased.');
  return lead;
}

function check(won: StandingDeal, { amount }: RefundInput, moment: Instant): void {
  if (won.voided) throw new Fault('state_conflict', null, 'The deal was voided.', { left: 0 });
  if (amount > won.left) {
    throw new Fault('state_conflict', 'amount', `Of the deal ${won.left} is left.`, { left: won.left });
  }
  if (moment >= won.occurredAt) return;
  const message = `The deal was won at ${formatInstant(won.occurredAt)}.`;
  throw new Fault('out_of_order', 'occurred_at', message);
}
