import type { Selectable } from 'kysely';
import type { Origin } from '../domain/origin.ts';
import type { ChannelTouches, Customer } from '../domain/person.ts';
import { EMPTY_PROFILE, type Profile } from '../domain/profile.ts';
import { plain } from './column.ts';
import type { Session } from './session.ts';
import { type Column, replacing, setWrite } from './set-write.ts';
import type { CustomerTable } from './tables.ts';

/** A row of `customer` as it is read. */
export type CustomerRow = Selectable<CustomerTable>;

/** The customer of a row. */
export function customerOf(row: CustomerRow): Customer {
  return {
    id: row.id,
    profile: { ...EMPTY_PROFILE, ...(row.profile as Partial<Profile>) },
    firstSource: row.first_source as Origin | null,
    lastSource: row.last_source as Origin | null,
    touchCount: row.touch_count,
    channels: row.channels as ChannelTouches,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

const LOCK = {
  name: 'lock_customers',
  text: `insert into customer (id, created_at, updated_at, locked_at)
    select u.id, $2, $2, $2 from unnest($1::uuid[]) u(id)
    on conflict (id) do update set locked_at = excluded.locked_at`,
};

/** Locks root customers in the order of their ids: the lock of every flow that touches a person. */
export async function lockCustomers(session: Session, ids: readonly string[], at: number): Promise<void> {
  if (ids.length > 0) await session.run(LOCK, [plain([...ids].sort()), new Date(at)]);
}

const ALIASES = {
  name: 'read_aliases',
  text: 'select alias_id, customer_id from customer_alias where alias_id = any($1::uuid[])',
};

/** Those of the ids that are aliases, with their roots; read after locking, any row means that a merge came between. */
export async function readAliases(session: Session, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await session.run<{ alias_id: string; customer_id: string }>(ALIASES, [plain(ids)]);
  return new Map(rows.map((row) => [row.alias_id, row.customer_id]));
}

const READ = { name: 'read_customers', text: 'select * from customer where id = any($1::uuid[])' };

/** Customers by id. */
export async function readCustomers(session: Session, ids: readonly string[]): Promise<readonly Customer[]> {
  if (ids.length === 0) return [];
  return (await session.run<CustomerRow>(READ, [plain(ids)])).map(customerOf);
}

const COLUMNS: readonly Column<Customer & { readonly lockedAt: number }>[] = [
  ['id', 'uuid', (customer) => customer.id],
  ['profile', 'jsonb', (customer) => customer.profile],
  ['first_source', 'jsonb', (customer) => customer.firstSource],
  ['last_source', 'jsonb', (customer) => customer.lastSource],
  ['touch_count', 'integer', (customer) => customer.touchCount],
  ['channels', 'jsonb', (customer) => customer.channels],
  ['version', 'integer', (customer) => customer.version],
  ['created_at', 'timestamptz', (customer) => customer.createdAt],
  ['updated_at', 'timestamptz', (customer) => customer.updatedAt],
  ['locked_at', 'timestamptz', (customer) => customer.lockedAt],
];
const UPSERT = setWrite('customer', COLUMNS, replacing(COLUMNS, 'id', ['id', 'created_at']));

/** Writes customers as they are now, new and known alike. */
export async function upsertCustomers(session: Session, customers: readonly Customer[], at: number): Promise<void> {
  await UPSERT.write(
    session,
    customers.map((customer) => ({ ...customer, lockedAt: at })),
  );
}
