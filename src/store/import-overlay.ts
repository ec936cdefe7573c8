import type { KnownIdentity, KnownReceipt } from '../domain/known.ts';
import type { KnownTouch, Person } from '../domain/person.ts';
import type { Vault } from '../domain/vault.ts';
import { plain, texts } from './column.ts';
import type { Session } from './session.ts';

// What a dry run would have written, for the rows after: in tables of its connection alone, which end with it. Held in memory it
// would grow with the file. People are sealed there as they are elsewhere.
const TABLES = {
  dry_identity: 'token text, value text not null, primary key (import_id, token)',
  dry_person: 'id uuid, value text not null, primary key (import_id, id)',
  dry_receipt: 'key text, value text not null, primary key (import_id, key)',
  dry_touch:
    'id uuid, noise_key text not null, at bigint not null, customer_id uuid not null, value text not null, primary key (import_id, id)',
  dry_named: 'id uuid, primary key (import_id, id)',
} as const;
type Table = keyof typeof TABLES;
const NAMES = Object.keys(TABLES) as readonly Table[];

/** What earlier rows of a dry run would have made of what a batch names. */
export interface Overlay {
  readonly identities: ReadonlyMap<string, KnownIdentity>; // by token
  readonly persons: ReadonlyMap<string, Person>; // with the touches that are asked for
  readonly receipts: ReadonlyMap<string, KnownReceipt>; // by receiptKey
}

/** What a batch asks for: `people` are those that the database knows, `noise` where a touch could be repeated. */
export interface OverlayNames {
  readonly tokens: readonly string[];
  readonly keys: readonly string[];
  readonly people: readonly string[];
  readonly noise: (receipts: Overlay['receipts']) => readonly NoiseWindow[];
}

/** Where a touch could be repeated, in milliseconds. */
export interface NoiseWindow {
  readonly noiseKey: string;
  readonly from: number;
  readonly to: number;
}

/** Makes the tables of a connection, and begins an import in them. */
export async function openOverlay(session: Session, importId: string): Promise<void> {
  for (const name of NAMES) {
    const text = `create temporary table if not exists ${name} (import_id uuid, ${TABLES[name]})`;
    await session.run({ name: `make_${name}`, text }, []);
  }
  const index = 'create index if not exists dry_touch_noise on dry_touch (import_id, noise_key, at)';
  await session.run({ name: 'make_dry_touch_noise', text: index }, []);
  await closeOverlay(session, importId);
}

/** Forgets what a dry run would have made; the space goes with the last one of the connection. */
export async function closeOverlay(session: Session, importId: string): Promise<void> {
  for (const name of NAMES) {
    await session.run({ name: `clear_${name}`, text: `delete from ${name} where import_id = $1` }, [importId]);
    const [left] = await session.run<{ some: boolean }>(
      { name: `left_${name}`, text: `select exists (select 1 from ${name}) as some` },
      [],
    );
    if (left?.some !== true) await session.run({ name: `truncate_${name}`, text: `truncate ${name}` }, []);
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
const TOUCHES = {
  name: 'dry_touches',
  text: `select distinct t.customer_id, t.value from unnest($2::text[], $3::bigint[], $4::bigint[]) u(noise_key, first, last)
    join dry_touch t on t.import_id = $1 and t.noise_key = u.noise_key and t.at between u.first and u.last`,
};
const NAMED = {
  name: 'dry_named',
  text: 'select id as key from dry_named where import_id = $1 and id = any($2::uuid[])',
};

/** What was made of the identities, keys and people that a batch names. */
export async function readOverlay(
  session: Session,
  vault: Vault,
  importId: string,
  names: OverlayNames,
): Promise<Overlay> {
  const read = async <T>(statement: typeof PERSONS, keys: string): Promise<ReadonlyMap<string, T>> => {
    const rows = await session.run<{ key: string; value: string }>(statement, [importId, keys]);
    return new Map(rows.map(({ key, value }) => [key, unsealed<T>(vault, value)]));
  };
  const identities = await read<KnownIdentity>(IDENTITIES, texts(names.tokens));
  const receipts = await read<KnownReceipt>(RECEIPTS, texts(names.keys));
  const ids = new Set([...names.people, ...[...identities.values()].flatMap(({ customerId }) => customerId ?? [])]);
  const persons = await read<Person>(PERSONS, plain([...ids]));
  const touches = await readTouches(session, vault, importId, names.noise(receipts));
  return {
    identities,
    receipts,
    persons: new Map([...persons].map(([id, person]) => [id, { ...person, touches: touches.get(id) ?? [] }])),
  };
}

async function readTouches(
  session: Session,
  vault: Vault,
  importId: string,
  noise: readonly NoiseWindow[],
): Promise<ReadonlyMap<string, readonly KnownTouch[]>> {
  const rows = await session.run<{ customer_id: string; value: string }>(TOUCHES, [
    importId,
    texts(noise.map(({ noiseKey }) => noiseKey)),
    plain(noise.map(({ from }) => from)),
    plain(noise.map(({ to }) => to)),
  ]);
  const touches = new Map<string, KnownTouch[]>();
  for (const { customer_id: id, value } of rows) {
    const touch = unsealed<KnownTouch>(vault, value);
    const known = touches.get(id);
    if (known === undefined) touches.set(id, [touch]);
    else known.push(touch);
  }
  return touches;
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
  vault: Vault,
  importId: string,
  made: Overlay & { readonly named: readonly string[] },
): Promise<void> {
  await write('dry_identity', 'token', 'text', made.identities);
  await write('dry_person', 'id', 'uuid', new Map([...made.persons].map(([id, one]) => [id, { ...one, touches: [] }])));
  await write('dry_receipt', 'key', 'text', made.receipts);
  await writeTouches(session, vault, importId, made.persons);
  const text = 'insert into dry_named (import_id, id) select $1, u from unnest($2::uuid[]) u on conflict do nothing';
  await session.run({ name: 'write_dry_named', text }, [importId, plain(made.named)]);

  async function write(
    table: Table,
    key: string,
    type: 'text' | 'uuid',
    values: ReadonlyMap<string, object>,
  ): Promise<void> {
    if (values.size === 0) return;
    const sql = `insert into ${table} (import_id, ${key}, value) select $1, u.* from unnest($2::${type}[], $3::text[]) u
      on conflict (import_id, ${key}) do update set value = excluded.value`;
    const keys = [...values.keys()];
    const documents = [...values.values()].map((value) => sealed(vault, value));
    await session.run({ name: `write_${table}`, text: sql }, [
      importId,
      type === 'uuid' ? plain(keys) : texts(keys),
      texts(documents),
    ]);
  }
}

async function writeTouches(
  session: Session,
  vault: Vault,
  importId: string,
  persons: Overlay['persons'],
): Promise<void> {
  const touches = [...persons].flatMap(([id, person]) => person.touches.map((touch) => ({ id, touch })));
  if (touches.length === 0) return;
  const text = `insert into dry_touch (import_id, id, noise_key, at, customer_id, value)
    select $1, u.* from unnest($2::uuid[], $3::text[], $4::bigint[], $5::uuid[], $6::text[]) u
    on conflict (import_id, id) do update set value = excluded.value`;
  await session.run({ name: 'write_dry_touch', text }, [
    importId,
    plain(touches.map(({ touch }) => touch.id)),
    texts(touches.map(({ touch }) => touch.noiseKey)),
    plain(touches.map(({ touch }) => touch.occurredAt)),
    plain(touches.map(({ id }) => id)),
    texts(touches.map(({ touch }) => sealed(vault, touch))),
  ]);
}

function sealed(vault: Vault, value: object): string {
  const text = JSON.stringify(value);
  return vault.atRest === 'none' ? text : vault.sealText(text);
}

function unsealed<T>(vault: Vault, value: string): T {
  return JSON.parse(vault.atRest === 'none' ? value : vault.openText(value)) as T;
}
