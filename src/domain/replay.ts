import type { Entry } from './entry.ts';
import { contradicts } from './identity.ts';
import { type KnownReceipt, receiptKey } from './known.ts';
import type { Outcome } from './outcome.ts';
import type { Key, Refusal } from './submission.ts';
import type { Settled, World } from './world.ts';

/** What the ledger says of a submission's keys, in their order: delivery, request, external; the first known one speaks. */
export type LedgerVerdict =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'replayed'; readonly receipt: KnownReceipt }
  | { readonly kind: 'conflict'; readonly receipt: KnownReceipt }
  | { readonly kind: 'completes'; readonly receipt: KnownReceipt; readonly same: boolean }
  | { readonly kind: 'closed'; readonly submissionId: string } // a retry of what another has completed
  | { readonly kind: 'updates'; readonly receipt: KnownReceipt; readonly key: Key }
  | { readonly kind: 'renames'; readonly receipt: KnownReceipt; readonly key: Key };

/** Looks the keys up and judges the first that is known: replayed, conflict, completion of what was unusable, or update. */
export function consultLedger(world: World, entry: Entry, settled: Settled): LedgerVerdict {
  const { source } = settled;
  if (settled.completes !== null) return consultRetried(world, entry, settled, settled.completes);
  for (const key of settled.keys) {
    const receipt = world.receipts.get(receiptKey(source.id, key.kind, key.key));
    if (receipt === undefined) continue;
    const same = receipt.fingerprints.includes(entry.fingerprint);
    if (receipt.submissionId === null) return { kind: 'conflict', receipt };
    if (receipt.decision === 'quarantined' || receipt.decision === 'parked') {
      return { kind: 'completes', receipt, same };
    }
    if (same) return { kind: 'replayed', receipt };
    if (!source.updateSemantics || key.kind !== 'external') return { kind: 'conflict', receipt };
    return updatesOrRenames(world, settled, receipt, key);
  }
  return { kind: 'unknown' };
}

/** The same id with other content, by update semantics: new values for the touch, unless it names another person. */
function updatesOrRenames(world: World, settled: Settled, receipt: KnownReceipt, key: Key): LedgerVerdict {
  if (receipt.touch === null || settled.test) return { kind: 'renames', receipt, key };
  const otherPerson = contradicts(world.persons.get(receipt.customerId ?? '')?.identities ?? [], settled.identities);
  return { kind: otherPerson ? 'renames' : 'updates', receipt, key };
}

/** A retry stands for the very submission that it names, whatever that came under; a key of it may be no other's but that of a touch that it was to update. */
function consultRetried(world: World, entry: Entry, settled: Settled, submissionId: string): LedgerVerdict {
  const { source, keys } = settled;
  const receipt = world.known.retried.get(submissionId);
  const done = world.completed.some((completed) => completed.submissionId === submissionId);
  if (receipt === undefined || !receipt.open || done) return { kind: 'closed', submissionId };
  const same = receipt.fingerprints.includes(entry.fingerprint);
  if (same && isUnusable(settled)) return { kind: 'completes', receipt, same };
  for (const key of keys) {
    const known = world.receipts.get(receiptKey(source.id, key.kind, key.key));
    if (known === undefined || known.submissionId === submissionId) continue;
    const updates = source.updateSemantics && key.kind === 'external' && known.touch !== null;
    return updates ? updatesOrRenames(world, settled, known, key) : { kind: 'conflict', receipt: known };
  }
  return { kind: 'completes', receipt, same };
}

/** Whether nothing can come of a submission as it is. */
export function isUnusable({ test, refusal, identities }: Settled): boolean {
  return !test && (refusal !== null || identities.length === 0);
}

/** The stored ids and rule of what a key stood for, with what it was answered then. */
export function replayedOutcome(receipt: KnownReceipt): Outcome {
  return {
    submissionId: receipt.submissionId,
    decision: 'replayed',
    originalDecision: receipt.decision,
    leadId: receipt.leadId,
    customerId: receipt.customerId,
    touchId: receipt.touchId,
    rule: receipt.rule,
    policyVersion: receipt.policyVersion,
    owner: receipt.owner,
    assignment: null,
    warnings: receipt.warnings,
    quarantineId: receipt.quarantine?.id ?? null,
    refusal: receipt.quarantine,
  };
}

/** The same key with other content: nothing changes, and the answer says what the key stands for. */
export function conflictOutcome(receipt: KnownReceipt, policyVersion: number): Outcome {
  return {
    submissionId: receipt.submissionId,
    decision: 'conflict',
    originalDecision: null,
    leadId: null,
    customerId: null,
    touchId: null,
    rule: 'conflict.same_key_other_content',
    policyVersion,
    owner: null,
    assignment: null,
    warnings: [],
    quarantineId: null,
    refusal: CONFLICT,
  };
}

/** What is wrong with a key that was used for other content. */
export const CONFLICT: Refusal = Object.freeze({
  code: 'idempotency_conflict',
  path: '',
  hint: 'This key was used for other content. Send the first content again to replay it, or a new key.',
});

/** A retry of a quarantined submission that another retry has completed meanwhile: nothing changes. */
export function closedOutcome(submissionId: string, policyVersion: number): Outcome {
  return {
    submissionId,
    decision: 'conflict',
    originalDecision: null,
    leadId: null,
    customerId: null,
    touchId: null,
    rule: 'conflict.already_released',
    policyVersion,
    owner: null,
    assignment: null,
    warnings: [],
    quarantineId: null,
    refusal: {
      code: 'already_released',
      path: '',
      hint: 'Read the entry: it names the submission that took its place.',
    },
  };
}
