import { type EventDraft, leadEvent } from '../domain/event.ts';
import type { Lead } from '../domain/lead.ts';
import type { SeparatedLeads } from '../domain/unmerge.ts';
import type { Merge } from '../store/merges.ts';
import type { Call } from './call.ts';
import { idsOf } from './ids.ts';

/** The events of an unmerge: one for each of the two customers, and one in the sequence of each lead that it changes. */
export function tellUnmerge(
  { survivors, returned, emptied, seats }: SeparatedLeads,
  { id: mergeId, survivorId, absorbedId }: Merge,
  touches: readonly { readonly id: string }[],
  call: Call,
): { readonly leads: readonly Lead[]; readonly events: readonly EventDraft[] } {
  const common = { occurredAt: call.at, submissionId: null, rule: 'unmerge.by_hand' };
  const data = { merge_id: mergeId, survivor_id: survivorId, restored_id: absorbedId };
  const ids = {
    [survivorId]: idsOf(call.seeds, call.at, survivorId),
    [absorbedId]: idsOf(call.seeds, call.at, absorbedId),
  };
  const nextId = (customerId: string): string => ids[customerId]?.() ?? '';
  const customers = [survivorId, absorbedId].map(
    (customerId): EventDraft => ({
      ...common,
      id: nextId(customerId),
      type: 'customer.unmerged',
      subjectKind: 'customer',
      subjectId: customerId,
      customerId,
      leadId: null,
      sequence: null,
      data: { ...data, touches: touches.map((touch) => touch.id) },
    }),
  );
  const tellLead = (lead: Lead, customerId: string, type: 'lead.unmerged' | 'lead.reverted') => {
    const took = [...seats].filter(([, seat]) => seat.leadId === lead.id).map(([touchId]) => touchId);
    const { state, owner, store, cycle } = lead;
    const about = { ...data, state, owner, store, cycle, touches: took };
    return leadEvent(lead, customerId, { ...common, id: nextId(customerId), type, data: about });
  };
  const told = [
    ...survivors.map((lead) => tellLead(lead, survivorId, 'lead.unmerged')),
    ...emptied.map((lead) => tellLead(lead, survivorId, 'lead.reverted')),
    ...returned.map((lead) => tellLead(lead, absorbedId, 'lead.unmerged')),
  ];
  return { leads: told.map(({ lead }) => lead), events: [...customers, ...told.map(({ event }) => event)] };
}
