import { currentLead } from './absorb.ts';
import type { Entry } from './entry.ts';
import { leadEvent } from './event.ts';
import type { KnownReceipt } from './known.ts';
import type { Outcome } from './outcome.ts';
import { withLead } from './person.ts';
import { changedFields, stateProfile } from './profile.ts';
import { recordConsents, recordSubmission } from './record.ts';
import type { LedgerVerdict } from './replay.ts';
import { resolve } from './resolve.ts';
import { bucketDigits, ID, makeId } from './seed.ts';
import { uniteValues } from './unite-values.ts';
import type { Settled, World } from './world.ts';

/** A re-send with other content from a source with update semantics: new values for the same touch; its identity, channel and moment stay. */
export function update(
  world: World,
  entry: Entry,
  settled: Settled,
  ledger: Extract<LedgerVerdict, { kind: 'updates' }>,
): Outcome {
  const { receipt } = ledger;
  const { touch, touchId, leadId, customerId } = receipt;
  if (touch === null || touchId === null || leadId === null || customerId === null)
    throw new Error('an update needs its touch');
  if (settled.identities.length > 0) resolve(world, entry, { ...settled, occurredAt: touch.occurredAt });
  const person = world.persons.get(customerId);
  if (person === undefined) throw movedMeanwhile();
  const submissionId = makeId(entry.seed, bucketDigits(customerId), ID.submission);
  const values = {
    submissionId,
    occurredAt: settled.occurredAt,
    receivedAt: settled.receivedAt,
    fields: settled.fields,
  };
  const history = [...touch.history, values];
  const fields = uniteValues(history);
  const stamp = { at: settled.occurredAt, rec: settled.receivedAt, sub: submissionId };
  const profile = stateProfile(person.customer.profile, settled.fields.person ?? {}, settled.fields.clear ?? [], stamp);
  const changed = changedFields(person.customer.profile, profile);
  const customer = { ...person.customer, profile, version: person.customer.version + 1, updatedAt: settled.receivedAt };
  world.touchFields.set(touchId, { customerId, fields });
  // What the other touches of the cycle are rated is in the history only.
  if (fields.intent?.kind !== uniteValues(touch.history).intent?.kind) world.recomputed.set(customerId, entry);
  const lead = currentLead(person.leads, leadId);
  let next = { ...person, customer };
  if (lead !== undefined) {
    const told = leadEvent(
      {
        ...lead,
        phone: lead.phone ?? settled.phone?.e164 ?? null,
        version: lead.version + 1,
        updatedAt: settled.receivedAt,
      },
      customerId,
      {
        id: makeId(entry.seed, bucketDigits(customerId), ID.event),
        type: 'lead.touched',
        occurredAt: settled.occurredAt,
        submissionId,
        rule: 'updated.same_lead_new_values',
        data: {
          decision: 'updated',
          touch_id: touchId,
          channel: touch.channel,
          changed,
          groups: Object.keys(settled.fields),
          mode: settled.mode,
        },
      },
    );
    world.events.push({ event: told.event, entry });
    next = withLead(next, told.lead);
  }
  world.persons.set(customerId, next);
  const outcome = recordSubmission(
    world,
    entry,
    settled,
    { ledger, completes: settled.completes },
    {
      decision: 'updated',
      rule: 'updated.same_lead_new_values',
      customerId,
      leadId,
      touchId,
      owner: receipt.owner,
      assignment: null,
      flags: [],
      supersedes: receipt.submissionId,
      makesTouch: false,
    },
  );
  rememberHistory(world, receipt, { ...touch, history });
  recordConsents(world);
  return outcome;
}

function rememberHistory(world: World, receipt: KnownReceipt, touch: NonNullable<KnownReceipt['touch']>): void {
  for (const [name, known] of world.receipts) {
    if (known.submissionId === receipt.submissionId) world.receipts.set(name, { ...known, touch });
  }
}

/** The touch of a lead that turned out to be about somebody else: voided as superseded; the flow recomputes what it had said. */
export function voidRenamed(world: World, entry: Entry, settled: Settled, receipt: KnownReceipt): void {
  const { touchId, leadId, customerId } = receipt;
  if (receipt.touch === null || touchId === null || leadId === null || customerId === null || receipt.touch.voided)
    return;
  world.recomputed.set(customerId, entry);
  world.voids.push({ touchId, customerId, leadId, reason: 'superseded', at: settled.receivedAt });
  const person = world.persons.get(customerId);
  const lead = person === undefined ? undefined : currentLead(person.leads, leadId);
  if (person === undefined || lead === undefined) return;
  const told = leadEvent(lead, customerId, {
    id: makeId(entry.seed, bucketDigits(customerId), ID.event + 2),
    type: 'touch.voided',
    occurredAt: settled.occurredAt,
    submissionId: receipt.submissionId,
    rule: 'voided.superseded',
    data: { touch_id: touchId, reason: 'superseded' },
  });
  const event = { ...told.event, subjectKind: 'touch' as const, subjectId: touchId };
  world.events.push({ event, entry });
  const touches = person.touches.filter((touch) => touch.id !== touchId);
  world.persons.set(customerId, withLead({ ...person, touches }, told.lead));
}

/** The touch went to another person between two reads (split, unmerge): the transaction starts again. */
function movedMeanwhile(): Error {
  return Object.assign(new Error('the person of an updated touch was not read'), { code: 'stale_root' });
}
