import t from 'tap';
import { listAudit } from '../../../src/store/audit.ts';
import { type Service, startService } from '../../helpers/service.ts';

const NOW = Date.UTC(2026, 5, 1, 4);
const NOBODY = '00000000-0000-7000-8000-000000000000';
const ADDRESS = 'http://127.0.0.1:9/in/path-token?key=query-token';

interface Seen {
  readonly id: string;
  readonly version: number;
}

const keyed = (key: string | undefined) => (key === undefined ? {} : { key });
const make = ({ call }: Service, body: object = {}, key?: string) =>
  call('POST', '/v1/endpoints', { body: { url: ADDRESS, events: ['lead.*'], ...body }, ...keyed(key) });
const change = ({ call }: Service, { id, version }: Seen, body: object, key?: string) =>
  call('PATCH', `/v1/endpoints/${id}`, { body, headers: { 'if-match': `"${version}"` }, ...keyed(key) });

t.test('an endpoint is made, read, listed and changed at the version that was seen', async (t) => {
  const service = await startService(t);
  const { call } = service;
  service.setClock(NOW);
  const made = await make(service, {
    description: '纷享销客',
    events: ['lead.*', 'deal.recorded'],
    filter: { stores: ['S1'], sources: ['0197A3C2-5D10-7ABC-8DEF-0123456789AB'] },
    ordered: false,
    headers: { 'X-Key': 'header-value', authorization: 'Bearer b' },
    rate_limit: 0.5,
    hold: { seconds: 5, attempts: 2 },
    recipient: '某某公司',
    purpose: 'contact',
    success_when: 'body.errcode = 0',
  });
  t.equal(made.status, 201);
  const { secret, warnings, ...endpoint } = made.body;
  t.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
  t.strictSame(warnings, []);
  t.match(endpoint, {
    url: ADDRESS,
    state: 'active',
    paused_reason: null,
    events: ['lead.*', 'deal.recorded'],
    filter: { channels: null, stores: ['S1'], sources: ['0197a3c2-5d10-7abc-8def-0123456789ab'], ratings: null },
    ordered: false,
    payload: 'masked',
    signature: 'v1',
    rate_limit: 0.5,
    concurrency: 16,
    timeout_ms: 15_000,
    hold: { seconds: 5, attempts: 2 },
    deadline_seconds: null,
    purpose: 'contact',
    mapping: null,
    headers: ['authorization', 'x-key'],
    public_key: null,
    health: { failing_since: null, last_success_at: null, breaker: 'closed' },
    pending: 0,
    pending_more: false,
    oldest_pending_at: null,
    version: 1,
    created_at: '2026-06-01T04:00:00.000Z',
  });
  t.equal(endpoint.retry_schedule.length, 11);
  t.equal(made.headers['location'], `/v1/endpoints/${endpoint.id}`);
  const read = await call('GET', `/v1/endpoints/${endpoint.id}`);
  t.strictSame([read.body, read.headers['etag']], [endpoint, '"1"']);
  t.strictSame((await call('GET', '/v1/endpoints')).body, { items: [endpoint] });
  t.match((await call('PATCH', `/v1/endpoints/${endpoint.id}`, { body: { ordered: true } })).body, {
    status: 428,
    code: 'version_required',
  });
  const changed = await change(service, endpoint, { events: ['*'], filter: {}, rate_limit: null, concurrency: 3 });
  t.match(changed.body, { version: 2, events: ['*'], rate_limit: null, concurrency: 3, recipient: '某某公司' });
  t.strictSame(changed.body.filter, { channels: null, stores: null, sources: null, ratings: null }, 'replaced whole');
  t.strictSame([changed.body.secret, changed.headers['etag']], [undefined, '"2"']);
  t.match((await change(service, endpoint, { ordered: true })).body, { status: 412, code: 'version_conflict' });
  t.match((await change(service, { ...endpoint, version: 2 }, { concurrency: null, hold: null })).body, {
    concurrency: 16,
    hold: { seconds: 600, attempts: 5 },
  });
  t.match((await change(service, { id: NOBODY, version: 1 }, { ordered: true })).body, { code: 'not_found' });
  t.match((await call('GET', `/v1/endpoints/${NOBODY}`)).body, { code: 'not_found' });
});

t.test('what does not fit is refused by its place, with a hint where it was mistyped', async (t) => {
  const service = await startService(t);
  const refuse = async (body: object, path: string, more: object = {}) =>
    t.match((await make(service, body)).body, { code: 'body_invalid', errors: [{ path, ...more }] }, path);
  await refuse({ events: ['lead.create'] }, '/events/0', { code: 'not_listed', hint: 'Did you mean lead.created?' });
  await refuse({ events: ['leads.*'] }, '/events/0', { hint: 'Did you mean lead.*?' });
  await refuse({ events: [] }, '/events');
  await refuse({ events: ['*', '*'] }, '/events');
  await refuse({ filter: { store: ['S1'] } }, '/filter/store', { hint: 'Did you mean stores?' });
  await refuse({ filter: { ratings: ['hot'] } }, '/filter/ratings/0');
  await refuse({ filter: { sources: ['x'] } }, '/filter/sources/0');
  await refuse({ filter: { stores: [] } }, '/filter/stores');
  await refuse({ payload: 'everything' }, '/payload');
  await refuse({ purpose: 'fun' }, '/purpose');
  for (const [name, least, most] of [
    ['rate_limit', 0.001, 10_001],
    ['concurrency', 0, 257],
    ['timeout_ms', 499, 25_001],
    ['deadline_seconds', 9, 2_592_001],
  ] as const) {
    await refuse({ [name]: least }, `/${name}`, { code: 'out_of_range' });
    await refuse({ [name]: most }, `/${name}`, { code: 'out_of_range' });
  }
  await refuse({ retry_schedule: [] }, '/retry_schedule');
  await refuse({ retry_schedule: Array(31).fill(0) }, '/retry_schedule');
  await refuse({ retry_schedule: [0, 604_801] }, '/retry_schedule/1');
  await refuse({ hold: { seconds: 1 } }, '/hold/attempts');
  await refuse({ hold: { seconds: 86_401, attempts: 31 } }, '/hold/seconds');
  await refuse({ secret: 'whsec_tooshort' }, '/secret');
  await refuse({ ulr: ADDRESS }, '/ulr', { hint: 'Did you mean url?' });
  for (const name of ['Host', 'connection', 'webhook-id', 'clew-test', 'a b']) {
    await refuse({ headers: { [name]: 'v' } }, `/headers/${name}`);
  }
  await refuse({ headers: { 'x-key': 'a\r\nb' } }, '/headers/x-key');
  await refuse({ headers: { a: 'v'.repeat(4096) } }, '/headers');
  const twenty = Object.fromEntries(Array.from({ length: 21 }, (_, i) => [`x-${i}`, 'v']));
  await refuse({ headers: twenty }, '/headers');
  const fine = { retry_schedule: [604_800, 0], timeout_ms: 25_000, rate_limit: 0.01, headers: { 'user-agent': 'x' } };
  t.equal((await make(service, fine)).status, 201);
  t.equal((await service.call('GET', '/v1/endpoints')).body.items.length, 1, 'nothing refused was saved');
});

t.test('a URL that may not be called is refused, one without an address yet is saved with a warning', async (t) => {
  const service = await startService(t);
  const forbidden = [
    'ftp://127.0.0.1/',
    'http://10.0.0.1/',
    'http://[::ffff:10.0.0.1]/',
    'http://169.254.169.254/x',
    'crm',
  ];
  for (const url of forbidden) {
    const answer = await make(service, { url });
    t.match(answer.body, { status: 422, code: 'target_refused', errors: [{ path: '/url' }], reason: /^[a-z_]+$/ }, url);
  }
  const made = await make(service, { url: 'http://nothing.invalid/in' });
  t.match(made, { status: 201, body: { warnings: ['target_unresolved'] } });
  t.match(await change(service, made.body, { url: 'http://10.0.0.1/' }), { body: { code: 'target_refused' } });
  t.match(await change(service, made.body, { url: ADDRESS }), { status: 200, body: { version: 2, warnings: [] } });
  t.equal((await service.call('GET', '/v1/endpoints')).body.items.length, 1);
});

t.test('expressions are read and tried before they are saved', async (t) => {
  const service = await startService(t);
  const refuse = async (body: object, path: string, reason: string) =>
    t.match(
      (await make(service, body)).body,
      { status: 422, code: 'mapping_invalid', reason, errors: [{ path }] },
      JSON.stringify(body),
    );
  await refuse({ mapping: '{ "a": ' }, '/mapping', 'syntax');
  await refuse({ mapping: 'data.nothing' }, '/mapping', 'mapping_empty');
  await refuse({ mapping: '$error("no")' }, '/mapping', 'mapping_failed');
  await refuse({ mapping: '($f := function($n) { $f($n) }; $f(1))' }, '/mapping', 'mapping_timeout');
  await refuse({ mapping: '{ "a": $pad("x", 30000) }' }, '/mapping', 'mapping_too_large');
  await refuse({ mapping: 'data.lead.person.name', payload: 'thin' }, '/mapping', 'mapping_empty');
  await refuse({ success_when: 'body.(' }, '/success_when', 'syntax');
  const made = await make(service, { mapping: 'data.lead.person.name', success_when: 'body.errcode = 0' });
  t.equal(made.status, 201);
  t.match(
    await change(service, made.body, { payload: 'thin' }),
    { body: { code: 'mapping_invalid' } },
    'what it gets changes',
  );
  t.match(await change(service, made.body, { events: ['endpoint.paused'] }), { body: { code: 'mapping_invalid' } });
  t.match(await change(service, made.body, { payload: 'thin', mapping: null }), {
    status: 200,
    body: { mapping: null },
  });
  const thin = { id: made.body.id, version: 2 };
  t.match(await change(service, thin, { mapping: 'data.lead.person.name' }), { body: { code: 'mapping_invalid' } });
  t.match(await change(service, thin, { mapping: 'data.lead.id' }), { status: 200, body: { version: 3 } });
});

t.test('full values go where a key with pii:read says, and nowhere else', async (t) => {
  const service = await startService(t);
  const { call } = service;
  const ops = (await service.makeKey({ scopes: ['ops'] })).secret;
  const refused = (path: string | null) => ({
    status: 403,
    code: 'scope_missing',
    scope: 'pii:read',
    ...(path === null ? {} : { errors: [{ path }] }),
  });
  t.match((await make(service, { payload: 'full' }, ops)).body, refused('/payload'));
  const masked = (await make(service, {}, ops)).body;
  t.match((await change(service, masked, { payload: 'full' }, ops)).body, refused('/payload'));
  const full = (await make(service, { payload: 'full' })).body;
  t.equal(full.payload, 'full');
  for (const [field, value] of Object.entries({
    url: 'http://127.0.0.1:10/',
    headers: { 'x-key': 'v' },
    mapping: '{ "id": id }',
    signature: 'v1a',
  })) {
    t.match((await change(service, full, { [field]: value }, ops)).body, refused(`/${field}`));
    t.match((await change(service, full, { [field]: value, payload: 'masked' }, ops)).body, refused(`/${field}`));
  }
  const rotate = (key?: string) => call('POST', `/v1/endpoints/${full.id}/rotate-secret`, { body: {}, ...keyed(key) });
  t.match((await rotate(ops)).body, refused(null));
  t.match((await change(service, full, { rate_limit: 5, url: ADDRESS }, ops)).body, { version: 2, rate_limit: 5 });
  t.equal((await call('POST', `/v1/endpoints/${full.id}/pause`, { key: ops })).status, 200);
  t.match((await call('POST', `/v1/endpoints/${full.id}/resume`, { key: ops })).body, refused(null));
  t.equal((await call('POST', `/v1/endpoints/${full.id}/resume`)).status, 200);
  t.equal((await rotate()).status, 200);
});

t.test('only ops and admin see endpoints', async (t) => {
  const service = await startService(t);
  const { id } = (await make(service)).body;
  const other = (await service.makeKey({ scopes: ['leads:read', 'leads:write', 'pii:read'] })).secret;
  const admin = (await service.makeKey({ scopes: ['admin'] })).secret;
  for (const [method, path] of [
    ['GET', ''],
    ['GET', `/${id}`],
    ['POST', `/${id}/pause`],
    ['POST', `/${id}/test`],
    ['DELETE', `/${id}`],
  ] as const) {
    t.equal((await service.call(method, `/v1/endpoints${path}`, { key: other })).body.code, 'scope_missing');
  }
  t.equal((await make(service, {}, other)).body.code, 'scope_missing');
  t.equal((await service.call('GET', `/v1/endpoints/${id}`, { key: admin })).status, 200);
});

t.test('a secret is shown once, rotated with overlap, and replayed only to the same idempotency key', async (t) => {
  const service = await startService(t);
  const { call, db } = service;
  service.setClock(NOW);
  const again = () =>
    call('POST', '/v1/endpoints', { body: { url: ADDRESS, events: ['*'] }, headers: { 'idempotency-key': 'k' } });
  const first = await again();
  t.match(first, { status: 201, headers: { etag: '"1"' } });
  const second = await again();
  t.strictSame([second.status, second.body, second.headers['idempotency-replayed']], [201, first.body, 'true']);
  const kept = await db.selectFrom('receipt').selectAll().where('key', '=', 'k').executeTakeFirstOrThrow();
  t.notMatch(JSON.stringify(kept), first.body.secret);
  const { id } = first.body;
  const rotated = await call('POST', `/v1/endpoints/${id}/rotate-secret`, { body: { overlap_seconds: 60 } });
  t.match(rotated.body, { version: 2, secret: /^whsec_/, secret_expires_at: '2026-06-01T04:01:00.000Z' });
  t.not(rotated.body.secret, first.body.secret);
  const given = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
  const third = await call('POST', `/v1/endpoints/${id}/rotate-secret`, { body: { secret: given } });
  t.match(third.body, { secret: given, version: 3 });
  const wrong = await call('POST', `/v1/endpoints/${id}/rotate-secret`, { body: { secret: 'whsk_AAAAAAAA' } });
  t.match(wrong.body, { code: 'body_invalid', errors: [{ path: '/secret' }] });
  t.equal((await call('GET', `/v1/endpoints/${id}`)).body.secret, undefined);
  const rename = () =>
    call('PATCH', `/v1/endpoints/${id}`, {
      body: { description: 'crm' },
      headers: { 'if-match': '"3"', 'idempotency-key': 'rename' },
    });
  t.match(await rename(), { status: 200, body: { version: 4 } });
  await call('DELETE', `/v1/endpoints/${id}`);
  t.match(await rename(), { status: 200, body: { version: 4 }, headers: { 'idempotency-replayed': 'true' } });
});

t.test('an Ed25519 endpoint always shows the key to verify with, and another signature another secret', async (t) => {
  const service = await startService(t);
  const made = (await make(service, { signature: 'v1a' })).body;
  t.match(made, { secret: /^whsk_/, public_key: /^whpk_[A-Za-z0-9+/]{43}=$/, signature: 'v1a' });
  const read = (await service.call('GET', `/v1/endpoints/${made.id}`)).body;
  t.equal(read.public_key, made.public_key);
  const shared = (await change(service, made, { signature: 'v1' })).body;
  t.match(shared, { secret: /^whsec_/, public_key: null, version: 2 });
  t.ok(shared.secret_expires_at !== null, 'the former one signs on for a while');
});

t.test('pausing keeps what comes, resuming starts afresh, deleting is for ever', async (t) => {
  const service = await startService(t);
  const { call, db } = service;
  const { id } = (await make(service, { headers: { 'x-key': 'v' } })).body;
  const at = new Date(NOW);
  await db
    .insertInto('endpoint_health')
    .values({
      endpoint_id: id,
      failing_since: at,
      last_failure_at: at,
      breaker: 'open',
      breaker_until: at,
      updated_at: at,
    })
    .execute();
  await db
    .insertInto('delivery_due')
    .values(
      [1, 2].map((sequence) => ({
        endpoint_id: id,
        stream: NOBODY,
        sequence,
        delivery_id: NOBODY,
        created_at: new Date(NOW + sequence),
        event_id: NOBODY,
        due_at: new Date(NOW + 10 - sequence),
        blocking: true,
      })),
    )
    .execute();
  const to = (verb: string) => call('POST', `/v1/endpoints/${id}/${verb}`);
  t.match((await to('pause')).body, {
    state: 'paused',
    paused_reason: 'operator',
    version: 2,
    health: { failing_since: '2026-06-01T04:00:00.000Z', breaker: 'open', breaker_until: '2026-06-01T04:00:00.000Z' },
    pending: 2,
    pending_more: false,
    oldest_pending_at: '2026-06-01T04:00:00.001Z',
  });
  t.match((await to('pause')).body, { version: 2 }, 'again for no change');
  t.match((await to('resume')).body, {
    state: 'active',
    paused_reason: null,
    version: 3,
    health: {
      failing_since: null,
      breaker: 'closed',
      breaker_until: null,
      last_failure_at: '2026-06-01T04:00:00.000Z',
    },
    pending: 2,
  });
  t.match((await to('resume')).body, { version: 3 }, 'again for no change');
  const gone = await call('DELETE', `/v1/endpoints/${id}`);
  t.match(gone, { status: 200, body: { state: 'deleted', url: 'http://127.0.0.1:9', headers: [], version: 4 } });
  t.match((await call('DELETE', `/v1/endpoints/${id}`)).body, { version: 4 }, 'again for no change');
  for (const verb of ['pause', 'resume', 'test']) t.match((await to(verb)).body, { status: 410, code: 'gone' }, verb);
  t.match((await call('POST', `/v1/endpoints/${id}/rotate-secret`, { body: {} })).body, { code: 'gone' });
  t.match((await change(service, { id, version: 4 }, { ordered: true })).body, { code: 'gone' });
  t.match((await call('GET', `/v1/endpoints/${id}`)).body, { state: 'deleted' }, 'it can still be read');
  t.strictSame((await call('GET', '/v1/endpoints')).body.items, []);
  const listed = async (state: string) =>
    (await call('GET', `/v1/endpoints?state=${state}`)).body.items.map((it: Seen) => it.id);
  t.strictSame([await listed('deleted'), await listed('active')], [[id], []]);
  t.match((await call('GET', '/v1/endpoints?state=gone')).body, { code: 'query_invalid' });
  const row = await db.selectFrom('endpoint').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  t.match(row, { secrets: '', headers: null });
});

t.test('no secret, header value, path or query of an endpoint is in an audit row or a log line', async (t) => {
  const service = await startService(t);
  const { call, db } = service;
  const made = (await make(service, { headers: { 'x-key': 'header-value' } })).body;
  await make(service, { headers: { 'x-key': 'header-value\n' }, url: 'http://10.0.0.1/path-token?query-token' });
  await change(service, made, { headers: { 'x-key': 'header-value-2' }, url: `${ADDRESS}&again` });
  const rotated = (await call('POST', `/v1/endpoints/${made.id}/rotate-secret`, { body: {} })).body;
  await call('POST', `/v1/endpoints/${made.id}/test`);
  for (const verb of ['pause', 'resume']) await call('POST', `/v1/endpoints/${made.id}/${verb}`);
  const read = await call('GET', `/v1/endpoints/${made.id}`);
  const listed = await call('GET', '/v1/endpoints');
  await call('DELETE', `/v1/endpoints/${made.id}`);
  const audit = await listAudit(db, { subjectId: made.id, limit: 20 });
  t.strictSame(audit.map((entry) => entry.action).sort(), [
    'endpoint.created',
    'endpoint.deleted',
    'endpoint.paused',
    'endpoint.resumed',
    'endpoint.secret_rotated',
    'endpoint.tested',
    'endpoint.updated',
  ]);
  const logs = service.logs().map((line) => JSON.stringify(line));
  t.ok(logs.length >= 9);
  for (const hidden of [made.secret, rotated.secret, 'header-value', 'path-token', 'query-token']) {
    t.notOk(JSON.stringify(audit).includes(hidden), 'audit');
    t.notOk(
      logs.some((line) => line.includes(hidden)),
      'log',
    );
  }
  for (const hidden of [made.secret, rotated.secret, 'header-value'])
    for (const { text } of [read, listed]) t.notOk(text.includes(hidden), 'answer');
});
