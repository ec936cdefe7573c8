import { sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import { jsons, texts, times } from './column.ts';
import type { Db } from './database.ts';
import type { Session } from './session.ts';

/** 行为: one thing that somebody did, under what it came by. */
export interface Behaviour {
  readonly subject: string; // phone:…, visitor:…, customer:… or lead:…
  readonly source: string;
  readonly key: string; // with the source: what is sent again under it counts once
  readonly type: string;
  readonly occurredAt: Instant;
  readonly receivedAt: Instant;
  readonly page: string | null;
  readonly props: Readonly<Record<string, unknown>> | null;
}

const INSERT = {
  name: 'insert_behaviours',
  // Sorted, so that two batches with the same rows wait for each other instead of both for each other.
  text: `with fresh as (
      insert into behaviour (subject, source, key, type, occurred_at, received_at, page, props)
      select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::timestamptz[], $7::text[],
        $8::jsonb[]) u(subject, source, key, type, occurred_at, received_at, page, props)
      order by subject, source, key
      on conflict do nothing returning subject, source, key, received_at
    ), due as (
      insert into score_due (subject, since)
      select subject, min(received_at) from fresh where exists (select from score_model where state = 'active')
      group by subject order by subject
      on conflict (subject) do update set marks = score_due.marks + 1
    ) select subject, source, key from fresh`,
};

/** One text for what makes a behaviour one. */
export function behaviourKey({ subject, source, key }: Pick<Behaviour, 'subject' | 'source' | 'key'>): string {
  return JSON.stringify([subject, source, key]);
}

/** Writes behaviours that are not there yet, and says that their subjects have to be scored; answers the keys of those written. */
export async function insertBehaviours(session: Session, rows: readonly Behaviour[]): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set();
  const written = await session.run<Pick<Behaviour, 'subject' | 'source' | 'key'>>(INSERT, [
    texts(rows.map(({ subject }) => subject)),
    texts(rows.map(({ source }) => source)),
    texts(rows.map(({ key }) => key)),
    texts(rows.map(({ type }) => type)),
    times(rows.map(({ occurredAt }) => occurredAt)),
    times(rows.map(({ receivedAt }) => receivedAt)),
    texts(rows.map(({ page }) => page)),
    jsons(rows.map(({ props }) => props)),
  ]);
  return new Set(written.map(behaviourKey));
}

/** Deletes at most `limit` behaviours received before a moment; answers how many. */
export async function expireBehaviours(db: Db, before: Instant, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`delete from behaviour where ctid = any(array(
    select ctid from behaviour where received_at < ${new Date(before)} limit ${limit}))`.execute(db);
  return Number(numAffectedRows ?? 0);
}
