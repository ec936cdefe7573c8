import type { Selectable } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { Tx } from './database.ts';
import type { DealTable } from './tables.ts';

/** An entry of the deals of a lead: won, or negative: a refund or a void of one. */
export interface Deal {
  readonly id: string;
  readonly customerId: string;
  readonly leadId: string;
  readonly kind: 'won' | 'refund' | 'void';
  readonly ofDeal: string | null;
  readonly amount: number; // minor units
  readonly currency: string;
  readonly closer: string | null;
  readonly store: string | null;
  readonly reason: string | null;
  readonly actor: string;
  readonly occurredAt: Instant;
  readonly recordedAt: Instant;
}

/** A won deal with what refunds have left of it. */
export interface StandingDeal extends Deal {
  readonly left: number; // minor units
  readonly voided: boolean;
}

/** Writes a deal entry; entries are never changed. */
export async function insertDeal(tx: Tx, deal: Deal): Promise<void> {
  await tx
    .insertInto('deal')
    .values({
      id: deal.id,
      customer_id: deal.customerId,
      lead_id: deal.leadId,
      kind: deal.kind,
      of_deal: deal.ofDeal,
      amount: deal.amount,
      currency: deal.currency,
      closer: deal.closer,
      store: deal.store,
      reason: deal.reason,
      actor: deal.actor,
      occurred_at: new Date(deal.occurredAt),
      recorded_at: new Date(deal.recordedAt),
    })
    .execute();
}

/** The won deals of leads, newest first, each with what is left of it; the caller holds the customer's lock. */
export async function readWonDeals(tx: Tx, leadIds: readonly string[]): Promise<readonly StandingDeal[]> {
  if (leadIds.length === 0) return [];
  const rows = await tx
    .selectFrom('deal')
    .selectAll()
    .where('lead_id', 'in', leadIds)
    .orderBy('recorded_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
  return rows
    .filter((row) => row.kind === 'won')
    .map((won) => {
      const entries = rows.filter((row) => row.of_deal === won.id);
      const left = entries.reduce((sum, entry) => sum + entry.amount, won.amount);
      return { ...dealOf(won), left, voided: entries.some((entry) => entry.kind === 'void') };
    });
}

/** Reads one entry. */
export async function findDeal(tx: Tx, id: string): Promise<Deal | null> {
  const row = await tx.selectFrom('deal').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : dealOf(row);
}

function dealOf(row: Selectable<DealTable>): Deal {
  return {
    id: row.id,
    customerId: row.customer_id,
    leadId: row.lead_id,
    kind: row.kind,
    ofDeal: row.of_deal,
    amount: row.amount,
    currency: row.currency,
    closer: row.closer,
    store: row.store,
    reason: row.reason,
    actor: row.actor,
    occurredAt: row.occurred_at,
    recordedAt: row.recorded_at,
  };
}
