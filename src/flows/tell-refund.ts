import { type EventDraft, leadEvent } from '../domain/event.ts';
import type { Lead } from '../domain/lead.ts';
import type { Deal } from '../store/deals.ts';

/** The event of a refund or of a void of a deal, in the sequence of its lead; `left` is what remains, in minor units. */
export function tellRefund(
  lead: Lead,
  customerId: string,
  entry: Deal,
  left: number,
  eventId: string,
): { readonly lead: Lead; readonly event: EventDraft } {
  const told = leadEvent(lead, customerId, {
    id: eventId,
    type: 'deal.refunded',
    occurredAt: entry.occurredAt,
    submissionId: null,
    rule: entry.kind === 'void' ? 'deal.voided' : 'deal.refund',
    data: {
      deal_id: entry.ofDeal,
      entry_id: entry.id,
      kind: entry.kind,
      lead_id: lead.id,
      amount: entry.amount,
      currency: entry.currency,
      left,
      closer: entry.closer,
      store: entry.store,
    },
  });
  const subjectId = entry.ofDeal ?? entry.id;
  return { lead: told.lead, event: { ...told.event, subjectKind: 'deal', subjectId } };
}
