import { formatInstant } from '../../domain/instant.ts';
import { maskPhone } from '../../domain/mask.ts';
import { maskHandle } from '../../domain/masking.ts';
import type { HeldIdentity } from '../../store/review-identities.ts';
import type { Review } from '../../store/reviews-list.ts';
import type { ResolvedReviewAnswer, ReviewAnswer } from '../schemas/review.ts';

/** One review; of a merge suggestion with the identities, masked, that may have brought the two customers together. */
export function reviewAnswer(review: Review, identities: readonly HeldIdentity[]): ReviewAnswer {
  return {
    ...resolvedAnswer(review),
    identities: collided(review, identities).map(({ customerId, kind, value }) => ({
      customer_id: customerId,
      kind,
      value: kind === 'phone' ? maskPhone(value) : maskHandle(value),
    })),
  };
}

/** One review without identities: what is kept as the answer to its resolution. */
export function resolvedAnswer(review: Review): ResolvedReviewAnswer {
  return {
    id: review.id,
    kind: review.kind,
    state: review.state,
    customer_id: review.customerId,
    other_customer_id: review.otherCustomerId,
    lead_id: review.leadId,
    submission_id: review.submissionId,
    times: review.times,
    actor: review.actor,
    created_at: formatInstant(review.createdAt),
    updated_at: formatInstant(review.updatedAt),
  };
}

/** A submission names one phone at most, so what it named of the other customer is something else. */
function collided(review: Review, identities: readonly HeldIdentity[]): readonly HeldIdentity[] {
  if (review.kind !== 'merge') return [];
  return identities.filter(({ customerId, kind, value }) => {
    if (customerId === review.otherCustomerId) return kind !== 'phone';
    if (customerId !== review.customerId) return false;
    return review.phone === null ? kind !== 'phone' : value === review.phone;
  });
}
