import type { Entry } from './entry.ts';
import { identityKey } from './identity.ts';
import type { Known, KnownReceipt } from './known.ts';
import { lacksMoment } from './lacks-moment.ts';
import { noiseOf, takeNoise } from './noise.ts';
import type { Outcome } from './outcome.ts';
import { recordConsents, recordSubmission, type Verdict } from './record.ts';
import {
  CONFLICT,
  closedOutcome,
  conflictOutcome,
  consultLedger,
  isUnusable,
  type LedgerVerdict,
  replayedOutcome,
} from './replay.ts';
import { resolve } from './resolve.ts';
import { bucketDigits, ID, makeId } from './seed.ts';
import { settle } from './settle.ts';
import { take } from './take.ts';
import { update, voidRenamed } from './update.ts';
import { beginWorld, type Settled, type World } from './world.ts';

/** What a batch came to: an outcome for each entry, in order, and everything that is to be written. */
export interface Judgement {
  readonly outcomes: readonly Outcome[];
  readonly world: World;
}

/** Judges a batch in its order, each entry seeing what the ones before it made; pure, so a batch may hold a person twice. */
export function decideAll(entries: readonly Entry[], known: Known): Judgement {
  const world = beginWorld(known);
  const outcomes = entries.map((entry) => decideOne(world, entry));
  return { outcomes, world };
}

/** One submission through the order of evaluation; the first rule that hits wins. */
function decideOne(world: World, entry: Entry): Outcome {
  const settled = settle(entry.submission, world.known);
  const ledger = consultLedger(world, entry, settled);
  switch (ledger.kind) {
    case 'replayed':
      return replayedOutcome(ledger.receipt);
    case 'conflict':
      if (settled.source.conflicts === 'keep' && settled.completes === null)
        return keepConflict(world, entry, settled, ledger);
      return conflictOutcome(ledger.receipt, world.known.policy.version);
    case 'closed':
      return closedOutcome(ledger.submissionId, world.known.policy.version);
    case 'updates':
      if (settled.refusal === null || settled.refusal.code === 'phone_empty')
        return update(world, entry, settled, ledger);
      return judge(world, entry, settled, ledger);
    case 'renames':
      if (settled.refusal === null) voidRenamed(world, entry, settled, ledger.receipt);
      return judge(world, entry, settled, ledger);
    case 'completes': {
      const { receipt } = ledger;
      const undated = receipt.quarantine !== null && lacksMoment(receipt.quarantine.code);
      const original = undated ? settled : { ...settled, occurredAt: receipt.occurredAt };
      if (ledger.same && isUnusable(settled) && isRefusedAlike(receipt, settled)) return replayedOutcome(receipt);
      return judge(world, entry, original, ledger);
    }
    case 'unknown':
      return judge(world, entry, settled, ledger);
  }
}

/** Whether what waits would wait on for the same reason: a source that was paused, or another map, may have been the reason. */
function isRefusedAlike({ decision, quarantine }: KnownReceipt, { refusal }: Settled): boolean {
  return decision === 'parked' || quarantine === null || quarantine.code === refusal?.code;
}

/** Whoever sent it would only send it again: kept whole, for somebody to look at, and nothing else changes. */
function keepConflict(world: World, entry: Entry, settled: Settled, ledger: LedgerVerdict): Outcome {
  const kept = { ...settled, refusal: CONFLICT };
  return recordSubmission(
    world,
    entry,
    kept,
    { ledger, completes: null },
    aside('quarantined', `quarantined.${CONFLICT.code}`),
  );
}

/** Everything after the ledger: test, suppressed, parked, quarantined, noise, touch. */
function judge(world: World, entry: Entry, settled: Settled, ledger: LedgerVerdict): Outcome {
  const completes = ledger.kind === 'completes' ? ledger.receipt.submissionId : settled.completes;
  const context = { ledger, completes };
  if (settled.test) return recordSubmission(world, entry, settled, context, aside('test', 'test.marked'));
  if (isSuppressed(world, settled)) {
    return recordSubmission(world, entry, settled, context, aside('suppressed', 'suppressed.do_not_process'));
  }
  if (settled.refusal !== null) {
    const waits =
      settled.refusal.code === 'phone_empty' && settled.source.completesLater && settled.externalId !== null;
    return waits
      ? recordSubmission(world, entry, settled, context, aside('parked', 'parked.no_identity_yet'))
      : recordSubmission(world, entry, settled, context, aside('quarantined', `quarantined.${settled.refusal.code}`));
  }
  const person = resolve(world, entry, settled);
  const noise = noiseOf(person, entry, settled, world.known.policy.document.noise_window_seconds);
  const verdict = noise === null ? touch(world, entry, settled) : takeNoise(world, entry, settled, person, noise);
  const outcome = recordSubmission(world, entry, settled, context, verdict);
  recordConsents(world);
  return outcome;
}

function touch(world: World, entry: Entry, settled: Settled): Verdict {
  const person = resolve(world, entry, settled);
  const taken = take(world, entry, settled, person);
  const strongest = settled.identities[0];
  const identity = strongest === undefined ? undefined : world.identities.get(identityKey(strongest));
  world.touches.push({
    id: taken.touchId,
    entry,
    settled,
    submissionId: makeId(entry.seed, bucketDigits(taken.customerId), ID.submission),
    customerId: taken.customerId,
    leadId: taken.lead.id,
    cycle: taken.lead.cycle,
    identityId: identity?.id ?? '',
    noiseKey: entry.noiseKey,
    decision: taken.decision,
    flags: [...settled.flags, ...taken.flags],
  });
  return {
    decision: taken.decision,
    rule: taken.rule,
    customerId: taken.customerId,
    leadId: taken.lead.id,
    touchId: taken.touchId,
    owner: taken.owner,
    assignment: taken.assignment,
    flags: taken.flags,
    supersedes: null,
    makesTouch: true,
  };
}

function aside(decision: 'test' | 'suppressed' | 'parked' | 'quarantined', rule: string): Verdict {
  const nobody = {
    customerId: null,
    leadId: null,
    touchId: null,
    owner: null,
    assignment: null,
    supersedes: null,
  };
  return { decision, rule, ...nobody, flags: [], makesTouch: false };
}

function isSuppressed(world: World, settled: Settled): boolean {
  return settled.identities.some((identity) => world.known.suppressed.has(identityKey(identity)));
}
