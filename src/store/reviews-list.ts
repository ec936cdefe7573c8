import { type RawBuilder, sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { Vault } from '../domain/vault.ts';
import type { Db, Tx } from './database.ts';
import type { Reach } from './lead-page.ts';
import { readPhone } from './sealed-phone.ts';
import type { SuggestionTable } from './tables.ts';

export const REVIEW_KINDS = ['merge', 'invalid_touched', 'possible_number_reuse'] as const;
export type ReviewKind = SuggestionTable['kind'];
export const REVIEW_STATES = ['open', 'done', 'dismissed'] as const;
export type ReviewState = SuggestionTable['state'];

/** Which reviews to list; what is left out is not asked for. */
export interface ReviewFilter {
  readonly kind?: ReviewKind;
  readonly state?: ReviewState;
  readonly reach: Reach | null; // null: every one
}

/** Something that a human should look at. */
export interface Review {
  readonly id: string;
  readonly kind: ReviewKind;
  readonly state: ReviewState;
  readonly customerId: string;
  readonly otherCustomerId: string | null; // merge: the other side
  readonly leadId: string | null;
  readonly submissionId: string | null; // the latest that gave cause
  readonly phone: string | null; // E.164, of that submission
  readonly times: number;
  readonly actor: string | null; // who resolved it
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

interface Row {
  id: string;
  kind: ReviewKind;
  state: ReviewState;
  customer_id: string;
  other_customer_id: string | null;
  lead_id: string | null;
  submission_id: string | null;
  times: number;
  actor: string | null;
  created_at: Instant;
  updated_at: Instant;
  phone: string | null;
}

const REVIEWS = sql`select g.id, g.kind, g.state, g.customer_id, g.other_customer_id, g.lead_id, g.submission_id, g.times, g.actor,
  g.created_at, g.updated_at, s.phone from suggestion g left join submission s on s.id = g.submission_id`;

/** Reviews, newest first, after the place of the last one seen. */
export async function listReviews(
  db: Db,
  vault: Vault,
  filter: ReviewFilter,
  page: { readonly after: { readonly at: Instant; readonly id: string } | null; readonly limit: number },
): Promise<readonly Review[]> {
  const conditions: RawBuilder<unknown>[] = [sql`true`];
  if (filter.kind !== undefined) conditions.push(sql`g.kind = ${filter.kind}`);
  if (filter.state !== undefined) conditions.push(sql`g.state = ${filter.state}`);
  if (filter.reach !== null) conditions.push(within(filter.reach));
  const { after, limit } = page;
  if (after !== null) conditions.push(sql`(g.created_at, g.id) < (${new Date(after.at)}, ${after.id}::uuid)`);
  const found = await sql<Row>`${REVIEWS} where ${sql.join(conditions, sql` and `)}
    order by g.created_at desc, g.id desc limit ${limit}`.execute(db);
  return found.rows.map((row) => reviewOf(row, vault));
}

/** One review; null where there is none within the reach. */
export async function findReview(db: Db, vault: Vault, id: string, reach: Reach | null): Promise<Review | null> {
  const reached = reach === null ? sql`true` : within(reach);
  const found = await sql<Row>`${REVIEWS} where g.id = ${id}::uuid and ${reached}`.execute(db);
  return found.rows[0] === undefined ? null : reviewOf(found.rows[0], vault);
}

/** Marks an open review resolved; answers whether this call did it. */
export async function closeReview(
  tx: Tx,
  id: string,
  state: Exclude<ReviewState, 'open'>,
  actor: string,
  at: Instant,
): Promise<boolean> {
  const row = await tx
    .updateTable('suggestion')
    .set({ state, actor, updated_at: new Date(at) })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** A bound key sees what concerns a customer who has a lead within its reach. */
function within({ stores, adviser }: Reach): RawBuilder<unknown> {
  return sql`exists (select from lead l where l.customer_id in (g.customer_id, g.other_customer_id)
    and (l.store = any(${[...stores]}::text[]) or l.owner = ${adviser}))`;
}

function reviewOf(row: Row, vault: Vault): Review {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    customerId: row.customer_id,
    otherCustomerId: row.other_customer_id,
    leadId: row.lead_id,
    submissionId: row.submission_id,
    phone: readPhone(vault, row.phone),
    times: row.times,
    actor: row.actor,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
