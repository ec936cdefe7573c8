import { type EventDraft, leadEvent } from '../domain/event.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import type { Lead } from '../domain/lead.ts';
import { codeOf } from '../domain/reason.ts';
import type { Deal } from '../store/deals.ts';

/** The events of a change, in the lead's sequence: the state, then the owner that was given or the deal that was won. */
export function tellState(
  lead: Lead,
  before: Lead,
  customerId: string,
  occurredAt: Instant,
  made: {
    readonly rule: string;
    readonly won: Deal | null;
    readonly flags: readonly string[];
    readonly nextId: () => string;
  },
): { readonly lead: Lead; readonly events: readonly EventDraft[] } {
  const { rule, won, flags, nextId } = made;
  const common = { submissionId: null, occurredAt };
  const state = leadEvent(lead, customerId, {
    ...common,
    id: nextId(),
    type: 'lead.state_changed',
    rule,
    data: {
      from: before.state,
      to: lead.state,
      reason: codeOf(lead.reason),
      owner: lead.owner,
      store: lead.store,
      cycle: lead.cycle,
      closed_at: isoOrNull(lead.closedAt),
      before: { closed_at: isoOrNull(before.closedAt), reason: codeOf(before.reason) },
      flags,
    },
  });
  if (won !== null) {
    const told = leadEvent(state.lead, customerId, {
      ...common,
      id: nextId(),
      type: 'deal.recorded',
      occurredAt: won.occurredAt,
      rule: 'deal.won',
      data: {
        deal_id: won.id,
        lead_id: lead.id,
        amount: won.amount,
        currency: won.currency,
        closer: won.closer,
        store: won.store,
      },
    });
    const deal: EventDraft = { ...told.event, subjectKind: 'deal', subjectId: won.id };
    return { lead: told.lead, events: [state.event, deal] };
  }
  if (lead.owner === before.owner) return { lead: state.lead, events: [state.event] };
  const owner = leadEvent(state.lead, customerId, {
    ...common,
    id: nextId(),
    type: 'lead.owner_changed',
    rule: 'owner.by_hand',
    data: { owner: lead.owner, store: lead.store, former_owner: before.owner, former_store: before.store },
  });
  return { lead: owner.lead, events: [state.event, owner.event] };
}

function isoOrNull(at: Instant | null): string | null {
  return at === null ? null : formatInstant(at);
}
