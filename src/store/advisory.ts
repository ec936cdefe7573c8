import { sql } from 'kysely';
import type { Tx } from './database.ts';

/** What a whole database does one at a time; the number is the second half of the advisory lock's key. */
const LOCKS = Object.freeze({ migrate: 1, partitions: 2, deployment: 3, pools: 4, task_refs: 5 });
export type Advisory = keyof typeof LOCKS;

/** The first half of every advisory lock key of this service: the letters `clew`. */
const CLEW = 0x636c6577;

/** The two halves of a lock's key. */
export function advisoryKey(lock: Advisory): readonly [number, number] {
  return [CLEW, LOCKS[lock]];
}

/** Waits for a lock that ends with the transaction, so that it is safe behind a pooler that hands sessions around. */
export async function lockAdvisory(tx: Tx, lock: Advisory): Promise<void> {
  const [service, number] = advisoryKey(lock);
  await sql`select pg_advisory_xact_lock(${service}::integer, ${number}::integer)`.execute(tx);
}

/** Takes a lock that ends with the transaction, and answers false where somebody else holds it. */
export async function tryAdvisory(tx: Tx, lock: Advisory): Promise<boolean> {
  const [service, number] = advisoryKey(lock);
  const { rows } = await sql<{ held: boolean }>`
    select pg_try_advisory_xact_lock(${service}::integer, ${number}::integer) as held`.execute(tx);
  return rows[0]?.held === true;
}
