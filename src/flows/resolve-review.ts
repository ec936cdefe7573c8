import { Fault } from '../domain/fault.ts';
import type { Vault } from '../domain/vault.ts';
import type { Tx } from '../store/database.ts';
import type { Reach } from '../store/lead-page.ts';
import { closeReview, findReview, type Review, type ReviewState } from '../store/reviews-list.ts';
import { type Act, auditAct } from './act.ts';

/** What a human decided of a review. */
export interface ReviewResolution {
  readonly state: Exclude<ReviewState, 'open'>;
  readonly note: string | null;
}

/** Resolves an open review; the same resolution again changes nothing. Throws `not_found` (also beyond the reach), `state_conflict`. */
export async function resolveReview(
  tx: Tx,
  vault: Vault,
  act: Act,
  reach: Reach | null,
  id: string,
  { state, note }: ReviewResolution,
): Promise<Review> {
  const found = await findReview(tx, vault, id, reach);
  if (found === null) throw new Fault('not_found', null, 'There is no such review.');
  const closed = await closeReview(tx, id, state, act.actor, act.at);
  const review = await findReview(tx, vault, id, null);
  if (review === null) throw new Error('a review that was there is there');
  if (closed) {
    const { kind, customerId, otherCustomerId, leadId } = review;
    const detail = { kind, state, customer_id: customerId, other_customer_id: otherCustomerId, lead_id: leadId };
    await auditAct(tx, act, 'review.resolved', { kind: 'review', id }, detail, note);
  } else if (review.state !== state) {
    throw new Fault('state_conflict', null, `The review is ${review.state} already.`);
  }
  return review;
}
