import type { ConsentRow } from '../domain/consent.ts';
import type { Instant } from '../domain/instant.ts';
import type { Tx } from './database.ts';

/** A consent statement with where it came from. */
export interface ConsentEntry extends ConsentRow {
  readonly id: string;
  readonly customerId: string;
  readonly textVersion: string | null;
  readonly channel: string | null;
  readonly proof: string | null;
  readonly actor: string;
  readonly recordedAt: Instant;
}

/** Writes a statement that came by hand, of no submission. */
export async function insertConsent(tx: Tx, entry: ConsentEntry): Promise<void> {
  await tx
    .insertInto('consent')
    .values({
      id: entry.id,
      customer_id: entry.customerId,
      purpose: entry.purpose,
      granted: entry.granted,
      stated_at: new Date(entry.statedAt),
      text_version: entry.textVersion,
      channel: entry.channel,
      proof: entry.proof,
      submission_id: null,
      actor: entry.actor,
      recorded_at: new Date(entry.recordedAt),
    })
    .execute();
}

/** Every statement of a family. */
export async function consentsOf(tx: Tx, family: readonly string[]): Promise<readonly ConsentRow[]> {
  const rows = await tx
    .selectFrom('consent')
    .select(['purpose', 'granted', 'stated_at'])
    .where('customer_id', 'in', family)
    .execute();
  return rows.map((row) => ({ purpose: row.purpose, granted: row.granted, statedAt: row.stated_at }));
}
