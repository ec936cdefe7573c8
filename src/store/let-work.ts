import { sql } from 'kysely';
import type { Tx } from './database.ts';

// Moving a month of rows or erasing someone with thousands of touches takes minutes at worst; more is a fault.
const MINUTES = 10;

/** Lets each statement of one transaction work for 10 minutes instead of the pool's seconds; a lock is waited for no longer than before. */
export async function letWork(tx: Tx): Promise<void> {
  await sql`select set_config('statement_timeout', ${`${MINUTES}min`}, true)`.execute(tx);
}
