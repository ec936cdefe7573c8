import type { Lead } from './lead.ts';
import { leadOfTouch, type MovedTouch } from './seat.ts';
import { seedOf } from './sides.ts';

/** Whether a lead goes with its touch: it holds no other, no deal, and no lead was merged into it or it into another. */
export function leadGoesAlong(
  lead: Lead,
  touchId: string,
  held: {
    readonly leads: readonly Lead[];
    readonly touches: readonly { readonly id: string; readonly leadId: string }[];
    readonly withDeals: readonly string[];
  },
): boolean {
  const alone = held.touches.every((touch) => touch.id === touchId || touch.leadId !== lead.id);
  const joined = lead.mergedInto !== null || held.leads.some((other) => other.mergedInto === lead.id);
  return alone && !joined && !held.withDeals.includes(lead.id);
}

/** The lead of a touch that becomes a customer's own: the one that goes along, no longer tied to somebody else's, or a new one. */
export function splitLead(
  along: Lead | null,
  touch: MovedTouch,
  made: { readonly leadId: string; readonly customerId: string },
): Lead {
  if (along === null) return leadOfTouch(made.leadId, made.customerId, touch);
  const flags = along.flags.filter((flag) => flag !== 'possible_number_reuse');
  return { ...along, repurchaseOf: null, previousLead: null, flags };
}

/**
 * The identities that go with a touch: those that it made, unless others came by them too; and the one that it came by, when the
 * number is said to be the new customer's.
 */
export function identitiesAlong(
  touch: { readonly id: string; readonly identityId: string },
  others: readonly { readonly identityId: string }[],
  identities: readonly { readonly id: string }[],
  takeIdentity: 'take' | 'leave',
): readonly string[] {
  const shared = new Set(others.map(({ identityId }) => identityId));
  return identities
    .map(({ id }) => id)
    .filter((id) => {
      if (id === touch.identityId && takeIdentity === 'take') return true;
      return seedOf(id) === seedOf(touch.id) && !shared.has(id);
    });
}
