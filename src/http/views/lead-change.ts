import { formatInstant, momentOf } from '../../domain/instant.ts';
import { maskText } from '../../domain/masking.ts';
import type { LeadChange } from '../../flows/change-state.ts';
import type { LeadChangeAnswer } from '../schemas/lead-work.ts';

/** A lead after a change by hand. */
export function leadChangeAnswer({ lead, customerId, changed, deal, flags }: LeadChange): LeadChangeAnswer {
  return {
    lead_id: lead.id,
    customer_id: customerId,
    changed,
    state: lead.state,
    state_at: formatInstant(lead.stateAt),
    reason: lead.reason === null ? null : maskText(lead.reason),
    dormant_by: lead.dormantBy,
    closed_at: momentOf(lead.closedAt),
    cycle: lead.cycle,
    owner: lead.owner,
    store: lead.store,
    former_owner: lead.formerOwner,
    former_store: lead.formerStore,
    closer: lead.closer,
    closer_store: lead.closerStore,
    deal_id: deal?.id ?? null,
    version: lead.version,
    warnings: flags,
  };
}
