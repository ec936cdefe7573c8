import { currentLead } from '../domain/absorb.ts';
import type { Bounds } from '../domain/bounds.ts';
import { leadEvent } from '../domain/event.ts';
import { Fault } from '../domain/fault.ts';
import { codeOf } from '../domain/reason.ts';
import type { Tx } from '../store/database.ts';
import { upsertLeads } from '../store/lead-rows.ts';
import { readPolicy } from '../store/rules.ts';
import { sessionOf } from '../store/session.ts';
import { touchesOf } from '../store/touch-moves.ts';
import { voidTouches } from '../store/touch-rows.ts';
import { familyOf } from '../store/whereabouts.ts';
import type { Call } from './call.ts';
import { idsOf } from './ids.ts';
import { lockOwner } from './lock-lead.ts';
import { requireOwn } from './own.ts';
import { recompute } from './recompute.ts';
import { tell } from './tell.ts';

/** A touch that counts no more; `changed` false: it did not before either. */
export interface VoidedTouch {
  readonly touchId: string;
  readonly leadId: string;
  readonly customerId: string;
  readonly changed: boolean;
}

/**
 * Voids a touch with a reason: values are recomputed without it, no decision and no state is reversed. Again changes nothing.
 * Throws Fault `not_found`, `gone`, `other_store`.
 */
export async function voidTouch(
  tx: Tx,
  call: Call,
  bounds: Bounds,
  touchId: string,
  reason: string,
): Promise<VoidedTouch> {
  const session = sessionOf(tx);
  const { person, found: touch } = await lockOwner(tx, call, 'touch', touchId, async ({ customer }) => {
    const touches = await touchesOf(session, call.vault, await familyOf(session, customer.id));
    return touches.find(({ id }) => id === touchId) ?? null;
  });
  const customerId = person.customer.id;
  const lead = currentLead(person.leads, touch.leadId);
  if (lead === undefined) throw new Fault('not_found', null, 'The lead of the touch is not there.');
  if (lead.hidden === 'erased') throw new Fault('gone', null, 'The person was erased.');
  requireOwn(bounds, lead);
  const answer = { touchId, leadId: lead.id, customerId };
  if (touch.voided) return { ...answer, changed: false };
  const told = leadEvent(lead, customerId, {
    id: idsOf(call.seeds, call.at, customerId)(),
    type: 'touch.voided',
    occurredAt: call.at,
    submissionId: null,
    rule: 'voided.by_hand',
    data: { touch_id: touchId, reason: codeOf(reason) },
  });
  await voidTouches(session, [{ touchId, customerId, leadId: lead.id, reason, at: call.at }]);
  await upsertLeads(session, call.vault, [told.lead]);
  await recompute(session, call, [customerId]);
  const event = { ...told.event, subjectKind: 'touch' as const, subjectId: touchId };
  await tell(session, call, (await readPolicy(session)).version, [event]);
  return { ...answer, changed: true };
}
