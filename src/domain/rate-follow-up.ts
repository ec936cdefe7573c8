import type { Lead } from './lead.ts';
import type { ChannelTouches } from './person.ts';
import type { PolicyVersion } from './policy.ts';
import { rateLead, tellRating } from './rate-lead.ts';
import { NO_FACTS, type RatedFollowUp, withFollowUp } from './rating-facts.ts';
import type { Worked } from './working.ts';

/**
 * Rates a lead anew that was followed up; `channels` are the customer's. `no_answer` counts as unanswered, every other outcome
 * as an answer. The same follow-up again changes nothing.
 */
export function rateFollowUp(
  lead: Lead,
  followUp: RatedFollowUp,
  channels: ChannelTouches,
  policy: PolicyVersion,
): Worked {
  const rated = rateLead(lead, withFollowUp(lead.ratingFacts ?? NO_FACTS, followUp), channels, policy);
  return { lead: rated, facts: tellRating(lead, rated) };
}
