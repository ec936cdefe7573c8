import type { Instant } from './instant.ts';
import type { Lead } from './lead.ts';

/** Every type of event, with what it says; later parts add theirs. */
export const EVENT_TYPES = {
  'lead.created': 'A lead was made: decision created, repurchase or after_lost.',
  'lead.touched': 'A lead took another touch: decision merged, late or updated.',
  'lead.reactivated': 'A dormant lead, or one invalid by no_answer, was woken by a touch: a new cycle.',
  'lead.state_changed': 'A lead changed its state.',
  'lead.owner_changed': 'A lead got another owner or store by hand.',
  'lead.profile_changed':
    'Values of the customer changed other than by a touch, or what another system calls the lead; names of fields only.',
  'lead.split': 'A touch was moved to a customer of its own.',
  'lead.assigned':
    'A lead was given to an adviser, by a rule, in turn, by claim or from a pool; `owner_reason` says how.',
  'assignment.exhausted': 'Nobody could be given a lead: it waits in a pool. Told once, until somebody has it.',
  'lead.rating_changed': 'A lead is rated otherwise than before; rule and evidence say why.',
  'lead.left_nurture': 'The score of a lead reached MQL: it is no longer nurtured only.',
  'lead.qualified': 'The score of a lead rose above the line of SQL.',
  'lead.hot': 'The score of a lead rose above the line of hot.',
  'lead.dormant': 'A lead fell asleep, by itself or by an adviser.',
  'task.created': 'A lead is to be followed up until a moment.',
  'task.changed': 'A task is due at another moment, or is told another external_ref.',
  'task.due': 'A task is about to be due.',
  'task.overdue': 'A task is overdue: its owner is reminded.',
  'task.escalated': 'A task is overdue for long: the manager of the store is told.',
  'task.recycled': 'A task was overdue for too long: the lead was taken back into the pool of its store.',
  'task.completed': 'A lead was followed up.',
  'task.cancelled':
    'A task has no lead to follow up any more: won, lost, dormant, invalid, merged, erased or reverted.',
  'lead.merged': 'Two leads became one: told on the lead that went and on the lead that took it.',
  'lead.unmerged': 'Leads that had become one are two again, or touches went to the side that brought them.',
  'lead.reverted': 'A lead lost all its touches and is gone.',
  'lead.erased': 'The person was erased; downstream must erase too.',
  'customer.merged': 'Two customers became one.',
  'customer.unmerged': 'A merge was taken back.',
  'customer.consent_changed': 'A consent was given or withdrawn.',
  'touch.voided': 'A touch was voided; values were recomputed, no decision was.',
  'deal.recorded': 'A deal was won.',
  'deal.refunded': 'A part or all of a deal was paid back, or the deal was voided.',
  'submission.quarantined': 'A submission could not be used and waits for correction.',
  'import.completed': 'An import came to its end: all rows were judged, the file was refused, or it was cancelled.',
  'endpoint.paused': 'An endpoint was paused by the service: it answered 410, or failed for days.',
} as const;
export type EventType = keyof typeof EVENT_TYPES;

/** Those of working leads: all are about a lead. */
export type WorkingEvent = Extract<
  EventType,
  | 'lead.assigned'
  | 'lead.rating_changed'
  | 'lead.left_nurture'
  | 'lead.qualified'
  | 'lead.hot'
  | 'lead.dormant'
  | `assignment.${string}`
  | `task.${string}`
>;

/** An event as the rules make it; the flow adds who, which request, and when it was recorded. */
export interface EventDraft {
  readonly id: string;
  readonly type: EventType;
  readonly subjectKind: 'lead' | 'customer' | 'touch' | 'deal' | 'submission' | 'import' | 'endpoint';
  readonly subjectId: string;
  readonly customerId: string | null;
  readonly leadId: string | null;
  readonly sequence: number | null; // per lead, from 1, without gaps
  readonly occurredAt: Instant;
  readonly submissionId: string | null;
  readonly rule: string | null;
  readonly data: Readonly<Record<string, unknown>>; // ids, codes, amounts, field names: never identity values
}

/** An event of a lead: takes the lead's next sequence number; the lead returned has it. */
export function leadEvent(
  lead: Lead,
  customerId: string,
  event: Pick<EventDraft, 'id' | 'type' | 'occurredAt' | 'submissionId' | 'rule' | 'data'>,
): { readonly lead: Lead; readonly event: EventDraft } {
  const sequence = lead.eventSequence + 1;
  return {
    lead: { ...lead, eventSequence: sequence },
    event: { ...event, subjectKind: 'lead', subjectId: lead.id, customerId, leadId: lead.id, sequence },
  };
}
