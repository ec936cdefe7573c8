import type { Selectable } from 'kysely';
import { formatInstant } from '../../domain/instant.ts';
import { type LeadRecord, leadRecord } from '../../domain/lead-record.ts';
import { maskPhone } from '../../domain/mask.ts';
import { maskText } from '../../domain/masking.ts';
import { type Sight, seen } from '../../domain/sight.ts';
import type { Reach } from '../../store/lead-page.ts';
import type { ListedLead } from '../../store/listed-lead.ts';
import type { DealTable } from '../../store/tables.ts';
import type { FirstResponse } from '../../store/task-read.ts';
import type { DealRecord, LeadDetail, LeadExists } from '../schemas/lead-answer.ts';
import { covers } from '../visibility.ts';
import { ratingFactsRecord } from './rating.ts';

/** A lead in full within the reach of a key; of others, that it exists. */
export function leadRecordWithin(reach: Reach | null, listed: ListedLead, sight: Sight): LeadRecord | LeadExists {
  return covers(reach, listed.lead) ? leadRecord(listed, sight) : leadExists(listed);
}

/** What is said of a lead of another store. */
export function leadExists({ lead }: Pick<ListedLead, 'lead'>): LeadExists {
  return { id: lead.id, exists: true, phone: lead.phone === null ? null : maskPhone(lead.phone) };
}

/** One lead with its deals. `family` are its own id and those of leads merged into it. */
export function leadDetail(
  listed: ListedLead,
  asked: string,
  family: readonly string[],
  deals: readonly Selectable<DealTable>[],
  responded: FirstResponse | null,
  sight: Sight,
): LeadDetail {
  const { id } = listed.lead;
  return {
    ...leadRecord(listed, sight),
    rating_facts: ratingFactsRecord(listed.lead, sight),
    resolved_from: asked === id ? null : asked,
    merged_leads: family.filter((other) => other !== id),
    deals: dealAnswers(deals, sight),
    first_response:
      responded === null
        ? null
        : {
            at: formatInstant(responded.ended_at),
            adviser: responded.owner,
            elapsed_seconds: responded.elapsed_seconds,
            business_seconds: responded.business_seconds,
          },
  };
}

/** The deals of a lead, in their order. */
export function dealAnswers(deals: readonly Selectable<DealTable>[], sight: Sight): DealRecord[] {
  return deals.map((deal) => ({
    id: deal.id,
    kind: deal.kind,
    of_deal: deal.of_deal,
    amount: deal.amount,
    currency: deal.currency,
    net_amount: deal.kind === 'won' ? netAmount(deal, deals) : null,
    closer: deal.closer,
    store: deal.store,
    reason: seen(sight, deal.reason, maskText),
    actor: deal.actor,
    occurred_at: formatInstant(deal.occurred_at),
    recorded_at: formatInstant(deal.recorded_at),
  }));
}

function netAmount(won: Selectable<DealTable>, deals: readonly Selectable<DealTable>[]): number {
  return deals.reduce((sum, deal) => (deal.of_deal === won.id ? sum + deal.amount : sum), won.amount);
}
