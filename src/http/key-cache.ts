import { LRUCache } from 'lru-cache';
import type { Instant } from '../domain/instant.ts';
import type { KeyGrant } from '../domain/key.ts';

/** Most keys remembered, known and unknown together. */
const MOST_KEYS = 10_000;

interface Remembered {
  readonly grant: KeyGrant | null;
  readonly until: Instant;
}

/** Remembers what the database said of a key. */
export interface KeyCache {
  /** What is known of a hash; undefined where nothing is. */
  readonly known: (hash: Buffer, now: Instant) => KeyGrant | null | undefined;
  /** Whether the hash named a key when it was last asked, however long ago. */
  readonly hasWorked: (hash: Buffer) => boolean;
  /** Asks the database, once however many ask for the same hash; rejects as the database does. */
  readonly look: (hash: Buffer, now: Instant) => Promise<KeyGrant | null>;
}

/** A cache of grants by hash, unknown keys too; what it knows may be `seconds` old. */
export function createKeyCache(find: (hash: Buffer) => Promise<KeyGrant | null>, seconds: number): KeyCache {
  const remembered = new LRUCache<string, Remembered>({ max: MOST_KEYS });
  const asking = new Map<string, Promise<KeyGrant | null>>();
  return {
    known: (hash, now) => {
      const found = remembered.get(nameOf(hash));
      return found === undefined || found.until <= now ? undefined : found.grant;
    },
    hasWorked: (hash) => (remembered.get(nameOf(hash))?.grant ?? null) !== null,
    look: (hash, now) => {
      const key = nameOf(hash);
      const pending = asking.get(key);
      if (pending !== undefined) return pending;
      const asked = find(hash)
        .then((grant) => {
          remembered.set(key, { grant, until: now + seconds * 1000 });
          return grant;
        })
        .finally(() => asking.delete(key));
      asking.set(key, asked);
      return asked;
    },
  };
}

function nameOf(hash: Buffer): string {
  return hash.toString('latin1');
}
