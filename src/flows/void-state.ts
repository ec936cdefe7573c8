import type { Bounds } from '../domain/bounds.ts';
import type { Instant } from '../domain/instant.ts';
import { settleTask } from '../domain/settle-task.ts';
import { voidClose } from '../domain/state.ts';
import { tellFacts } from '../domain/tell-facts.ts';
import { beforeLastChange } from '../store/closing.ts';
import type { Tx } from '../store/database.ts';
import { type Deal, insertDeal, readWonDeals, type StandingDeal } from '../store/deals.ts';
import { readDirectory } from '../store/directory.ts';
import { upsertLeads } from '../store/lead-rows.ts';
import { readPolicy } from '../store/rules.ts';
import { markCustomersDue } from '../store/score-due.ts';
import { sessionOf } from '../store/session.ts';
import { flagAfterClose } from '../store/touch-moves.ts';
import { familyOf } from '../store/whereabouts.ts';
import type { Call } from './call.ts';
import type { LeadChange } from './change-state.ts';
import { idsOf } from './ids.ts';
import { lockLead, withMerged } from './lock-lead.ts';
import { settleMoment } from './moment.ts';
import { note } from './note.ts';
import { requireOwn } from './own.ts';
import { refuse } from './refuse.ts';
import { tell } from './tell.ts';
import { tellRefund } from './tell-refund.ts';
import { tellState } from './tell-state.ts';

/**
 * Takes a win or a loss back: the lead returns to the state it had, and what was left of the won deal is negated by an entry of
 * its own. Throws Fault `not_found`, `gone`, `other_store`, `state_conflict` (not won or lost, or another lead is open),
 * `out_of_order`.
 */
export async function voidState(
  tx: Tx,
  call: Call,
  bounds: Bounds,
  leadId: string,
  input: { readonly reason: string; readonly occurredAt: Instant | null },
): Promise<LeadChange> {
  const session = sessionOf(tx);
  const { person, lead } = await lockLead(tx, call, leadId);
  requireOwn(bounds, lead);
  const policy = await readPolicy(session);
  const { moment, flags } = settleMoment(input.occurredAt, call.at, policy.document.clock_skew_seconds);
  const family = await familyOf(session, person.customer.id);
  const leadIds = withMerged(person.leads, lead);
  const before = await beforeLastChange(session, family, leadIds);
  const verdict = voidClose(lead, person.leads, before, { occurredAt: moment, at: call.at });
  if (verdict.kind === 'refused' || verdict.kind === 'out_of_order') return refuse(lead, verdict);
  if (verdict.kind === 'unchanged') throw new Error('a void always changes something');
  const nextId = idsOf(call.seeds, call.at, person.customer.id);
  const won = lead.state === 'won' ? await standingDeal(tx, leadIds) : null;
  const negation = won === null ? null : negationOf(won, person.customer.id, input.reason, moment, call, nextId());
  const state = tellState(verdict.lead, lead, person.customer.id, moment, {
    rule: 'state.voided',
    won: null,
    flags,
    nextId,
  });
  const refund = negation === null ? null : tellRefund(state.lead, person.customer.id, negation, 0, nextId());
  const directory = await readDirectory(session);
  const worked = settleTask(refund?.lead ?? state.lead, call.at, nextId(), policy.document, directory);
  const tasked = tellFacts(worked, person.customer.id, { occurredAt: call.at, submissionId: null, nextId });
  const events = [...state.events, ...(refund === null ? [] : [refund.event]), ...tasked.events];
  const told = { lead: tasked.lead, events };
  await upsertLeads(session, call.vault, [told.lead]);
  await markCustomersDue(session, [person.customer.id], call.at);
  if (negation !== null) await insertDeal(tx, negation);
  await flagAfterClose(session, family, leadIds, told.lead.closedAt);
  await tell(session, call, policy.version, told.events);
  const entry = { id: nextId(), action: 'lead.state_voided', subjectKind: 'lead' as const, subjectId: lead.id };
  await note(tx, call, { ...entry, reason: input.reason, detail: { from: lead.state, to: told.lead.state } });
  return { lead: told.lead, customerId: person.customer.id, changed: true, deal: null, flags };
}

async function standingDeal(tx: Tx, leadIds: readonly string[]): Promise<StandingDeal | null> {
  return (await readWonDeals(tx, leadIds)).find(({ voided }) => !voided) ?? null;
}

function negationOf(
  won: StandingDeal,
  customerId: string,
  reason: string,
  occurredAt: Instant,
  call: Call,
  id: string,
): Deal {
  return {
    id,
    customerId,
    leadId: won.leadId,
    kind: 'void',
    ofDeal: won.id,
    amount: won.left === 0 ? 0 : -won.left,
    currency: won.currency,
    closer: won.closer,
    store: won.store,
    reason,
    actor: call.actor,
    occurredAt,
    recordedAt: call.at,
  };
}
