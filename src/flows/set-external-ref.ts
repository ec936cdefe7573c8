import type { Bounds } from '../domain/bounds.ts';
import { leadEvent } from '../domain/event.ts';
import { Fault } from '../domain/fault.ts';
import type { Lead } from '../domain/lead.ts';
import { NAMED } from '../domain/revert.ts';
import type { Tx } from '../store/database.ts';
import { leadOfExternalRef } from '../store/lead-ref.ts';
import { upsertLeads } from '../store/lead-rows.ts';
import { readPolicy } from '../store/rules.ts';
import { sessionOf } from '../store/session.ts';
import type { Call } from './call.ts';
import type { LeadChange } from './change-state.ts';
import { idsOf } from './ids.ts';
import { lockLead } from './lock-lead.ts';
import { note } from './note.ts';
import { requireOwn } from './own.ts';
import { tell } from './tell.ts';

const UNIQUE_VIOLATION = '23505'; // two leads at once: the external_ref is the only unique value that changes here

/** What another system is to call a lead; `seen`: the version that the caller read. */
export interface ExternalRefInput {
  readonly externalRef: string | null;
  readonly seen: number;
}

/**
 * Sets what another system calls a lead; the same again changes nothing. Throws Fault `not_found`, `gone`, `other_store`,
 * `version_conflict` and `external_ref_taken`.
 */
export async function setExternalRef(
  tx: Tx,
  call: Call,
  bounds: Bounds,
  leadId: string,
  { externalRef, seen }: ExternalRefInput,
): Promise<LeadChange> {
  const { person, lead } = await lockLead(tx, call, leadId);
  requireOwn(bounds, lead);
  if (lead.version !== seen) throw new Fault('version_conflict', null, `The lead has version ${lead.version} now.`);
  const same = { customerId: person.customer.id, deal: null, flags: [] };
  if (lead.externalRef === externalRef) return { ...same, lead, changed: false };
  const other = externalRef === null ? null : await leadOfExternalRef(tx, externalRef);
  if (other !== null) throw taken(other);
  const changed: Lead = {
    ...lead,
    externalRef,
    version: lead.version + 1,
    updatedAt: Math.max(lead.updatedAt, call.at),
  };
  const session = sessionOf(tx);
  const nextId = idsOf(call.seeds, call.at, same.customerId);
  const told = leadEvent(changed, same.customerId, {
    id: nextId(),
    type: 'lead.profile_changed',
    occurredAt: call.at,
    submissionId: null,
    rule: NAMED,
    data: { confirmed: [], changed: ['external_ref'] },
  });
  await upsertLeads(session, call.vault, [told.lead]).catch((error: { readonly code?: string }) => {
    throw error.code === UNIQUE_VIOLATION ? taken(null) : error;
  });
  await tell(session, call, (await readPolicy(session)).version, [told.event]);
  // By its name the person is found elsewhere: the audit is erased with them, an event never is.
  const entry = { id: nextId(), action: 'lead.named', subjectKind: 'lead' as const, subjectId: lead.id, reason: null };
  await note(tx, call, { ...entry, detail: { from: lead.externalRef, to: externalRef } });
  return { ...same, lead: told.lead, changed: true };
}

function taken(leadId: string | null): Fault {
  const members = leadId === null ? {} : { taken_by: leadId };
  return new Fault('external_ref_taken', '/external_ref', 'Another lead has this external_ref.', members);
}
