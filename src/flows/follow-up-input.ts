import { Fault } from '../domain/fault.ts';
import type { Instant } from '../domain/instant.ts';
import { isOpen } from '../domain/lead.ts';
import type { FollowUpOutcome, Method } from '../domain/task.ts';
import { requireSoon } from './next-moment.ts';
import { checkInput, type StateInput } from './state-input.ts';

/** A follow-up as it is told; `state` is what it closes the lead with. */
export interface FollowUpInput {
  readonly method: Method;
  readonly content: string;
  readonly outcome: FollowUpOutcome;
  readonly occurredAt: Instant | null; // null: now
  readonly nextAt: Instant | null;
  readonly state: StateInput | null;
  readonly externalRef: string | null;
}

/** Throws `body_invalid` unless a follow-up either closes the lead or names a next time that is still to come. */
export function checkFollowUp({ nextAt, state }: FollowUpInput, at: Instant): void {
  if (state === null) {
    if (nextAt === null) throw new Fault('body_invalid', 'next_at', 'a follow-up that closes nothing needs next_at');
    requireSoon(nextAt, at, 'next_at');
    return;
  }
  if (isOpen(state.state))
    throw new Fault('body_invalid', 'state.to', 'a follow-up closes a lead: won, lost, dormant or invalid');
  if (nextAt !== null) throw new Fault('body_invalid', 'next_at', 'a lead that is closed has no next time');
  try {
    checkInput(state);
  } catch (error) {
    if (!(error instanceof Fault) || error.path === null) throw error;
    throw new Fault(error.code, `state.${error.path}`, error.message, error.members);
  }
}
