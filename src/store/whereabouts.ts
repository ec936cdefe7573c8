import type { Instant } from '../domain/instant.ts';
import { plain } from './column.ts';
import type { Session, Statement } from './session.ts';

const OF: Readonly<Record<'lead' | 'touch' | 'deal', Statement>> = {
  lead: { name: 'customer_of_lead', text: 'select customer_id from lead where id = $1' },
  touch: { name: 'customer_of_touch', text: 'select customer_id from touch where id = $1' },
  deal: { name: 'customer_of_deal', text: 'select customer_id from deal where id = $1' },
};

/** The customer that a row is written to, before any lock: whom to lock; null when there is no such row. */
export async function customerOfRow(
  session: Session,
  kind: 'lead' | 'touch' | 'deal',
  id: string,
): Promise<string | null> {
  const [row] = await session.run<{ customer_id: string }>(OF[kind], [id]);
  return row?.customer_id ?? null;
}

const FAMILY = {
  name: 'family_of',
  text: `select c.id from (
      select coalesce((select customer_id from customer_alias where alias_id = $1), $1::uuid) as root
    ) r join lateral (select r.root as id union all select alias_id from customer_alias where customer_id = r.root) c on true`,
};

/** The root of a customer and every alias of it, root first. */
export async function familyOf(session: Session, customerId: string): Promise<readonly string[]> {
  return (await session.run<{ id: string }>(FAMILY, [customerId])).map((row) => row.id);
}

const ERASED = {
  name: 'erased_among',
  text: 'select id, erased_at from customer where id = any($1::uuid[]) and erased_at is not null',
};

/** Those of the customers who were erased, and when. */
export async function erasedAmong(session: Session, ids: readonly string[]): Promise<ReadonlyMap<string, Instant>> {
  const rows = await session.run<{ id: string; erased_at: number }>(ERASED, [plain(ids)]);
  return new Map(rows.map((row) => [row.id, row.erased_at]));
}

const LOCK_IDENTITIES = {
  name: 'lock_identities',
  // In the order in which ingest claims them: identities come before customers everywhere.
  text: `select id from identity where customer_id = any($1::uuid[])
    order by value collate "C", kind collate "C", namespace collate "C" for update`,
};

/** Locks every identity of a family until the transaction ends; before its customer is locked. */
export async function lockIdentities(session: Session, family: readonly string[]): Promise<void> {
  await session.run(LOCK_IDENTITIES, [plain(family)]);
}
