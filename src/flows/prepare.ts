import type { Entry } from '../domain/entry.ts';
import { identityKey } from '../domain/identity.ts';
import { normalise } from '../domain/normalise.ts';
import type { Submission } from '../domain/submission.ts';
import type { Vault } from '../domain/vault.ts';
import type { CaptureItem } from './capture.ts';
import type { SeedSource } from './seed.ts';

/** An entry with the keyed hashes of its identities, in their order, and the bytes to keep. */
export interface Prepared {
  readonly entry: Entry;
  readonly tokens: readonly string[];
  readonly raw: Uint8Array;
  readonly contentType: string;
}

/** Adds what needs keys, hashes and chance to a normalised submission, so that judging needs none. */
export function prepare(
  submission: Submission,
  from: {
    readonly raw: Uint8Array;
    readonly contentType: string;
    readonly actor: string;
    readonly requestId: string | null;
  },
  vault: Vault,
  seeds: SeedSource,
): Prepared {
  const tokens = submission.identities.map((identity) => vault.token(identityKey(identity)));
  const nobody = `${submission.source.id}:${submission.keys[0]?.key ?? submission.receivedAt}`;
  return {
    entry: {
      submission,
      // Keyed: an erased person could be found again by trying every number against a plain hash.
      fingerprint: `1:${vault.token(submission.content)}`,
      noiseKey: `1:${vault.token(`${submission.channel}\n${submission.campaignKey ?? ''}\n${submission.noiseContent}`)}`,
      seed: seeds.draw(submission.receivedAt),
      bucket: (tokens[0] ?? vault.token(nobody)).slice(0, 3),
      actor: from.actor,
      requestId: from.requestId,
    },
    tokens,
    raw: from.raw,
    contentType: from.contentType,
  };
}

/** Normalises an item of the one way in and prepares it; `region` is that of phones without a country code. */
export function prepareItem(item: CaptureItem, region: string, vault: Vault, seeds: SeedSource): Prepared {
  const submission = normalise(item.draft, {
    source: item.source,
    receivedAt: item.receivedAt,
    region,
    deliveryId: item.deliveryId ?? null,
    requestKey: item.idempotencyKey,
    content: item.content ?? item.draft,
    mode: item.mode,
    completes: item.completes ?? null,
    refusal: item.refusal ?? null,
  });
  return prepare(submission, item, vault, seeds);
}
