import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Instant } from '../domain/instant.ts';
import type { KeyGrant } from '../domain/key.ts';

/** Most keys remembered, known and unknown together. */
const MOST_KEYS = 10_000;

interface Remembered {
  readonly grant: KeyGrant | null;
  readonly until: Instant;
}

/** Remembers what the database said of a key, by the SHA-256 of its secret in base64. */
export interface KeyCache {
  /** What is known of a key; undefined where nothing is. */
  readonly known: (name: string, now: Instant) => KeyGrant | null | undefined;
  /** Whether it was a key when it was last asked for, however long ago. */
  readonly hasWorked: (name: string) => boolean;
  /** Asks the database, once however many ask for the same key; rejects as the database does. */
  readonly look: (name: string, now: Instant) => Promise<KeyGrant | null>;
  /** Forgets keys that have just changed, so that this process asks again; called after the change is committed. */
  readonly forget: (changed: (grant: KeyGrant) => boolean) => void;
}

/** The name of a secret in the cache. The one-shot form takes 1.4 µs; a hash object takes 5.7 µs, a tenth of the way in. */
export function nameOfSecret(secret: string): string {
  return hash('sha256', secret, 'base64');
}

/** A cache of grants, unknown keys too; what it knows may be `seconds` old. */
export function createKeyCache(find: (hash: Buffer) => Promise<KeyGrant | null>, seconds: number): KeyCache {
  const remembered = new LRUCache<string, Remembered>({ max: MOST_KEYS });
  const asking = new Map<string, Promise<KeyGrant | null>>();
  let changes = 0;
  return {
    known: (name, now) => {
      const found = remembered.get(name);
      return found === undefined || found.until <= now ? undefined : found.grant;
    },
    hasWorked: (name) => (remembered.get(name)?.grant ?? null) !== null,
    look: (name, now) => {
      const pending = asking.get(name);
      if (pending !== undefined) return pending;
      const seen = changes;
      const asked = find(Buffer.from(name, 'base64'))
        .then((grant) => {
          if (seen === changes) remembered.set(name, { grant, until: now + seconds * 1000 });
          return grant;
        })
        .finally(() => {
          if (asking.get(name) === asked) asking.delete(name);
        });
      asking.set(name, asked);
      return asked;
    },
    forget: (changed) => {
      changes += 1; // what is on its way from the database may be from before the change
      asking.clear();
      for (const [name, { grant }] of [...remembered.entries()]) {
        // That it has worked is still true: a flood from its address does not lock it out.
        if (grant !== null && changed(grant)) remembered.set(name, { grant, until: Number.NEGATIVE_INFINITY });
      }
    },
  };
}
