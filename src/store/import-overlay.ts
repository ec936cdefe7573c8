import type { KnownIdentity, KnownReceipt } from '../domain/known.ts';
import type { Person } from '../domain/person.ts';
import { plain, texts } from './column.ts';
import type { Session } from './session.ts';

// What a dry run would have written, for the rows after: in tables of its connection alone, which end with it. Held in memory it
// would grow with the file.
const TABLES = [
  'create temporary table if not exists dry_identity (import_id uuid, token text, value text not null, primary key (import_id, token))',
  'create temporary table if not exists dry_person (import_id uuid, id uuid, value text not null, primary key (import_id, id))',
  'create temporary table if not exists dry_receipt (import_id uuid, key text, value text not null, primary key (import_id, key))',
  'create temporary table if not exists dry_named (import_id uuid, id uuid, primary key (import_id, id))',
] as const;

/** What earlier rows of a dry run would have made of what a batch names. */
export interface Overlay {
  readonly identities: ReadonlyMap<string, KnownIdentity>; // by token
  readonly persons: ReadonlyMap<string, Person>;
  readonly receipts: ReadonlyMap<string, KnownReceipt>; // by receiptKey
}

/** Makes the tables of a connection; nothing where they are there. */
export async function openOverlay(session: Session): Promise<void> {
  for (const [at, text] of TABLES.entries()) await session.run({ name: `dry_table_${at}`, text }, []);
}

/** Forgets what a dry run would have made. */
export async function clearOverlay(session: Session, importId: string): Promise<void> {
  for (const table of ['dry_identity', 'dry_person', 'dry_receipt', 'dry_named']) {
    await session.run({ name: `clear_${table}`, text: `delete from ${table} where import_id = $1` }, [importId]);
  }
}

const IDENTITIES = {
  name: 'dry_identities',
  text: 'select token as key, value from dry_identity where import_id = $1 and token = any($2::text[])',
};
const PERSONS = {
  name: 'dry_persons',
  text: 'select id as key, value from dry_person where import_id = $1 and id = any($2::uuid[])',
};
const RECEIPTS = {
  name: 'dry_receipts',
  text: 'select key, value from dry_receipt where import_id = $1 and key = any($2::text[])',
};
const NAMED = {
  name: 'dry_named',
  text: 'select id as key from dry_named where import_id = $1 and id = any($2::uuid[])',
};

/** What was made of the identities, keys and people that a batch names; `people` are those that the database knows. */
export async function readOverlay(
  session: Session,
  importId: string,
  names: { readonly tokens: readonly string[]; readonly keys: readonly string[]; readonly people: readonly string[] },
): Promise<Overlay> {
  const identities = await read<KnownIdentity>(session, IDENTITIES, importId, texts(names.tokens));
  const receipts = await read<KnownReceipt>(session, RECEIPTS, importId, texts(names.keys));
  const ids = new Set([...names.people, ...[...identities.values()].flatMap(({ customerId }) => customerId ?? [])]);
  return { identities, receipts, persons: await read<Person>(session, PERSONS, importId, plain([...ids])) };
}

async function read<T>(
  session: Session,
  statement: { readonly name: string; readonly text: string },
  importId: string,
  keys: string,
): Promise<ReadonlyMap<string, T>> {
  const rows = await session.run<{ key: string; value: string }>(statement, [importId, keys]);
  return new Map(rows.map(({ key, value }) => [key, JSON.parse(value) as T]));
}

/** Which of these people earlier rows have named. */
export async function namedInOverlay(
  session: Session,
  importId: string,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await session.run<{ key: string }>(NAMED, [importId, plain(ids)]);
  return new Set(rows.map(({ key }) => key));
}

/** Notes what a batch would have made, and whom it named. */
export async function writeOverlay(
  session: Session,
  importId: string,
  made: Overlay & { readonly named: readonly string[] },
): Promise<void> {
  await write(session, 'dry_identity', 'token', 'text', importId, made.identities);
  await write(session, 'dry_person', 'id', 'uuid', importId, made.persons);
  await write(session, 'dry_receipt', 'key', 'text', importId, made.receipts);
  const text = 'insert into dry_named (import_id, id) select $1, u from unnest($2::uuid[]) u on conflict do nothing';
  await session.run({ name: 'write_dry_named', text }, [importId, plain(made.named)]);
}

async function write(
  session: Session,
  table: string,
  key: string,
  type: 'text' | 'uuid',
  importId: string,
  values: ReadonlyMap<string, object>,
): Promise<void> {
  if (values.size === 0) return;
  const text = `insert into ${table} (import_id, ${key}, value) select $1, u.* from unnest($2::${type}[], $3::text[]) u
    on conflict (import_id, ${key}) do update set value = excluded.value`;
  const keys = [...values.keys()];
  const documents = [...values.values()].map((value) => JSON.stringify(value));
  await session.run({ name: `write_${table}`, text }, [
    importId,
    type === 'uuid' ? plain(keys) : texts(keys),
    texts(documents),
  ]);
}
