import { type RawBuilder, sql } from 'kysely';
import type { Instant } from '../domain/instant.ts';
import type { Vault } from '../domain/vault.ts';
import type { Db } from './database.ts';
import type { LeadFilter, LeadPage, LeadSort, Reach } from './lead-page.ts';
import { knownAs } from './lead-ref.ts';
import { LISTABLE, LISTED, type ListedLead, type ListedRow, listedLeadOf } from './listed-lead.ts';
import { touchedBy } from './touched-by.ts';
import { updatedWindows } from './updated-windows.ts';

/** A page of leads in order; merged-away, erased and reverted ones are not listed. */
export async function listLeads(
  db: Db,
  vault: Vault,
  filter: LeadFilter,
  page: LeadPage,
): Promise<readonly ListedLead[]> {
  const conditions = conditionsOf(filter);
  const found: ListedLead[] = [];
  for (const window of await windowsOf(db, filter, page)) {
    const rows = await readWindow(db, [...conditions, ...window], page, page.limit - found.length);
    found.push(...rows.map((row) => listedLeadOf(row, vault)));
    if (found.length >= page.limit) break;
  }
  return found;
}

type Condition = RawBuilder<unknown>;

async function windowsOf(db: Db, filter: LeadFilter, page: LeadPage): Promise<readonly (readonly Condition[])[]> {
  const bounds = { from: filter.updatedFrom, to: filter.updatedTo };
  if (page.sort === 'updated_at' || page.sort === '-updated_at') return updatedWindows(db, bounds, page);
  return [range(sql`l.updated_at`, bounds.from, bounds.to)];
}

function conditionsOf(filter: LeadFilter): readonly Condition[] {
  const conditions: Condition[] = [LISTABLE, ...range(sql`l.created_at`, filter.createdFrom, filter.createdTo)];
  if (filter.states !== undefined) conditions.push(sql`l.state = any(${filter.states}::text[])`);
  if (filter.store !== undefined) conditions.push(sql`l.store = ${filter.store}`);
  if (filter.owner !== undefined) conditions.push(sql`l.owner = ${filter.owner}`);
  if (filter.rating !== undefined) conditions.push(sql`l.rating = ${filter.rating}`);
  if (filter.externalRef !== undefined) conditions.push(knownAs(filter.externalRef));
  if (filter.band !== undefined) {
    conditions.push(sql`l.state in ('new', 'assigned', 'following')
      and exists (select from lead_band b where b.lead_id = l.id and b.band = ${filter.band})
      and exists (select from score_model where state = 'active')`);
  }
  if (filter.channel !== undefined) conditions.push(touchedBy('channel', filter.channel));
  if (filter.sourceId !== undefined) conditions.push(touchedBy('source_id', filter.sourceId));
  if (filter.reach !== undefined) conditions.push(within(filter.reach));
  return conditions;
}

function within({ stores, adviser }: Reach): Condition {
  if (adviser === null) return sql`l.store = any(${stores}::text[])`;
  return stores.length === 0
    ? sql`l.owner = ${adviser}`
    : sql`(l.store = any(${stores}::text[]) or l.owner = ${adviser})`;
}

function range(column: Condition, from: Instant | undefined, to: Instant | undefined): readonly Condition[] {
  return [
    ...(from === undefined ? [] : [sql`${column} >= ${new Date(from)}`]),
    ...(to === undefined ? [] : [sql`${column} < ${new Date(to)}`]),
  ];
}

const ORDERS: Readonly<
  Record<LeadSort, { readonly by: Condition; readonly beyond: Condition; readonly way: Condition }>
> = {
  created_at: { by: sql`l.created_at`, beyond: sql`>`, way: sql`asc` },
  '-created_at': { by: sql`l.created_at`, beyond: sql`<`, way: sql`desc` },
  updated_at: { by: sql`l.updated_at`, beyond: sql`>`, way: sql`asc` },
  '-updated_at': { by: sql`l.updated_at`, beyond: sql`<`, way: sql`desc` },
};

async function readWindow(
  db: Db,
  conditions: readonly Condition[],
  { sort, after }: LeadPage,
  limit: number,
): Promise<readonly ListedRow[]> {
  const { by, beyond, way } = ORDERS[sort];
  const where =
    after === null
      ? conditions
      : // The time alone, too: an index that has no id beside the time can use only that.
        [
          ...conditions,
          sql`${by} ${beyond}= ${new Date(after.at)}`,
          sql`(${by}, l.id) ${beyond} (${new Date(after.at)}, ${after.id}::uuid)`,
        ];
  const { rows } = await sql<ListedRow>`
    select ${LISTED} from (
      select * from lead l where ${sql.join(where, sql` and `)} order by ${by} ${way}, l.id ${way} limit ${limit}
    ) l
    left join customer_alias a on a.alias_id = l.customer_id
    join customer c on c.id = coalesce(a.customer_id, l.customer_id)
    order by ${by} ${way}, l.id ${way}`.execute(db);
  return rows;
}
