import type { Bounds } from '../domain/bounds.ts';
import type { Instant } from '../domain/instant.ts';
import { asOf, type Lead } from '../domain/lead.ts';
import { changeState as judge, type StateChange } from '../domain/state.ts';
import { taskOfState } from '../domain/task-state.ts';
import { tellFacts } from '../domain/tell-facts.ts';
import type { Tx } from '../store/database.ts';
import { type Deal, insertDeal, readWonDeals, type StandingDeal } from '../store/deals.ts';
import { readDirectory } from '../store/directory.ts';
import { upsertLeads } from '../store/lead-rows.ts';
import { readPolicy } from '../store/rules.ts';
import { markCustomersDue } from '../store/score-due.ts';
import { type Session, sessionOf } from '../store/session.ts';
import { flagAfterClose } from '../store/touch-moves.ts';
import { familyOf } from '../store/whereabouts.ts';
import type { Call } from './call.ts';
import { idsOf } from './ids.ts';
import { lockLead, withMerged } from './lock-lead.ts';
import { note } from './note.ts';
import { requireOwn } from './own.ts';
import { refuse } from './refuse.ts';
import { checkInput, type StateInput, settleInput } from './state-input.ts';
import { tell } from './tell.ts';
import { tellState } from './tell-state.ts';

/** What a change of a lead came to. */
export interface LeadChange {
  readonly lead: Lead;
  readonly customerId: string;
  readonly changed: boolean;
  readonly deal: Pick<Deal, 'id' | 'amount' | 'currency' | 'occurredAt'> | null; // the won one that stands
  readonly flags: readonly string[]; // clock_skew
}

/**
 * Puts a lead into another state, as of a moment; the same again changes nothing. Throws Fault: `not_found`, `gone`,
 * `other_store`, `body_invalid`, `state_conflict` with the allowed moves, `out_of_order`.
 */
export async function changeState(
  tx: Tx,
  call: Call,
  bounds: Bounds,
  leadId: string,
  input: StateInput,
): Promise<LeadChange> {
  checkInput(input);
  const session = sessionOf(tx);
  const { person, lead } = await lockLead(tx, call, leadId);
  requireOwn(bounds, lead);
  const policy = await readPolicy(session);
  const days = policy.document.dormant_after_days;
  const family = await familyOf(session, person.customer.id);
  const leadIds = withMerged(person.leads, lead);
  const [deal] = (await readWonDeals(tx, leadIds)).filter(({ voided }) => !voided);
  const { change, flags } = settleInput(input, lead, call.at, policy.document.clock_skew_seconds);
  const verdict = judge(lead, person.leads, deal === undefined ? null : wonOf(deal), change, days);
  if (verdict.kind === 'unchanged') {
    const as = asOf(lead, change.occurredAt, days);
    return { lead: as, customerId: person.customer.id, changed: false, deal: deal ?? null, flags };
  }
  if (verdict.kind !== 'changed') return refuse(asOf(lead, change.occurredAt, days), verdict);
  const nextId = idsOf(call.seeds, call.at, person.customer.id);
  const won = newDeal(verdict.lead, person.customer.id, change, call, nextId);
  const made = { rule: 'state.by_hand', won, flags, nextId };
  const customerId = person.customer.id;
  const state = tellState(verdict.lead, verdict.before, customerId, change.occurredAt, made);
  const directory = await readDirectory(session);
  const worked = taskOfState(state.lead, verdict.before, call.at, nextId(), policy.document, directory);
  const tasked = tellFacts(worked, customerId, { occurredAt: change.occurredAt, submissionId: null, nextId });
  const told = { lead: tasked.lead, events: [...state.events, ...tasked.events] };
  await write(tx, session, call, told.lead, won);
  await flagAfterClose(session, family, leadIds, told.lead.closedAt);
  await tell(session, call, policy.version, told.events);
  if (input.note !== null) {
    const entry = { action: 'lead.note', subjectKind: 'lead' as const, subjectId: lead.id, reason: null };
    await note(tx, call, { ...entry, id: nextId(), detail: { note: input.note, state: change.to } });
  }
  await markCustomersDue(session, [person.customer.id], call.at); // a lead that is open again is scored again
  return { lead: told.lead, customerId: person.customer.id, changed: true, deal: won ?? deal ?? null, flags };
}

function wonOf(deal: StandingDeal): { amount: number; currency: string; wonAt: Instant } {
  return { amount: deal.amount, currency: deal.currency, wonAt: deal.occurredAt };
}

async function write(tx: Tx, session: Session, call: Call, lead: Lead, won: Deal | null): Promise<void> {
  await upsertLeads(session, call.vault, [lead]);
  if (won !== null) await insertDeal(tx, won);
}

function newDeal(
  lead: Lead,
  customerId: string,
  { won, at }: StateChange,
  call: Call,
  nextId: () => string,
): Deal | null {
  if (won === null) return null;
  return {
    id: nextId(),
    customerId,
    leadId: lead.id,
    kind: 'won',
    ofDeal: null,
    amount: won.amount,
    currency: won.currency,
    closer: lead.closer,
    store: lead.closerStore,
    reason: null,
    actor: call.actor,
    occurredAt: won.wonAt,
    recordedAt: at,
  };
}
