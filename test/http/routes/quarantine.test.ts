import t from 'tap';
import { type Service, startService } from '../../helpers/service.ts';

const NOON = Date.UTC(2026, 5, 1, 4);

async function refuse({ call }: Service, phone: string, more: object = {}, headers = {}) {
  const { body } = await call('POST', '/v1/leads', {
    body: { channel: 'douyin', person: { phone }, ...more },
    headers,
  });
  return body as { quarantine_id: string; submission_id: string; code: string };
}

t.test('what cannot be used is listed with code, path and hint, phones masked, newest first', async (t) => {
  const service = await startService(t);
  const { call } = service;
  service.setClock(NOON);
  const first = await refuse(service, '11111111111', { external_id: 'dy-1' });
  service.setClock(NOON + 1000);
  const second = await refuse(service, '138****8000');
  const { status, body } = await call('GET', '/v1/quarantine');
  t.equal(status, 200);
  t.equal(body.next_cursor, null);
  t.strictSame(
    body.items.map((it: { id: string }) => it.id),
    [second.quarantine_id, first.quarantine_id],
  );
  t.match(body.items[1], {
    submission_id: first.submission_id,
    source: { name: 'admin' },
    code: 'phone_invalid',
    path: '/person/phone',
    state: 'open',
    masked: 'scope_missing',
    external_id: 'dy-1',
    phone_typed: '*******1111',
    occurred_at: '2026-06-01T04:00:00.000Z',
    received_at: '2026-06-01T04:00:00.000Z',
    resolved_by: null,
    resolved_at: null,
    actor: null,
  });
  t.type(body.items[1].hint, 'string');
  t.equal(body.items[0].code, 'phone_masked');
});

t.test('the list is filtered and paged', async (t) => {
  const service = await startService(t);
  const { call, makeKey } = service;
  for (const i of [0, 1, 2, 3, 4]) {
    service.setClock(NOON + i * 1000);
    await refuse(service, i % 2 === 0 ? '12345' : '138****8000');
  }
  const other = await makeKey({ name: 'other' });
  await call('POST', '/v1/leads', { key: other.secret, body: { person: { phone: 'abc' } } });
  const times = async (query: string) =>
    (await call('GET', `/v1/quarantine?${query}`)).body.items.map(
      (it: { received_at: string }) => (Date.parse(it.received_at) - NOON) / 1000,
    );
  t.strictSame(await times('code=phone_masked'), [3, 1]);
  t.strictSame(await times(`source_id=${other.sourceId}`), [4]);
  const at = (seconds: number) => new Date(NOON + seconds * 1000).toISOString();
  t.strictSame(await times(`from=${at(1)}&to=${at(3)}`), [2, 1]);
  t.strictSame(await times('state=released'), []);
  const seen: number[] = [];
  let cursor = '';
  for (let page = 0; page < 9; page += 1) {
    const { body } = await call('GET', `/v1/quarantine?state=open&limit=2${cursor}`);
    seen.push(...body.items.map((it: { received_at: string }) => (Date.parse(it.received_at) - NOON) / 1000));
    if (body.next_cursor === null) break;
    cursor = `&cursor=${body.next_cursor}`;
  }
  t.strictSame(seen, [4, 4, 3, 2, 1, 0]);
  t.equal((await call('GET', '/v1/quarantine?from=yesterday')).body.code, 'query_invalid');
  t.equal((await call('GET', '/v1/quarantine?state=closed')).body.code, 'query_invalid');
  t.equal((await call('GET', '/v1/quarantine?cursor=abc')).body.code, 'cursor_invalid');
});

for (const atRest of ['raw', 'all', 'none'] as const) {
  t.test(`the body as it arrived is read only in full sight, and audited (${atRest})`, async (t) => {
    const service = await startService(t, { atRest });
    const { call, makeKey } = service;
    const text = '{ "person": {"phone":"138001380001", "name":"张三 13800138000"}, "extra": {"备用": "13800138000"} }';
    const { body: refused } = await call('POST', '/v1/leads', { raw: text });
    const path = `/v1/quarantine/${refused.quarantine_id}`;
    const read = async (key: string, headers = {}) => (await call('GET', path, { key, headers })).body;
    const full = await read(service.adminKey, { 'access-reason': 'correct it' });
    t.match(full, { masked: null, phone_typed: '138001380001', code: 'phone_invalid', mode: 'live', reason: null });
    t.strictSame(full.raw, { content_type: 'application/json', encoding: 'utf8', body: text });
    t.match(full.fields, { person: { name: '张三 13800138000' }, extra: { 备用: '13800138000' } });
    const audit = (await call('GET', '/v1/audit?action=phone.read')).body.items;
    t.match(audit, [
      { actor: 'key:admin', reason: 'correct it', subject: { kind: 'quarantine', id: refused.quarantine_id } },
    ]);
    t.equal(audit.length, 1);

    const ops = await makeKey({ scopes: ['ops'] });
    const bound = await makeKey({ scopes: ['ops', 'pii:read'], stores: ['S1'] });
    const reason = { 'access-reason': 'curious' };
    for (const masked of [
      await read(service.adminKey),
      await read(ops.secret, reason),
      await read(bound.secret, reason),
    ]) {
      t.equal(masked.raw, null);
      t.notMatch(JSON.stringify(masked), /13800138000|138001380001/);
      t.match(masked, { phone_typed: '********0001', fields: { person: { name: '张三 138****8000' } } });
    }
    t.equal((await call('GET', '/v1/audit?action=phone.read')).body.items.length, 1, 'what is masked is not audited');
  });
}

t.test('a body past its retention is null', async (t) => {
  const service = await startService(t);
  const { quarantine_id: id } = await refuse(service, 'abc');
  await service.db.deleteFrom('raw_body').execute();
  const headers = { 'access-reason': 'correct it' };
  t.match((await service.call('GET', `/v1/quarantine/${id}`, { headers })).body, { masked: null, raw: null });
});

t.test('an entry is dismissed once, with a reason', async (t) => {
  const service = await startService(t);
  const { call } = service;
  const { quarantine_id: id } = await refuse(service, 'abc');
  const dismiss = (body: object = { reason: 'test data' }) => call('POST', `/v1/quarantine/${id}/dismiss`, { body });
  t.match((await dismiss({})).body, { code: 'body_invalid', errors: [{ path: '/reason' }] });
  const answers = await Promise.all([1, 2, 3].map(() => dismiss()));
  for (const { status, body } of answers) {
    t.match({ status, body }, { status: 200, body: { state: 'dismissed', actor: 'key:admin', reason: 'test data' } });
  }
  t.match((await dismiss({ reason: 'another' })).body, { reason: 'test data' }, 'again for no change');
  t.equal((await call('GET', `/v1/audit?subject=${id}`)).body.items.length, 1);
  t.match((await call('GET', `/v1/quarantine/${id}`)).body, { state: 'dismissed', reason: 'test data' });
  t.equal((await call('GET', '/v1/quarantine?state=open')).body.items.length, 0);
  t.match((await call('POST', `/v1/quarantine/${id}/retry`, { body: {} })).body, {
    status: 409,
    code: 'state_conflict',
  });
});

t.test('only operators see the quarantine', async (t) => {
  const service = await startService(t);
  const { quarantine_id: id } = await refuse(service, 'abc');
  const { secret: key } = await service.makeKey({ scopes: ['leads:read', 'leads:write', 'pii:read', 'admin'] });
  for (const [method, path, body] of [
    ['GET', '/v1/quarantine', undefined],
    ['GET', `/v1/quarantine/${id}`, undefined],
    ['POST', `/v1/quarantine/${id}/dismiss`, { reason: 'x' }],
    ['POST', `/v1/quarantine/${id}/retry`, {}],
    ['POST', '/v1/quarantine/retry', { ids: [id] }],
  ] as const) {
    const answer = await service.call(method, path, { key, ...(body === undefined ? {} : { body }) });
    t.match(answer.body, { status: 403, code: 'scope_missing', scope: 'ops' }, `${method} ${path}`);
  }
  t.match((await service.call('GET', '/v1/quarantine/nonsense')).body, { code: 'not_found' });
  t.match((await service.call('GET', '/v1/quarantine/00000000-0000-7000-8000-000000000000')).body, { status: 404 });
});
