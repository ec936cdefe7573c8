import type { Bounds } from '../domain/bounds.ts';
import { isWorking } from '../domain/directory.ts';
import { leadEvent } from '../domain/event.ts';
import { Fault } from '../domain/fault.ts';
import { handOver } from '../domain/hand-over.ts';
import type { Tx } from '../store/database.ts';
import { readDirectory } from '../store/directory.ts';
import { upsertLeads } from '../store/lead-rows.ts';
import { readPolicy } from '../store/rules.ts';
import { sessionOf } from '../store/session.ts';
import type { Call } from './call.ts';
import type { LeadChange } from './change-state.ts';
import { isOpenNow } from './give-anew.ts';
import { idsOf } from './ids.ts';
import { lockLead } from './lock-lead.ts';
import { note } from './note.ts';
import { requireOwn } from './own.ts';
import { tell } from './tell.ts';

/**
 * Puts an open lead back into the pool of its store; whoever gives it back cools down. One that nobody has stays as it is. Throws
 * Fault `not_found`, `gone`, `other_store`, `state_conflict`.
 */
export async function releaseLead(
  tx: Tx,
  call: Call,
  bounds: Bounds,
  leadId: string,
  reason: string | null,
): Promise<LeadChange> {
  const session = sessionOf(tx);
  const { person, lead } = await lockLead(tx, call, leadId);
  requireOwn(bounds, lead);
  const customerId = person.customer.id;
  if (lead.owner === null) return { lead, customerId, changed: false, deal: null, flags: [] };
  const policy = await readPolicy(session);
  if (!isOpenNow(lead, call.at, policy)) {
    const message = `A lead that is ${lead.state} has nobody to follow it up.`;
    throw new Fault('state_conflict', null, message, { state: lead.state });
  }
  const working = isWorking(await readDirectory(session));
  const given = handOver(lead, null, lead.store, call.at);
  const released = working ? given : { ...given, pooledSince: null };
  const nextId = idsOf(call.seeds, call.at, customerId);
  const { store, state } = released;
  const data = { owner: null, store, former_owner: lead.owner, former_store: lead.store, state };
  const told = leadEvent(released, customerId, {
    id: nextId(),
    type: 'lead.owner_changed',
    occurredAt: call.at,
    submissionId: null,
    rule: 'owner.released',
    data,
  });
  await upsertLeads(session, call.vault, [told.lead]);
  await tell(session, call, policy.version, [told.event]);
  await note(tx, call, { id: nextId(), action: 'lead.released', subjectKind: 'lead', subjectId: lead.id, reason });
  return { lead: told.lead, customerId, changed: true, deal: null, flags: [] };
}
