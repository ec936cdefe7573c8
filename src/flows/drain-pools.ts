import { isWorking } from '../domain/directory.ts';
import { givableAt } from '../domain/givable.ts';
import type { Instant } from '../domain/instant.ts';
import { sleepsAt } from '../domain/lead.ts';
import { chainOf } from '../domain/place.ts';
import { poolChain } from '../domain/pool-chain.ts';
import { standingAddress } from '../domain/profile.ts';
import type { Vault } from '../domain/vault.ts';
import { tryAdvisory } from '../store/advisory.ts';
import type { Db, Tx } from '../store/database.ts';
import { readDirectoryVersion } from '../store/directory.ts';
import { type Pooled, pooledStores } from '../store/pooled-leads.ts';
import { readPolicy } from '../store/rules.ts';
import { sessionOf } from '../store/session.ts';
import type { Call } from './call.ts';
import type { DrainBook } from './drain-book.ts';
import { findGivable } from './find-givable.ts';
import { giveAnew, isOpenNow } from './give-anew.ts';
import { lockPeople } from './lock-people.ts';
import { readStaffing } from './read-staffing.ts';
import type { SeedSource } from './seed.ts';

const BATCH = 100; // leads of a store in a transaction of some twenty milliseconds

/**
 * Gives leads that wait in pools to whoever has room now, the best rated first, then the oldest; 100 of a store at most. Answers how
 * many. Any number of processes may drain: one does at a time, and where it dies its lock goes with its connection.
 */
export async function drainPools(
  db: Db,
  vault: Vault,
  seeds: SeedSource,
  at: Instant,
  book: DrainBook,
): Promise<number> {
  const call: Call = { actor: 'pool-drain', requestId: null, at, vault, seeds };
  const stores = await db.transaction().execute(pooledStores);
  let given = 0;
  const failures: unknown[] = []; // a store that cannot be drained now keeps none behind it waiting
  for (const store of stores) {
    try {
      given += await db.transaction().execute((tx) => drainStore(tx, call, book, store));
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return given;
}

async function drainStore(tx: Tx, call: Call, book: DrainBook, store: string | null): Promise<number> {
  const session = sessionOf(tx);
  const { at } = call;
  if (!(await tryAdvisory(tx, 'pools'))) return 0;
  const directory = await book.directory.open(session, await readDirectoryVersion(session));
  if (!isWorking(directory)) return 0;
  const policy = await readPolicy(session);
  // What waits in no store may go to any region, by the city of its customer.
  const regions = store === null ? [null, ...directory.regions.keys()] : [null];
  const places = [...new Set(regions.flatMap((region) => chainOf(directory, store, region)))];
  const together = <T>(send: () => T): T => send();
  const asked = { places, guards: [], advisers: [] };
  const seen = await readStaffing(session, directory, asked, { lock: false, at, together });
  const givable = givableAt(seen, at, policy.document.assignment);
  if (places.every((place) => givable.freeIn(place).length === 0)) return 0;
  const couldHave = (lead: Pooled): boolean => {
    if (at >= sleepsAt(lead, policy.document.dormant_after_days)) return false;
    const city = lead.profile === null ? null : (standingAddress(lead.profile)?.city ?? null);
    return givable.couldHave(poolChain(directory, store, city), lead);
  };
  const found = await findGivable(tx, store, book.marks.get(store) ?? null, couldHave, BATCH);
  if (found.mark === null) book.marks.delete(store);
  else book.marks.set(store, found.mark);
  const waiting = found.leads;
  const people = await lockPeople(tx, call.vault, [...new Set(waiting.map(({ customerId }) => customerId))], at);
  const leads = waiting.flatMap(({ id, customerId }) => {
    const person = people.get(customerId);
    const lead = person?.leads.find((one) => one.id === id);
    if (person === undefined || lead === undefined || lead.pooledSince === null || lead.owner !== null) return [];
    return lead.store === store && isOpenNow(lead, at, policy) ? [{ lead, customer: person.customer }] : [];
  });
  return (await giveAnew(tx, call, leads, { directory, policy, to: null, reason: 'drained' })).given;
}
