import type { Bounds } from '../domain/bounds.ts';
import { closeTask } from '../domain/close-task.ts';
import { type EventDraft, leadEvent } from '../domain/event.ts';
import { Fault } from '../domain/fault.ts';
import { identityKey } from '../domain/identity.ts';
import type { Instant } from '../domain/instant.ts';
import type { Lead } from '../domain/lead.ts';
import { codeOf } from '../domain/reason.ts';
import { mentions, type Personal } from '../domain/scrub.ts';
import { tellFacts } from '../domain/tell-facts.ts';
import type { Tx } from '../store/database.ts';
import { eraseFamily } from '../store/erase-writes.ts';
import { identitiesOf } from '../store/identity-rows.ts';
import { lockUnfinishedImports } from '../store/import-erase.ts';
import { upsertLeads } from '../store/lead-rows.ts';
import { letWork } from '../store/let-work.ts';
import { forgetRecordedPushes } from '../store/recordings.ts';
import { readPolicy } from '../store/rules.ts';
import { type Session, sessionOf } from '../store/session.ts';
import { insertSuppressions } from '../store/suppressions.ts';
import { erasedAmong, familyOf, lockIdentities } from '../store/whereabouts.ts';
import type { Call } from './call.ts';
import { eraseDeliveries } from './erase-deliveries.ts';
import { findPerson } from './erase-find.ts';
import { eraseImports } from './erase-imports.ts';
import { scrubRows } from './erase-scrub.ts';
import { idsOf } from './ids.ts';
import { type LockedPerson, lockPeople } from './lock-people.ts';
import { note } from './note.ts';
import { requireAll } from './own.ts';
import { tell } from './tell.ts';

/** Why a person is erased, and what a later submission of theirs comes to: suppressed, or a new customer with no link. */
export interface EraseInput {
  readonly reason: string;
  readonly later: 'suppressed' | 'new_customer';
}

/** What is left of a person: when it was done, and how much there was. */
export interface ErasedCustomer {
  readonly customerId: string;
  readonly erasedAt: Instant;
  readonly leads: number;
  readonly submissions: number;
  readonly suppressed: number; // identities put on the do-not-process list
}

/**
 * Takes the identity of a person out of everything: the whole family of aliases, what came to no customer, raw bodies, kept
 * answers, what was sent to endpoints, recorded pushes, the audit. Counts and money stay. Again changes nothing. Throws Fault `not_found`, `other_store`, `body_invalid` (a
 * reason that names the person).
 */
export async function eraseCustomer(
  tx: Tx,
  call: Call,
  bounds: Bounds,
  customerId: string,
  input: EraseInput,
): Promise<ErasedCustomer> {
  await letWork(tx);
  const session = sessionOf(tx);
  const unfinished = await lockUnfinishedImports(session);
  await lockIdentities(session, await familyOf(session, customerId));
  const person = (await lockPeople(tx, call.vault, [customerId], call.at)).get(customerId);
  if (person === undefined) throw new Fault('not_found', null, 'There is no such customer.');
  const root = person.customer.id;
  const erasedAt = (await erasedAmong(session, [root])).get(root);
  if (erasedAt !== undefined) return { customerId: root, erasedAt, leads: 0, submissions: 0, suppressed: 0 };
  requireAll(bounds, person.leads);
  const family = await familyOf(session, root);
  const { version, document } = await readPolicy(session);
  const found = await findPerson(session, call.vault, family);
  if (mentions(found.personal, input.reason)) {
    throw new Fault('body_invalid', 'reason', 'The reason must not name the person: it is kept.');
  }
  const suppressed = input.later === 'suppressed' ? await suppressAll(tx, session, call, root) : 0;
  const submissionIds = found.submissions.map(({ id }) => id);
  await eraseImports(tx, call.vault, { root, submissionIds, named: found.named, unfinished });
  await scrubRows(session, call, { family, person, found, receiptDays: document.receipt_days });
  await eraseFamily(session, family, call);
  const told = tellErased(person, found.personal, call, input);
  await upsertLeads(session, call.vault, told.leads);
  await eraseDeliveries(tx, root, submissionIds, call.at);
  // Whose a recorded push is nobody has read: they are a debugging aid, and all of them go.
  await forgetRecordedPushes(tx, { before: call.at + 1 });
  await tell(session, call, version, told.events);
  const counts = { leads: person.leads.length, submissions: found.submissions.length, suppressed };
  const entry = { id: told.nextId(), action: 'customer.erased', subjectKind: 'customer' as const, subjectId: root };
  await note(tx, call, { ...entry, reason: input.reason, detail: { ...counts, later: input.later } });
  return { customerId: root, erasedAt: call.at, ...counts };
}

/** Puts every identity of the person on the do-not-process list, by its keyed hash. */
async function suppressAll(tx: Tx, session: Session, call: Call, root: string): Promise<number> {
  const identities = await identitiesOf(session, call.vault, [root]);
  const entry = { reason: 'erased_do_not_contact', actor: call.actor, createdAt: call.at };
  const tokens = new Set(identities.map(({ identity }) => call.vault.token(identityKey(identity))));
  await insertSuppressions(
    tx,
    [...tokens].map((token) => ({ ...entry, token })),
  );
  return tokens.size;
}

/** One event for each lead, in its sequence, and one of the customer: whoever ever received the person has to erase too. */
function tellErased(
  { customer, leads }: LockedPerson,
  personal: Personal,
  call: Call,
  { later }: EraseInput,
): { readonly leads: readonly Lead[]; readonly events: readonly EventDraft[]; readonly nextId: () => string } {
  const nextId = idsOf(call.seeds, call.at, customer.id);
  const type = 'lead.erased' as const;
  const common = { type, occurredAt: call.at, submissionId: null, rule: 'erased.by_request', data: { later } };
  const told = leads.map((lead) => {
    const reason = codeOf(lead.reason);
    const nobody: Lead = {
      ...lead,
      phone: null,
      reason: reason !== null && mentions(personal, reason) ? null : reason,
      ratingFacts: withoutWords(lead.ratingFacts),
      hidden: 'erased',
      externalRef: null, // by it the person is found elsewhere
      task: lead.task === null ? null : { ...lead.task, externalRef: null },
      version: lead.version + 1,
      updatedAt: Math.max(lead.updatedAt, call.at),
    };
    const ended = closeTask(nobody, { state: 'cancelled', reason: 'erased' });
    const task = tellFacts(ended, customer.id, { occurredAt: call.at, submissionId: null, nextId });
    const erased = leadEvent(task.lead, customer.id, { ...common, id: nextId() });
    return { lead: erased.lead, events: [...task.events, erased.event] };
  });
  const subject = { subjectKind: 'customer' as const, subjectId: customer.id, customerId: customer.id };
  const whole: EventDraft = { ...common, ...subject, id: nextId(), leadId: null, sequence: null };
  return { leads: told.map(({ lead }) => lead), events: [whole, ...told.flatMap(({ events }) => events)], nextId };
}

/** Why somebody rated a lead by hand is in their own words, which may name the person. */
function withoutWords(facts: Lead['ratingFacts']): Lead['ratingFacts'] {
  return facts === null || facts.manual === null ? facts : { ...facts, manual: { ...facts.manual, reason: null } };
}
