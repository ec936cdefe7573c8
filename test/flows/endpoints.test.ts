import t from 'tap';
import type { EndpointSecret } from '../../src/domain/endpoint.ts';
import type { Vault } from '../../src/domain/vault.ts';
import type { EndpointAct } from '../../src/flows/endpoint-act.ts';
import { checkInput, type EndpointEdit, type EndpointInput } from '../../src/flows/endpoint-input.ts';
import { addSecret, openSending } from '../../src/flows/endpoint-secrets.ts';
import { createEndpointIn, updateEndpointIn } from '../../src/flows/endpoints.ts';
import { rotateEndpointSecretIn } from '../../src/flows/rotate-endpoint-secret.ts';
import { deleteEndpointIn, pauseEndpointIn, resumeEndpointIn } from '../../src/flows/switch-endpoint.ts';
import { listAudit } from '../../src/store/audit.ts';
import { createDb, type Db } from '../../src/store/database.ts';
import { findSendingRow } from '../../src/store/endpoints.ts';
import { testAct } from '../helpers/act.ts';
import { testDatabase } from '../helpers/database.ts';
import { testVault } from '../helpers/vault.ts';

const NOW = Date.UTC(2026, 5, 1, 4);
const HOUR = 3_600_000;
const NOBODY = '00000000-0000-7000-8000-000000000000';
const INPUT: EndpointInput = { url: 'https://crm.example.com/in/path-token?key=query-token', events: ['lead.*'] };

const whoSees = (sees: EndpointAct['sees'], at = NOW): EndpointAct => ({ ...testAct(at), sees });
const FULL = whoSees('full');
const MASKED = whoSees('masked');

interface World {
  readonly db: Db;
  readonly vault: Vault;
  readonly create: (input?: Partial<EndpointInput>, act?: EndpointAct) => ReturnType<typeof createEndpointIn>;
  readonly update: (
    id: string,
    version: number,
    edit: EndpointEdit,
    act?: EndpointAct,
  ) => ReturnType<typeof updateEndpointIn>;
}

async function open(t: Parameters<typeof testDatabase>[0]): Promise<World> {
  const [db, vault] = [createDb((await testDatabase(t)).pool), testVault()];
  return {
    db,
    vault,
    create: (input = {}, act = FULL) =>
      db.transaction().execute((tx) => createEndpointIn(tx, vault, act, { ...INPUT, ...input })),
    update: (id, version, edit, act = FULL) =>
      db.transaction().execute((tx) => updateEndpointIn(tx, vault, act, id, version, edit)),
  };
}

type Change<R> = (tx: Parameters<typeof pauseEndpointIn>[0], vault: Vault, act: EndpointAct, id: string) => Promise<R>;
const by = <R>({ db, vault }: World, change: Change<R>, id: string, act = FULL): Promise<R> =>
  db.transaction().execute((tx) => change(tx, vault, act, id));
const rotate =
  (overlap: number, secret?: string): Change<Awaited<ReturnType<typeof rotateEndpointSecretIn>>> =>
  (tx, vault, act, id) =>
    rotateEndpointSecretIn(tx, vault, act, id, secret === undefined ? { overlap } : { overlap, secret });

async function sendingOf({ db, vault }: World, id: string) {
  const row = await findSendingRow(db, id);
  if (row === null) throw new Error('no such endpoint');
  return openSending(vault, row);
}

t.test(
  'an endpoint is made active, sealed, with a secret of its scheme, and audited without what is secret',
  async (t) => {
    const world = await open(t);
    const headers = { authorization: 'Bearer header-token' };
    const { sending, secret } = await world.create({ headers, description: 'crm' });
    const { endpoint } = sending;
    t.match(endpoint, { state: 'active', ordered: true, version: 1, description: 'crm', createdAt: NOW });
    t.match(secret, /^whsec_/);
    t.strictSame(await sendingOf(world, endpoint.id), sending);
    t.match((await world.create({ settings: { signature: 'v1a' } })).secret, /^whsk_/);
    const given = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
    t.equal((await world.create({ secret: given })).secret, given);
    await t.rejects(world.create({ secret: 'whsec_short' }), { code: 'body_invalid', path: 'secret' });
    const row = await world.db
      .selectFrom('endpoint')
      .selectAll()
      .where('id', '=', endpoint.id)
      .executeTakeFirstOrThrow();
    const audit = await listAudit(world.db, { subjectId: endpoint.id, limit: 9 });
    t.match(audit, [
      { action: 'endpoint.created', detail: { origin: 'https://crm.example.com', headers: ['authorization'] } },
    ]);
    for (const hidden of [secret ?? '', 'header-token']) t.notMatch(JSON.stringify(row), hidden, 'it is sealed');
    for (const hidden of [secret ?? '', 'header-token', 'path-token', 'query-token'])
      t.notMatch(JSON.stringify(audit), hidden, 'the audit does not hold it');
  },
);

t.test('a change needs the version that was seen, and says in the audit what it changed', async (t) => {
  const world = await open(t);
  const { id } = (await world.create()).sending.endpoint;
  const edit = {
    url: 'https://other.example.com/secret-path',
    headers: { 'x-key': 'v2' },
    settings: { rate_limit: 3 },
  };
  const { sending, secret } = await world.update(id, 1, edit, whoSees('full', NOW + 1));
  t.equal(secret, null);
  t.match(sending, { endpoint: { version: 2, url: edit.url, settings: { rate_limit: 3 } }, headers: edit.headers });
  t.strictSame(await sendingOf(world, id), sending);
  await t.rejects(world.update(id, 1, { description: 'x' }), { code: 'version_conflict' });
  await t.rejects(world.update(NOBODY, 1, { description: 'x' }), { code: 'not_found' });
  const [entry] = await listAudit(world.db, { subjectId: id, limit: 1 });
  t.match(entry, {
    action: 'endpoint.updated',
    detail: { origin: 'https://other.example.com', headers: ['x-key'], version: 2 },
  });
  t.strictSame(entry?.detail['changed'], ['url', 'headers', 'rate_limit']);
  t.notMatch(JSON.stringify(entry), /secret-path|v2/);
  t.strictSame((await world.update(id, 2, { headers: {} })).sending.headers, {}, 'headers are replaced whole');
});

t.test('another signature brings another secret, and the former one signs on for a day', async (t) => {
  const world = await open(t);
  const { sending: made, secret: former } = await world.create();
  const { sending, secret } = await world.update(made.endpoint.id, 1, { settings: { signature: 'v1a' } });
  t.match(secret, /^whsk_/);
  t.match(sending.secrets, [
    { secret, expires_at: null },
    { secret: former, expires_at: NOW + 24 * HOUR },
  ]);
  t.equal(
    (await world.update(made.endpoint.id, 2, { settings: { signature: 'v1a' } })).secret,
    null,
    'the same is none',
  );
});

t.test('a rotation lets old and new sign until the overlap is over', async (t) => {
  const world = await open(t);
  const { sending: made, secret: first } = await world.create();
  const { id } = made.endpoint;
  const { sending, secret: second } = await by(world, rotate(60), id);
  t.match(sending.secrets, [
    { secret: second, expires_at: null },
    { secret: first, expires_at: NOW + 60_000 },
  ]);
  t.equal(sending.endpoint.version, 2);
  const third = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
  const again = await by(world, rotate(3600, third), id, whoSees('full', NOW + 10_000));
  t.strictSame(
    again.sending.secrets.map((it) => [it.secret, it.expires_at]),
    [
      [third, null],
      [second, NOW + 10_000 + HOUR],
      [first, NOW + 60_000],
    ],
    'an earlier end stays',
  );
  t.equal((await by(world, rotate(0), id)).sending.secrets.length, 1, 'without overlap every former one goes');
  await t.rejects(by(world, rotate(1, 'whsk_x'), id), { code: 'body_invalid', path: 'secret' });
  const audit = JSON.stringify(await listAudit(world.db, { subjectId: id, limit: 9 }));
  for (const hidden of [first, second, third]) t.notMatch(audit, hidden ?? '');
});

t.test('of many former secrets the newest few stay', (t) => {
  const secret = (n: number): EndpointSecret => ({ id: `${n}`, secret: `s${n}`, expires_at: null });
  let secrets: readonly EndpointSecret[] = [];
  for (let n = 1; n <= 9; n++) secrets = addSecret(secrets, secret(n), NOW + n, 3600);
  t.strictSame(
    secrets.map(({ id }) => id),
    ['9', '8', '7', '6', '5'],
  );
  t.end();
});

t.test('pausing and resuming keep everything, and resuming forgets that it failed', async (t) => {
  const world = await open(t);
  const { sending } = await world.create({ headers: { 'x-key': 'v' } });
  const { id } = sending.endpoint;
  const health = {
    endpoint_id: id,
    failing_since: new Date(NOW),
    breaker: 'open',
    breaker_until: new Date(NOW),
  } as const;
  await world.db
    .insertInto('endpoint_health')
    .values({ ...health, updated_at: new Date(NOW) })
    .execute();
  const paused = await by(world, pauseEndpointIn, id, whoSees('full', NOW + 1));
  t.match(paused, { endpoint: { state: 'paused', pausedReason: 'operator', version: 2 }, headers: { 'x-key': 'v' } });
  t.equal((await by(world, pauseEndpointIn, id)).endpoint.version, 2, 'again for no change');
  t.match(await world.db.selectFrom('endpoint_health').selectAll().execute(), [{ breaker: 'open' }]);
  const resumed = await by(world, resumeEndpointIn, id, whoSees('full', NOW + 2));
  t.match(resumed.endpoint, { state: 'active', pausedReason: null, version: 3 });
  t.strictSame(resumed.secrets, sending.secrets);
  t.match(await world.db.selectFrom('endpoint_health').selectAll().execute(), [
    { breaker: 'closed', failing_since: null, breaker_until: null },
  ]);
  t.equal((await by(world, resumeEndpointIn, id)).endpoint.version, 3, 'again for no change');
  t.strictSame(
    (await listAudit(world.db, { subjectId: id, limit: 9 })).map((it) => it.action),
    ['endpoint.resumed', 'endpoint.paused', 'endpoint.created'],
  );
  for (const change of [pauseEndpointIn, resumeEndpointIn, deleteEndpointIn])
    await t.rejects(by(world, change, NOBODY), { code: 'not_found' });
});

t.test('a deleted endpoint has nothing secret left, and nothing is done with it any more', async (t) => {
  const world = await open(t);
  const { id } = (await world.create({ headers: { 'x-key': 'v' } })).sending.endpoint;
  await by(world, pauseEndpointIn, id);
  const gone = await by(world, deleteEndpointIn, id);
  t.match(gone, { endpoint: { state: 'deleted', pausedReason: null, url: 'https://crm.example.com', version: 3 } });
  t.strictSame([gone.secrets, gone.headers], [[], {}]);
  t.match(await findSendingRow(world.db, id), { secrets: '', headers: null });
  t.equal((await by(world, deleteEndpointIn, id)).endpoint.version, 3, 'again for no change');
  const attempts = [
    () => by(world, pauseEndpointIn, id),
    () => by(world, resumeEndpointIn, id),
    () => by<unknown>(world, rotate(0), id),
    () => world.update(id, 3, {}),
  ];
  for (const attempt of attempts) await t.rejects(attempt(), { code: 'gone' });
});

t.test('who may not read phones in full does not decide who gets them', async (t) => {
  const world = await open(t);
  const refused = { code: 'scope_missing', members: { scope: 'pii:read' } };
  await t.rejects(world.create({ settings: { payload: 'full' } }, MASKED), { ...refused, path: 'payload' });
  const masked = (await world.create({}, MASKED)).sending.endpoint;
  await t.rejects(world.update(masked.id, 1, { settings: { payload: 'full' } }, MASKED), {
    ...refused,
    path: 'payload',
  });
  await t.resolves(world.update(masked.id, 1, { url: 'https://b.example.com' }, MASKED), 'a masked one is free');
  const full = (await world.create({ settings: { payload: 'full' } })).sending.endpoint;
  const directing: readonly [EndpointEdit, string][] = [
    [{ url: 'https://b.example.com' }, 'url'],
    [{ headers: { 'x-key': 'v' } }, 'headers'],
    [{ settings: { mapping: '{ "a": id }' } }, 'mapping'],
    [{ settings: { signature: 'v1a' } }, 'signature'],
    [{ url: 'https://b.example.com', settings: { payload: 'masked' } }, 'url'],
  ];
  for (const [edit, path] of directing)
    await t.rejects(world.update(full.id, 1, edit, MASKED), { ...refused, path }, path);
  await t.rejects(by(world, rotate(60), full.id, MASKED), refused, "a secret of the key's choice");
  await t.resolves(world.update(full.id, 1, { description: 'x', url: full.url, settings: { rate_limit: 1 } }, MASKED));
  await t.resolves(by(world, pauseEndpointIn, full.id, MASKED));
  await t.rejects(by(world, resumeEndpointIn, full.id, MASKED), refused);
  await t.resolves(by(world, resumeEndpointIn, full.id));
});

t.test('bodies that were rendered in full are forgotten when an endpoint is full no more', async (t) => {
  const world = await open(t);
  const { id } = (await world.create({ settings: { payload: 'full' } })).sending.endpoint;
  const at = new Date(NOW);
  const body = { delivery_id: NOBODY, created_at: at, content_type: 'a/b', body: Buffer.of(1), sealed: false };
  const due = { endpoint_id: id, stream: NOBODY, sequence: 1, delivery_id: NOBODY, created_at: at, event_id: NOBODY };
  await world.db.insertInto('delivery_body').values(body).execute();
  await world.db
    .insertInto('delivery_due')
    .values({ ...due, due_at: at, blocking: true, claims: 1, first_attempt_at: at })
    .execute();
  const left = async () => (await world.db.selectFrom('delivery_body').select('delivery_id').execute()).length;
  await world.update(id, 1, { url: 'https://b.example.com' });
  t.equal(await left(), 1, 'another URL gets the same bytes');
  await world.update(id, 2, { settings: { payload: null } }, MASKED);
  t.equal(await left(), 0, 'as by default is masked: else full bytes would follow a URL that anybody may change');
});

t.test('input is checked without asking anybody', (t) => {
  const refuse = (edit: EndpointEdit, path: string) =>
    t.throws(() => checkInput(edit), { code: 'body_invalid', path }, JSON.stringify(edit).slice(0, 60));
  const set = (settings: NonNullable<EndpointEdit['settings']>, path: string) => refuse({ settings }, path);
  refuse({ events: [] }, 'events');
  refuse({ events: ['lead.*', 'lead.*'] }, 'events');
  refuse({ events: ['lead.*', 'leads.*'] }, 'events.1');
  refuse({ events: ['lead.creat*'] }, 'events.0');
  refuse({ description: 'x'.repeat(201) }, 'description');
  refuse({ filter: { stores: [] } }, 'filter.stores');
  refuse({ filter: { channels: [''] } }, 'filter.channels');
  refuse({ filter: { sources: ['x'] } }, 'filter.sources');
  refuse({ filter: { ratings: ['hot'] } }, 'filter.ratings');
  set({ payload: 'all' as 'full' }, 'payload');
  set({ signature: 'v2' as 'v1' }, 'signature');
  set({ purpose: 'fun' as 'contact' }, 'purpose');
  set({ rate_limit: 0 }, 'rate_limit');
  set({ rate_limit: 10_001 }, 'rate_limit');
  set({ rate_limit: Number.NaN }, 'rate_limit');
  set({ concurrency: 0 }, 'concurrency');
  set({ concurrency: 1.5 }, 'concurrency');
  set({ concurrency: 257 }, 'concurrency');
  set({ timeout_ms: 499 }, 'timeout_ms');
  set({ timeout_ms: 25_001 }, 'timeout_ms');
  set({ deadline_seconds: 9 }, 'deadline_seconds');
  set({ deadline_seconds: 2_592_001 }, 'deadline_seconds');
  set({ hold: { seconds: -1, attempts: 1 } }, 'hold.seconds');
  set({ hold: { seconds: 86_401, attempts: 1 } }, 'hold.seconds');
  set({ hold: { seconds: 0, attempts: 0 } }, 'hold.attempts');
  set({ hold: { seconds: 0, attempts: 31 } }, 'hold.attempts');
  set({ retry_schedule: [] }, 'retry_schedule');
  set({ retry_schedule: Array(31).fill(1) }, 'retry_schedule');
  set({ retry_schedule: [0, -1] }, 'retry_schedule.1');
  set({ retry_schedule: [0, 604_801] }, 'retry_schedule.1');
  set({ mapping: 'x'.repeat(10_001) }, 'mapping');
  refuse({ headers: { Host: 'x' } }, '/headers/Host');
  const fine: EndpointEdit = {
    events: ['*'],
    filter: { stores: null, ratings: ['low'] },
    settings: {
      rate_limit: 0.01,
      concurrency: 256,
      timeout_ms: 25_000,
      deadline_seconds: 10,
      hold: { seconds: 0, attempts: 30 },
      retry_schedule: [604_800],
      purpose: null,
    },
  };
  t.strictSame(checkInput(fine), fine);
  t.strictSame(checkInput({ headers: { 'X-Key': 'v' } }), { headers: { 'x-key': 'v' } });
  t.end();
});

t.test('what was sealed under a key that is gone can still be changed, and repaired', async (t) => {
  const world = await open(t);
  const { sending } = await world.create({ headers: { 'x-crm': 'abc' } });
  const { id } = sending.endpoint;
  const later = { ...world, vault: testVault() };
  const edit = (version: number, change: EndpointEdit) =>
    world.db.transaction().execute((tx) => updateEndpointIn(tx, later.vault, FULL, id, version, change));
  const renamed = await edit(1, { description: 'the same' });
  t.match(renamed.sending, { endpoint: { description: 'the same', version: 2 }, secrets: [], headers: {} });
  const { sending: kept } = { sending: await sendingOf(world, id) };
  t.match(kept, { secrets: [{}], headers: { 'x-crm': 'abc' } }, 'what was there is not touched');
  await by(later, rotate(0), id);
  await edit(3, { headers: { 'x-crm': 'new' } });
  t.match(await sendingOf(later, id), { secrets: [{}], headers: { 'x-crm': 'new' } });
});
