import { formatInstant } from '../../domain/instant.ts';
import type { Lead } from '../../domain/lead.ts';
import { maskText } from '../../domain/masking.ts';
import { type Sight, seen } from '../../domain/sight.ts';
import type { RatedByHand } from '../../flows/rate-by-hand.ts';
import type { RerunDone } from '../../flows/rerun-ratings.ts';
import type { RatingAnswer, RatingFactsRecord, RerunAnswer } from '../schemas/rating.ts';

const TOLD = 100; // changes that one answer names
const MASKED: Sight = { kind: 'masked', why: 'scope_missing' };

/** What the rating of a lead rests on. */
export function ratingFactsRecord({ ratingFacts: facts }: Lead, sight: Sight): RatingFactsRecord | null {
  if (facts === null) return null;
  const { rule, evidence, policyVersion, unanswered, manual } = facts;
  return {
    rule,
    evidence,
    policy_version: policyVersion,
    unanswered: unanswered.map(({ id }) => id),
    manual:
      manual === null || manual.over !== null
        ? null
        : {
            rating: manual.rating,
            at: formatInstant(manual.at),
            actor: manual.actor,
            reason: seen(sight, manual.reason, maskText),
          },
  };
}

/** A lead after a rating by hand. */
export function ratingAnswer({ lead, customerId, changed }: RatedByHand): RatingAnswer {
  return {
    lead_id: lead.id,
    customer_id: customerId,
    changed,
    rating: lead.rating,
    rating_facts: ratingFactsRecord(lead, MASKED),
    version: lead.version,
  };
}

/** What one call of a rerun came to. */
export function rerunAnswer(
  { policyVersion, looked, changes }: RerunDone,
  mode: 'write' | 'dry_run',
  nextCursor: string | null,
): RerunAnswer {
  const counts: Record<string, number> = {};
  for (const { from, to } of changes) {
    const move = `${from ?? 'none'}>${to ?? 'none'}`;
    counts[move] = (counts[move] ?? 0) + 1;
  }
  return {
    dry_run: mode === 'dry_run',
    policy_version: policyVersion,
    looked,
    changed: changes.length,
    counts,
    changes: changes
      .slice(0, TOLD)
      .map(({ leadId, from, to, rule }) => ({ lead_id: leadId, from, to, rating_rule: rule })),
    next_cursor: nextCursor,
  };
}
