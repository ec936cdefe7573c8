import type { Instant } from './instant.ts';
import { asOf, closingMoment, isLive, isOpen, type Lead } from './lead.ts';
import type { Policy } from './policy.ts';
import type { Fields } from './submission.ts';

/** What the decision table says of one touch: the decision, the rule that fired and the lead it concerns. */
export type Placement =
  | {
      readonly kind: 'new';
      readonly decision: 'created' | 'repurchase' | 'after_lost';
      readonly rule: string;
      readonly previous: Lead | null;
    }
  | {
      readonly kind: 'existing';
      readonly decision: 'merged' | 'reactivated' | 'late';
      readonly rule: string;
      readonly lead: Lead;
    };

/** The scope of a submission under a policy: the value of the field that the policy names, `all` when blank. */
export function scopeOf(fields: Fields, policy: Policy): string {
  switch (policy.scope) {
    case 'all':
      return 'all';
    case 'product.brand':
      return fields.product?.brand ?? 'all';
    case 'product.category':
      return fields.product?.category ?? 'all';
    case 'advertiser.id':
      return fields.advertiser?.id ?? 'all';
  }
}

/**
 * The decision table. Late comes first; then open, dormant or invalid, won or lost by latest close. Leads are seen as they stood
 * at the touch's own moment. An open lead under `all` takes the touch in any scope, so that a change of policy doubles nobody.
 */
export function place(leads: readonly Lead[], scope: string, occurredAt: Instant, policy: Policy): Placement {
  const live = leads.filter(isLive);
  const inScope = live.filter((lead) => lead.scope === scope);
  const late = earliestClosed(inScope, occurredAt);
  if (late !== null) return { kind: 'existing', decision: 'late', rule: 'late.closed_at_or_after_touch', lead: late };

  const seen = (lead: Lead): Lead => asOf(lead, occurredAt, policy.dormant_after_days);
  const views = openFirst(inScope).map(seen);
  const unscoped = openFirst(live.filter((lead) => lead.scope === 'all')).map(seen);
  const open = [...views, ...unscoped].filter((lead) => isOpen(lead.state));
  const taker = latestBy(open, (lead) => lead.createdAt);
  if (taker !== null) {
    const swept = leads.find((lead) => lead.id === taker.id)?.state === 'dormant';
    const rule = swept ? 'merged.provisional_dormancy' : 'merged.open_lead';
    return { kind: 'existing', decision: 'merged', rule, lead: taker };
  }
  const asleep = latestBy(
    views.filter((lead) => lead.state === 'dormant' || lead.state === 'invalid'),
    (lead) => lead.closedAt ?? lead.stateAt,
  );
  if (asleep !== null) return wake(asleep, leads);
  const closed = latestBy(
    views.filter((lead) => lead.state === 'won' || lead.state === 'lost'),
    (lead) => lead.closedAt ?? lead.stateAt,
  );
  if (closed === null) return { kind: 'new', decision: 'created', rule: 'created.no_lead_in_scope', previous: null };
  return closed.state === 'won'
    ? { kind: 'new', decision: 'repurchase', rule: 'repurchase.won_lead', previous: closed }
    : { kind: 'new', decision: 'after_lost', rule: 'after_lost.lost_lead', previous: closed };
}

/** The leads that are open today, if any, else all: to wake another one beside an open one would make two. */
function openFirst(leads: readonly Lead[]): readonly Lead[] {
  const open = leads.filter((lead) => isOpen(lead.state));
  return open.length > 0 ? open : leads;
}

function wake(lead: Lead, stored: readonly Lead[]): Placement {
  if (lead.state === 'invalid') {
    return lead.reason === 'no_answer'
      ? { kind: 'existing', decision: 'reactivated', rule: 'reactivated.invalid_no_answer', lead }
      : { kind: 'existing', decision: 'merged', rule: 'merged.invalid_lead', lead };
  }
  const swept = stored.find((other) => other.id === lead.id)?.state === 'dormant';
  const rule = swept && lead.dormantBy === 'adviser' ? 'reactivated.dormant_lead' : 'reactivated.idle_lead';
  return { kind: 'existing', decision: 'reactivated', rule, lead };
}

/** Among closed leads, the one whose closing moment is the earliest at or after the touch. */
function earliestClosed(leads: readonly Lead[], occurredAt: Instant): Lead | null {
  let found: Lead | null = null;
  let moment = Number.POSITIVE_INFINITY;
  for (const lead of leads) {
    const closed = closingMoment(lead);
    if (closed !== null && closed >= occurredAt && closed < moment) {
      found = lead;
      moment = closed;
    }
  }
  return found;
}

function latestBy(leads: readonly Lead[], key: (lead: Lead) => number): Lead | null {
  let found: Lead | null = null;
  for (const lead of leads) {
    if (found === null || key(lead) > key(found) || (key(lead) === key(found) && lead.id > found.id)) found = lead;
  }
  return found;
}
