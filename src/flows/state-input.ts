import { Fault } from '../domain/fault.ts';
import type { Instant } from '../domain/instant.ts';
import { INVALID_REASONS, type Lead } from '../domain/lead.ts';
import type { HandState, StateChange } from '../domain/state.ts';
import { settleMoment } from './moment.ts';

/** A change of state as it is asked for; times unsettled. */
export interface StateInput {
  readonly state: HandState;
  readonly reason: string | null;
  readonly occurredAt: Instant | null; // null: now
  readonly amount: number | null; // minor units
  readonly currency: string | null;
  readonly wonAt: Instant | null; // null: occurredAt
  readonly owner: string | null;
  readonly closer: string | null;
  readonly note: string | null;
  readonly adviser: string | null; // on whose behalf
}

/** Throws `body_invalid` where a state lacks what it needs, or has what only another one takes. */
export function checkInput({ state, reason, amount, currency, wonAt, owner, closer }: StateInput): void {
  const refused = (path: string, message: string) => new Fault('body_invalid', path, message);
  const isWon = state === 'won';
  if (isWon && amount === null) throw refused('amount', 'won needs the amount, in minor units');
  if (isWon && currency === null) throw refused('currency', 'won needs the currency of the amount');
  if (!isWon && (amount ?? currency ?? wonAt ?? closer) !== null) {
    const path = amount !== null ? 'amount' : currency !== null ? 'currency' : wonAt !== null ? 'won_at' : 'closer';
    throw refused(path, `${path} belongs to won`);
  }
  if (owner !== null && state !== 'assigned') throw refused('owner', 'owner belongs to assigned');
  if (state === 'lost' && reason === null) throw refused('reason', 'lost needs a reason');
  if (state === 'invalid' && !(INVALID_REASONS as readonly (string | null)[]).includes(reason)) {
    throw refused('reason', `invalid needs a reason, one of ${INVALID_REASONS.join(', ')}`);
  }
  if (reason !== null && (isWon || state === 'assigned' || state === 'following')) {
    throw refused('reason', `${state} takes no reason; say it in note`);
  }
}

/** The change with its moments settled by our clock and its closer found: named, else the owner, else who acts. Throws `body_invalid`. */
export function settleInput(
  input: StateInput,
  lead: Lead,
  at: Instant,
  skew: number,
): { readonly change: StateChange; readonly flags: readonly string[] } {
  const { state, reason, amount, currency, owner, closer } = input;
  if (state === 'assigned' && owner === null && lead.owner === null) {
    throw new Fault('body_invalid', 'owner', 'assigned needs an owner');
  }
  const { moment: occurredAt, flags } = settleMoment(input.occurredAt, at, skew);
  const won = input.wonAt === null ? { moment: occurredAt, flags: [] } : settleMoment(input.wonAt, at, skew);
  const isWon = state === 'won' && amount !== null && currency !== null;
  return {
    change: {
      to: state,
      reason,
      occurredAt,
      at,
      owner,
      closer: closer ?? lead.owner ?? input.adviser,
      won: !isWon
        ? null
        : {
            amount,
            currency,
            wonAt: won.moment,
            closerNamed: closer !== null,
            timeNamed: input.wonAt !== null,
          },
    },
    flags: [...new Set([...flags, ...won.flags])],
  };
}
