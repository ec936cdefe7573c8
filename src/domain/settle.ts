import type { Known } from './known.ts';
import type { Submission } from './submission.ts';
import type { Settled } from './world.ts';

/** Fixes what only the policy and the channel dictionary can say: the touch kind, and an occurred_at from a clock ahead of ours. */
export function settle(submission: Submission, known: Known): Settled {
  const channelKind = known.channels.get(submission.channel);
  const unknown = channelKind === undefined && submission.channel !== 'unknown';
  const ahead = submission.occurredAt > submission.receivedAt + known.policy.document.clock_skew_seconds * 1000;
  return {
    ...submission,
    kind: submission.kind ?? channelKind ?? 'form',
    warnings: unknown ? [...submission.warnings, 'channel_unknown'] : submission.warnings,
    occurredAt: ahead ? submission.receivedAt : submission.occurredAt,
    flags: ahead ? [...submission.flags, 'clock_skew'] : submission.flags,
  };
}
