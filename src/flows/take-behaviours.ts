import { mayWork } from '../domain/bounds.ts';
import { identityKey } from '../domain/identity.ts';
import type { Vault } from '../domain/vault.ts';
import { knownSubjects, type SubjectPlace, suppressedTokens } from '../store/behaviour-guard.ts';
import { type Behaviour, behaviourKey, insertBehaviours } from '../store/behaviours.ts';
import type { Db } from '../store/database.ts';
import type { Reach } from '../store/lead-page.ts';
import { sessionOf } from '../store/session.ts';
import { type Coalescer, coalesce } from './coalesce.ts';
import { isRace } from './ingest-resiliently.ts';

/** By what a behaviour names its person. */
export type BehaviourPerson =
  | { readonly by: 'phone'; readonly e164: string }
  | { readonly by: 'visitor' | 'lead' | 'customer'; readonly id: string };

/** A behaviour as it is handed over. */
export type BehaviourItem = Omit<Behaviour, 'subject'> & {
  readonly person: BehaviourPerson;
  readonly reach: Reach | null; // of the key: others' leads and customers are unknown to it; null: everybody's
};

/** What became of a behaviour: `suppressed` and `unknown` (no such lead or customer) are not kept. */
export const BEHAVIOUR_OUTCOMES = ['recorded', 'duplicate', 'suppressed', 'unknown'] as const;
export type BehaviourOutcome = (typeof BEHAVIOUR_OUTCOMES)[number];

const LANES = 2; // connections of the pool that behaviours take at most, so that page views never starve the rest
const PAGE_LANES = 1;
const BATCH_MAX = 1_000;
const QUEUE_MAX = 20_000; // some seconds of work: more is answered `overloaded`
const LANE_MIN = 64;

/** Takes behaviours in: concurrent requests share a transaction. */
export function createBehaviours(db: Db, vault: Vault): Coalescer<BehaviourItem, BehaviourOutcome> {
  return take(db, vault, LANES);
}

/** The same for what pages tell: in a queue of its own, so that no flood of strangers keeps those with a key waiting. */
export function createPageBehaviours(db: Db, vault: Vault): Coalescer<BehaviourItem, BehaviourOutcome> {
  return take(db, vault, PAGE_LANES);
}

function take(db: Db, vault: Vault, lanes: number): Coalescer<BehaviourItem, BehaviourOutcome> {
  return coalesce({
    lanes,
    batchMax: BATCH_MAX,
    queueMax: QUEUE_MAX,
    laneMin: LANE_MIN,
    run: (_lane, items) => persist(db, vault, items),
  });
}

const TRIES = 4;

/** Writes a batch; a lost race is tried again, since a page does not send what it saw a second time. */
async function persist(db: Db, vault: Vault, items: readonly BehaviourItem[]): Promise<readonly BehaviourOutcome[]> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await write(db, vault, items);
    } catch (error) {
      if (tried === TRIES || !isRace(error)) throw error;
    }
  }
}

/** Writes a batch in one transaction; an unknown person is no new one: what they did waits under what it came by. */
async function write(db: Db, vault: Vault, items: readonly BehaviourItem[]): Promise<readonly BehaviourOutcome[]> {
  const named = items.map(({ person, reach, ...behaviour }) => {
    const token = person.by === 'phone' ? tokenOf(vault, person.e164) : null;
    return { behaviour: { ...behaviour, subject: subjectOf(vault, person, token) }, token, reach };
  });
  return db.transaction().execute(async (tx) => {
    const session = sessionOf(tx);
    const suppressed = await suppressedTokens(session, [...new Set(named.flatMap(({ token }) => token ?? []))]);
    const places = await knownSubjects(session, [...new Set(named.map(({ behaviour }) => behaviour.subject))]);
    const known = new Map<string, SubjectPlace[]>();
    for (const place of places) known.set(place.subject, [...(known.get(place.subject) ?? []), place]);
    const refusals = named.map(({ behaviour: { subject }, token, reach }): BehaviourOutcome | null => {
      if (token !== null && suppressed.has(token)) return 'suppressed';
      if (!/^(?:lead|customer):/.test(subject)) return null;
      const there = known.get(subject) ?? [];
      return there.some((place) => reach === null || mayWork(reach, place)) ? null : 'unknown';
    });
    const fresh = new Map<string, number>(); // the first of a key within the batch is the one that counts
    named.forEach(({ behaviour }, i) => {
      const key = behaviourKey(behaviour);
      if (refusals[i] === null && !fresh.has(key)) fresh.set(key, i);
    });
    const rows = [...fresh.values()].flatMap((i) => named[i]?.behaviour ?? []);
    const written = await insertBehaviours(session, rows);
    return named.map(({ behaviour }, i) => {
      const key = behaviourKey(behaviour);
      return refusals[i] ?? (fresh.get(key) === i && written.has(key) ? 'recorded' : 'duplicate');
    });
  });
}

function tokenOf(vault: Vault, e164: string): string {
  return vault.token(identityKey({ kind: 'phone', namespace: '', value: e164 }));
}

/** What a behaviour is kept under: a phone as identities are kept, clear or as its keyed hash. */
function subjectOf(vault: Vault, person: BehaviourPerson, token: string | null): string {
  if (person.by === 'phone') return `phone:${vault.atRest === 'all' ? token : person.e164}`;
  return `${person.by}:${person.id}`;
}
