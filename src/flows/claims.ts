import { identityKey } from '../domain/identity.ts';
import { ID, makeId } from '../domain/seed.ts';
import type { Claim } from '../store/identity-rows.ts';
import type { Prepared } from './prepare.ts';

/** Every identity that a batch names, once, with the ids it gets if nobody has it yet. */
export function claimsOf(batch: readonly Prepared[]): readonly Claim[] {
  const claims = new Map<string, Claim>();
  for (const { entry, tokens } of batch) {
    entry.submission.identities.forEach((identity, i) => {
      const key = identityKey(identity);
      if (claims.has(key)) return;
      const token = tokens[i] ?? '';
      claims.set(key, {
        key,
        identity,
        token,
        id: makeId(entry.seed, token.slice(0, 3), ID.identity + i),
        customerId: makeId(entry.seed, entry.bucket, ID.customer),
      });
    });
  }
  return [...claims.values()];
}
