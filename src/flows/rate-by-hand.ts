import type { Bounds } from '../domain/bounds.ts';
import { Fault } from '../domain/fault.ts';
import { hastenTask } from '../domain/hasten-task.ts';
import type { Lead } from '../domain/lead.ts';
import { isRated, rateLead, ratingFact } from '../domain/rate-lead.ts';
import type { Rating } from '../domain/rating.ts';
import { NO_FACTS } from '../domain/rating-facts.ts';
import { codeOf } from '../domain/reason.ts';
import { tellFacts } from '../domain/tell-facts.ts';
import type { Tx } from '../store/database.ts';
import { readDirectory } from '../store/directory.ts';
import { upsertLeads } from '../store/lead-rows.ts';
import { readPolicy } from '../store/rules.ts';
import { sessionOf } from '../store/session.ts';
import type { Call } from './call.ts';
import { idsOf } from './ids.ts';
import { lockLead } from './lock-lead.ts';
import { requireOwn } from './own.ts';
import { tell } from './tell.ts';

/** A rating by hand and why. */
export interface RatingInput {
  readonly rating: Rating;
  readonly reason: string;
}

/** A lead after a rating by hand; `changed` false: it was rated so already. */
export interface RatedByHand {
  readonly lead: Lead;
  readonly customerId: string;
  readonly changed: boolean;
}

/**
 * Rates a lead by hand, until the customer's next touch; the same again changes nothing. Throws Fault `not_found`, `gone`,
 * `other_store`, `state_conflict` (the lead is closed).
 */
export async function rateByHand(
  tx: Tx,
  call: Call,
  bounds: Bounds,
  leadId: string,
  { rating, reason }: RatingInput,
): Promise<RatedByHand> {
  const session = sessionOf(tx);
  const { person, lead } = await lockLead(tx, call, leadId);
  requireOwn(bounds, lead);
  if (!isRated(lead)) {
    throw new Fault('state_conflict', null, `A lead that is ${lead.state} keeps its rating.`, { state: lead.state });
  }
  const { customer } = person;
  const known = lead.ratingFacts ?? NO_FACTS;
  const { manual } = known;
  if (manual !== null && manual.over === null && manual.rating === rating && manual.reason === reason) {
    return { lead, customerId: customer.id, changed: false };
  }
  const policy = await readPolicy(session);
  const { at, actor } = call;
  const byHand = { ...known, manual: { rating, at, actor, reason, over: null } };
  const rated = rateLead(lead, byHand, customer.channels, policy);
  const fact = ratingFact(lead, rated, rated.ratingFacts ?? byHand);
  const grown = { ...rated, version: rated.version + 1, updatedAt: Math.max(rated.updatedAt, at) };
  const hastened = hastenTask(grown, at, policy.document.follow_up, await readDirectory(session));
  const facts = [{ ...fact, data: { ...fact.data, reason: codeOf(reason) } }, ...hastened.facts];
  const nextId = idsOf(call.seeds, at, customer.id);
  const told = tellFacts({ lead: hastened.lead, facts }, customer.id, { occurredAt: at, submissionId: null, nextId });
  await upsertLeads(session, call.vault, [told.lead]);
  await tell(session, call, policy.version, told.events);
  return { lead: told.lead, customerId: customer.id, changed: true };
}
