import type { Explanation } from './assignment.ts';
import type { Entry } from './entry.ts';
import { type KnownReceipt, receiptKey } from './known.ts';
import { DAY_MS } from './lead.ts';
import type { Decision, Outcome, Owner } from './outcome.ts';
import type { LedgerVerdict } from './replay.ts';
import { bucketDigits, ID, makeId } from './seed.ts';
import type { Settled, SubmissionWrite, World } from './world.ts';

/** What a submission came to, before it is written down. */
export interface Verdict {
  readonly decision: Decision;
  readonly rule: string;
  readonly customerId: string | null;
  readonly leadId: string | null;
  readonly touchId: string | null;
  readonly owner: Owner | null;
  readonly assignment: Explanation | null;
  readonly flags: readonly string[];
  readonly supersedes: string | null;
  readonly makesTouch: boolean;
}

interface Context {
  readonly ledger: LedgerVerdict;
  readonly completes: string | null;
}

/** Writes the submission, its receipts, its quarantine, and what it completes, into the world; answers the outcome. */
export function recordSubmission(
  world: World,
  entry: Entry,
  settled: Settled,
  context: Context,
  verdict: Verdict,
): Outcome {
  const bucket = verdict.customerId === null ? entry.bucket : bucketDigits(verdict.customerId);
  const id = makeId(entry.seed, bucket, ID.submission);
  const write: SubmissionWrite = {
    id,
    entry,
    settled,
    decision: verdict.decision,
    rule: verdict.rule,
    customerId: verdict.customerId,
    leadId: verdict.leadId,
    touchId: verdict.touchId,
    supersedes: verdict.supersedes,
    completes: context.completes,
    owner: verdict.owner,
    flags: [...settled.flags, ...verdict.flags],
    minimal: verdict.decision === 'suppressed',
  };
  world.submissions.push(write);
  const quarantineId = verdict.decision === 'quarantined' ? quarantine(world, entry, settled, write, bucket) : null;
  if (context.completes !== null) {
    const again = verdict.decision === 'quarantined' || verdict.decision === 'parked' ? 'unusable' : 'usable';
    world.completed.push({ submissionId: context.completes, by: id, again });
  }
  if (verdict.makesTouch && verdict.touchId !== null) rememberTouch(world, entry, settled, verdict, id);
  recordReceipts(world, entry, settled, context.ledger, write, quarantineId);
  return {
    submissionId: id,
    decision: verdict.decision,
    originalDecision: null,
    leadId: verdict.leadId,
    customerId: verdict.customerId,
    touchId: verdict.touchId,
    rule: verdict.rule,
    policyVersion: world.known.policy.version,
    owner: verdict.owner,
    assignment: verdict.assignment,
    warnings: settled.warnings,
    quarantineId,
    refusal: verdict.decision === 'quarantined' ? settled.refusal : null,
  };
}

function quarantine(world: World, entry: Entry, settled: Settled, write: SubmissionWrite, bucket: string): string {
  const id = makeId(entry.seed, bucket, ID.quarantine);
  world.quarantines.push({ id, write });
  world.events.push({
    entry,
    event: {
      id: makeId(entry.seed, bucket, ID.event),
      type: 'submission.quarantined',
      subjectKind: 'submission',
      subjectId: write.id,
      customerId: null,
      leadId: null,
      sequence: null,
      occurredAt: settled.occurredAt,
      submissionId: write.id,
      rule: write.rule,
      data: {
        quarantine_id: id,
        code: settled.refusal?.code ?? null,
        source_id: settled.source.id,
        mode: settled.mode,
      },
    },
  });
  return id;
}

/** A touch made in this batch is known to the entries after it, so that a double click in one batch is noise too. */
function rememberTouch(world: World, entry: Entry, settled: Settled, verdict: Verdict, submissionId: string): void {
  const person = verdict.customerId === null ? undefined : world.persons.get(verdict.customerId);
  if (person === undefined || verdict.touchId === null || verdict.leadId === null) return;
  const touch = {
    id: verdict.touchId,
    leadId: verdict.leadId,
    noiseKey: entry.noiseKey,
    occurredAt: settled.occurredAt,
    firstAt: settled.occurredAt,
    firstSubmissionId: submissionId,
    lastAt: settled.occurredAt,
    lastSubmissionId: submissionId,
  };
  world.persons.set(person.customer.id, { ...person, touches: [...person.touches, touch] });
}

function recordReceipts(
  world: World,
  entry: Entry,
  settled: Settled,
  ledger: LedgerVerdict,
  write: SubmissionWrite,
  quarantineId: string | null,
): void {
  if (ledger.kind === 'conflict') return; // its keys stand for the other submission, and sent again it is a conflict again
  const expiresAt = settled.receivedAt + world.known.policy.document.receipt_days * DAY_MS;
  for (const key of settled.keys) {
    const name = receiptKey(settled.source.id, key.kind, key.key);
    const known = world.receipts.get(name);
    // A key that stands for another submission keeps doing so, but for those of the one that this completes or replaces.
    const mine = 'receipt' in ledger && known?.submissionId === ledger.receipt.submissionId;
    if (known !== undefined && !mine) continue;
    // An update that cannot be used is not remembered as seen: sent again it is refused again.
    if (ledger.kind === 'updates' && write.decision === 'quarantined') continue;
    const fingerprints = [
      ...(known?.fingerprints ?? []).filter((seen) => seen !== entry.fingerprint),
      entry.fingerprint,
    ];
    const keepsOriginal = ledger.kind === 'updates' && mine && known !== undefined && known.submissionId !== null;
    const submissionId = keepsOriginal && known?.submissionId != null ? known.submissionId : write.id;
    world.receipts.set(
      name,
      keepsOriginal && known !== undefined
        ? { ...known, fingerprints }
        : receiptOf(world, settled, write, fingerprints, quarantineId),
    );
    const earlier = world.receiptWrites.get(name);
    world.receiptWrites.set(name, {
      sourceId: settled.source.id,
      kind: key.kind,
      key: key.key,
      submissionId,
      fingerprints,
      createdAt: settled.receivedAt,
      expiresAt: key.kind === 'external' ? null : expiresAt,
      replaces: earlier === undefined ? known !== undefined : earlier.replaces,
    });
  }
}

function receiptOf(
  world: World,
  settled: Settled,
  write: SubmissionWrite,
  fingerprints: readonly string[],
  quarantineId: string | null,
): KnownReceipt {
  const { refusal } = settled;
  const values = {
    submissionId: write.id,
    occurredAt: settled.occurredAt,
    receivedAt: settled.receivedAt,
    fields: settled.fields,
  };
  return {
    submissionId: write.id,
    fingerprints,
    decision: write.decision,
    rule: write.rule,
    policyVersion: world.known.policy.version,
    customerId: write.customerId,
    leadId: write.leadId,
    touchId: write.touchId,
    owner: write.owner,
    warnings: settled.warnings,
    occurredAt: settled.occurredAt,
    quarantine: quarantineId === null || refusal === null ? null : { id: quarantineId, ...refusal },
    touch:
      !settled.source.updateSemantics || write.touchId === null || write.decision === 'noise'
        ? null
        : {
            channel: settled.channel,
            occurredAt: settled.occurredAt,
            voided: false,
            history: [values],
          },
  };
}

/** The consent statements of the submission written last. */
export function recordConsents(world: World): void {
  const write = world.submissions.at(-1);
  if (write === undefined || write.customerId === null) return;
  const customerId = write.customerId;
  write.settled.consents.forEach((_, index) => {
    const id = makeId(write.entry.seed, bucketDigits(customerId), ID.consent + index);
    world.consents.push({ id, customerId, write, index });
  });
}
