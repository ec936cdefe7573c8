import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { Fields } from '../domain/submission.ts';
import type { Vault } from '../domain/vault.ts';
import type { Db } from './database.ts';
import { readPhone } from './sealed-phone.ts';
import type { SubmissionTable, TouchTable } from './tables.ts';

/** The place of a touch in its order: by what happened, then by receipt. */
export interface TouchPlace {
  readonly occurredAt: Instant;
  readonly receivedAt: Instant;
  readonly id: string;
}

/** Whose touches: of leads, or of a customer by all its ids. */
export type TouchHolder =
  | { readonly kind: 'leads'; readonly ids: readonly string[] }
  | { readonly kind: 'customer'; readonly members: readonly string[] };

/** A submission that spoke of a touch. */
export type SpokenRow = Pick<
  Selectable<SubmissionTable>,
  | 'id'
  | 'decision'
  | 'rule'
  | 'policy_version'
  | 'external_id'
  | 'supersedes'
  | 'completes'
  | 'mode'
  | 'flags'
  | 'warnings'
  | 'request_id'
  | 'occurred_at'
  | 'received_at'
>;

/** A touch with the values it has after updates, the phone that it came by, and all who spoke of it in the order of events. */
export interface ListedTouch extends Omit<Selectable<TouchTable>, 'fields' | 'noise_key'> {
  readonly sourceName: string | null;
  readonly fields: Fields;
  readonly phone: string | null; // E.164
  readonly phoneTyped: string | null;
  readonly spoken: readonly SpokenRow[];
}

/** A page of touches, voided ones too, oldest first. `members` are the ids under which submissions may speak of them. */
export async function listTouches(
  db: Db,
  vault: Vault,
  holder: TouchHolder,
  members: readonly string[],
  page: { readonly after: TouchPlace | null; readonly limit: number },
): Promise<readonly ListedTouch[]> {
  const touches = await readTouches(db, holder, page.after, page.limit);
  const spoken = await readSpoken(db, touches, members);
  return touches.map((touch) => {
    const own = spoken.filter((row) => row.touch_id === touch.id || row.id === touch.submission_id);
    const first = own.find((row) => row.id === touch.submission_id);
    return {
      ...touch,
      fields: (touch.fields ?? first?.fields ?? {}) as Fields,
      phone: readPhone(vault, first?.phone ?? null),
      phoneTyped: readPhone(vault, first?.phone_typed ?? null),
      spoken: own,
    };
  });
}

type TouchRow = Selectable<TouchTable> & { readonly sourceName: string | null };

async function readTouches(
  db: Db,
  holder: TouchHolder,
  after: TouchPlace | null,
  limit: number,
): Promise<readonly TouchRow[]> {
  const beyond = after === null ? sql`true` : beyondPlace(after);
  const order = sql`order by t.occurred_at, t.received_at, t.id limit ${limit}`;
  // Each id of the customer gives its own first rows, in the order of its index, however many touches there are.
  const found =
    holder.kind === 'leads'
      ? sql`select t.* from touch t where t.lead_id = any(${holder.ids}::uuid[]) and ${beyond} ${order}`
      : sql`select t.* from unnest(${holder.members}::uuid[]) m(id)
          cross join lateral (select * from touch t where t.customer_id = m.id and ${beyond} ${order}) t ${order}`;
  const { rows } = await sql<TouchRow>`
    select t.*, source.name as "sourceName" from (${found}) t left join source on source.id = t.source_id
    order by t.occurred_at, t.received_at, t.id`.execute(db);
  return rows;
}

function beyondPlace({ occurredAt, receivedAt, id }: TouchPlace): RawBuilder<unknown> {
  const [occurred, received] = [new Date(occurredAt), new Date(receivedAt)];
  return sql`t.occurred_at >= ${occurred}
    and (t.occurred_at, t.received_at, t.id) > (${occurred}, ${received}, ${id}::uuid)`;
}

async function readSpoken(
  db: Db,
  touches: readonly TouchRow[],
  members: readonly string[],
): Promise<readonly Selectable<SubmissionTable>[]> {
  if (touches.length === 0) return [];
  const named = touches.flatMap((touch) => [touch.submission_id, touch.first_submission_id, touch.last_submission_id]);
  const { rows } = await sql<Selectable<SubmissionTable>>`
    select s.* from submission s where s.id in (
      select id from unnest(${[...new Set(named)]}::uuid[]) id
      union select id from submission
        where customer_id = any(${members}::uuid[]) and touch_id = any(${touches.map((touch) => touch.id)}::uuid[])
    ) order by s.occurred_at, s.received_at, s.id`.execute(db);
  return rows;
}
