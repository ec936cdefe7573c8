import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import t, { type Test } from 'tap';
import { type Service, type ServiceOptions, startService } from '../../helpers/service.ts';

const SECRET = 'a-secret-of-tests';
const LEAD = {
  lead_id: 'g-1',
  google_key: SECRET,
  user_column_data: [{ column_id: 'PHONE_NUMBER', string_value: '13800138001' }],
};

interface Made {
  readonly id: string;
  readonly address: string;
  readonly version: number;
}

async function withSource(
  t: Test,
  body: object = {},
  options: ServiceOptions = {},
): Promise<{ service: Service; made: Made }> {
  const service = await startService(t, options);
  const made = await service.call('POST', '/v1/sources', {
    body: { name: 'ads', kind: 'google-ads', secret: SECRET, ...body },
  });
  t.equal(made.status, 201, made.text);
  return { service, made: made.body };
}

const push = (service: Service, address: string, body: unknown, headers: Record<string, string> = {}) =>
  service.call('POST', address, {
    key: null,
    raw: typeof body === 'string' ? body : JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });

const kept = (service: Service) =>
  service.db
    .selectFrom('submission')
    .select(['decision', 'rule', 'external_id', 'received_at'])
    .orderBy('id')
    .execute();

t.test('a push needs no key, and a second of the same is a replay', async (t) => {
  const { service, made } = await withSource(t);
  for (const _ of [1, 2]) t.match(await push(service, made.address, LEAD), { status: 200, text: '{}' });
  t.match(await kept(service), [{ decision: 'created', external_id: 'g-1' }]);
  t.match(service.pushes, [
    { as: 'accepted', decisions: { created: 1 } },
    { as: 'accepted', decisions: { replayed: 1 } },
  ]);
  const logged = JSON.stringify(service.logs());
  t.notMatch(logged, made.address.slice('/v1/hooks/'.length), 'the address is a secret');
  t.notMatch(logged, '13800138001');
});

t.test('the same lead with other content is kept for somebody to look at, and acknowledged', async (t) => {
  const { service, made } = await withSource(t);
  await push(service, made.address, LEAD);
  const other = { ...LEAD, user_column_data: [{ column_id: 'PHONE_NUMBER', string_value: '13800138002' }] };
  t.equal((await push(service, made.address, other)).status, 200);
  t.match(await kept(service), [{ decision: 'created' }, { rule: 'quarantined.idempotency_conflict' }]);
  const listed = await service.call('GET', '/v1/quarantine');
  t.match(listed.body.items, [{ code: 'idempotency_conflict' }]);
  t.equal((await push(service, made.address, LEAD)).status, 200);
  t.equal((await kept(service)).length, 2, 'the first is still what the id stands for');
});

t.test('a push is known by its id for longer than any platform goes on sending', async (t) => {
  const { service, made } = await withSource(t, { kind: 'github-style' });
  const body = JSON.stringify({ phone: '13800138001' });
  const headers = {
    'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`,
    'x-github-delivery': 'd-1',
  };
  const first = Date.now();
  // The longest ladder that is known is that of Standard Webhooks, 76 hours; ids of pushes are kept for 90 days.
  for (const days of [0, 3.2, 89]) {
    service.setClock(first + days * 86_400_000);
    t.equal((await push(service, made.address, body, headers)).status, 200);
  }
  t.match(
    service.pushes.map(({ decisions }) => decisions),
    [{ created: 1 }, { replayed: 1 }, { replayed: 1 }],
  );
  const { expires_at } = await service.db
    .selectFrom('receipt')
    .select('expires_at')
    .where('key', '=', 'd-1')
    .executeTakeFirstOrThrow();
  t.equal(Number(expires_at), first + 90 * 86_400_000, 'by the row that says so');
});

t.test('what is not authentic is refused and not kept', async (t) => {
  const { service, made } = await withSource(t);
  const wrong = await push(service, made.address, { ...LEAD, google_key: 'something else' });
  t.ok(wrong.status >= 400 && wrong.status < 500 && ![404, 410].includes(wrong.status), String(wrong.status));
  t.strictSame(await kept(service), []);
  t.match(service.pushes, [{ as: 'unauthenticated', code: 'key_invalid' }]);
});

t.test('bytes that cannot be read are kept whole and acknowledged; again for one entry', async (t) => {
  const { service, made } = await withSource(t, { kind: 'unbounce', secret: undefined });
  const bytes = '{"broken": ';
  for (const _ of [1, 2]) t.equal((await push(service, made.address, bytes)).status, 200);
  t.match(await kept(service), [{ rule: 'quarantined.unparsable' }], 'one entry');
  const raw = await service.db.selectFrom('raw_body').select(['body', 'sealed', 'content_type']).execute();
  t.strictSame(
    raw.map(({ body, sealed }) => (sealed ? service.vault.open(body) : body).toString()),
    [bytes],
  );
});

t.test('an address that nobody has', async (t) => {
  const { service } = await withSource(t);
  const address = `/v1/hooks/${randomBytes(32).toString('base64url')}`;
  for (let n = 0; n < 60; n += 1) t.equal((await push(service, address, LEAD)).status, 404);
  t.match(await push(service, address, LEAD), { status: 429, headers: { 'retry-after': /^\d+$/ } });
});

t.test('a paused source keeps what comes for later', async (t) => {
  const { service, made } = await withSource(t);
  await service.call('POST', `/v1/sources/${made.id}/pause`);
  t.equal((await push(service, made.address, LEAD)).status, 200, 'or the platform would switch the hook off');
  t.match(await kept(service), [{ rule: 'quarantined.source_paused' }]);
  await service.call('POST', `/v1/sources/${made.id}/resume`);
  t.equal((await push(service, made.address, LEAD)).status, 200);
  t.match(await kept(service), [{}, { decision: 'created' }], 'sent again it is taken');
});

t.test('two secrets while one is rotated', async (t) => {
  const { service, made } = await withSource(t, { kind: 'github-style' });
  const signed = (secret: string, body: string) => ({
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  });
  const send = (secret: string, phone: string) => {
    const body = JSON.stringify({ phone });
    return push(service, made.address, body, signed(secret, body));
  };
  const rotated = await service.call('POST', `/v1/sources/${made.id}/rotate-secret`, {
    body: { overlap_seconds: 3600 },
  });
  const next = rotated.body.secret;
  t.ok((await send(SECRET, '13800138001')).status < 300);
  t.ok((await send(next, '13800138002')).status < 300);
  service.setClock(Date.now() + 3_601_000);
  t.equal((await send(SECRET, '13800138003')).status, 401);
  t.ok((await send(next, '13800138004')).status < 300);
});

t.test('pushes only from where they may come', async (t) => {
  const { service, made } = await withSource(t, { settings: { allow_ips: ['10.0.0.0/8', '54.241.34.25'] } });
  t.equal((await push(service, made.address, LEAD)).status, 401);
  t.match(service.pushes, [{ code: 'ip_not_allowed' }]);
  const patched = await service.call('PATCH', `/v1/sources/${made.id}`, {
    headers: { 'if-match': `"${made.version}"` },
    body: { settings: { allow_ips: ['127.0.0.0/8'] } },
  });
  t.equal(patched.status, 200, patched.text);
  t.equal((await push(service, made.address, LEAD)).status, 200);
});

t.test('a body over the limit is answered in the platform’s form', async (t) => {
  const { service, made } = await withSource(t, {}, { limits: { bodyLimitBytes: 1024 } });
  const reply = await push(service, made.address, { ...LEAD, more: 'x'.repeat(2000) });
  t.equal(reply.status, 413);
  t.notMatch(reply.headers['content-type'], /problem/);
});

t.test('a body without a content type is read by its looks', async (t) => {
  const { service, made } = await withSource(t);
  const reply = await service.call('POST', made.address, {
    key: null,
    raw: JSON.stringify(LEAD),
    headers: { 'content-type': '' },
  });
  t.equal(reply.status, 200, reply.text);
  t.match(await kept(service), [{ decision: 'created' }]);
});

t.test('a source is made with what its kind needs, and refused what it has not', async (t) => {
  const service = await startService(t);
  const make = async (body: object) =>
    service.call('POST', '/v1/sources', { body: { name: randomBytes(6).toString('hex'), ...body } });
  t.match(await make({ kind: 'wecom' }), { status: 422, body: { errors: [{ path: /^\/credentials\// }] } });
  t.match(await make({ kind: 'meta', credentials: { verify_token: 'v', access_token: 'a', other: 'x' } }), {
    status: 422,
    body: { errors: [{ path: '/credentials/other' }] },
  });
  t.match(await make({ kind: 'feiyu', settings: { platform: { nonsense: 1 } } }), {
    status: 422,
    body: { errors: [{ path: '/settings/platform' }] },
  });
  t.match(await make({ kind: 'generic', settings: { field_map: { fields: { 'person.nothing': { path: 'a' } } } } }), {
    status: 422,
    body: { errors: [{ path: /^\/settings\/field_map/ }] },
  });
  t.match(await make({ kind: 'rest', settings: { form: {} } }), { status: 422 });
  t.match(await make({ kind: 'jotform', secret: 'not-checked-by-anyone' }), {
    status: 422,
    body: { errors: [{ path: '/secret' }] },
  });
  const xhs = await make({ kind: 'xiaohongshu' });
  t.match(xhs, {
    status: 201,
    body: {
      channel: 'xhs',
      secret: null,
      address: /^\/v1\/hooks\/[\w-]{43}$/,
      settings: { update_semantics: true, completes_later: true },
    },
  });
  const list = JSON.stringify((await service.call('GET', '/v1/sources')).body);
  t.notMatch(list, xhs.body.address.slice(10));
});

t.test('a captcha is not asked for without its secret', async (t) => {
  const service = await startService(t);
  const form = { captcha: { verify_url: 'https://captcha.example/', field: 'proof' } };
  const body = { name: 'page', kind: 'form', settings: { form } };
  t.match(await service.call('POST', '/v1/sources', { body }), {
    status: 422,
    body: { errors: [{ path: '/credentials/captcha_secret' }] },
  });
  const made = await service.call('POST', '/v1/sources', {
    body: { ...body, credentials: { captcha_secret: 'a-secret' } },
  });
  t.equal(made.status, 201, made.text);
  const change = { headers: { 'if-match': '"1"' }, body: { credentials: { captcha_secret: null } } };
  t.equal((await service.call('PATCH', `/v1/sources/${made.body.id}`, change)).status, 422);
  const ips = { name: 'other', kind: 'form', settings: { allow_ips: ['10.0.0.0/8'] } };
  t.match(await service.call('POST', '/v1/sources', { body: ips }), {
    status: 422,
    body: { errors: [{ path: '/settings/allow_ips' }] },
  });
});

t.test('a secret that was made is one that the published library signs with', async (t) => {
  const service = await startService(t);
  const made = await service.call('POST', '/v1/sources', { body: { name: 'in-house', kind: 'standard-webhooks' } });
  const body = JSON.stringify({ type: 'lead', timestamp: '2026-06-01T00:00:00Z', data: { phone: '13800138001' } });
  const at = new Date();
  const headers = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(made.body.secret).sign('msg_1', at, body),
  };
  const reply = await push(service, made.body.address, body, headers);
  t.ok(reply.status < 300, reply.text);
  t.match(await kept(service), [{ decision: 'created' }]);
  const body2 = { name: 'other', kind: 'standard-webhooks', secret: 'no base64 at all' };
  t.match(await service.call('POST', '/v1/sources', { body: body2 }), {
    status: 422,
    body: { errors: [{ path: '/secret' }] },
  });
});

t.test('a HEAD is no push: whoever only looks whether a page is there makes no lead', async (t) => {
  const service = await startService(t);
  const made = await service.call('POST', '/v1/sources', { body: { name: 'x', kind: 'tencent' } });
  const lead = 'leads_id=9&leads_tel=13800138009';
  t.match(await service.call('HEAD', `${made.body.address}?${lead}`, { key: null }), { status: 200, text: '' });
  t.strictSame(await kept(service), []);
  await service.call('GET', `${made.body.address}?${lead}`, { key: null });
  t.match(await kept(service), [{ external_id: '9' }], 'a GET with a query is how some of them push');
});

t.test('a token goes to another address only by whoever knows it', async (t) => {
  const service = await startService(t);
  const credentials = { verify_token: 'verify', access_token: 'token' };
  const made = await service.call('POST', '/v1/sources', {
    body: { name: 'm', kind: 'meta', secret: SECRET, credentials },
  });
  t.equal(made.status, 201, made.text);
  const change = (version: number, body: object) =>
    service.call('PATCH', `/v1/sources/${made.body.id}`, { headers: { 'if-match': `"${version}"` }, body });
  const settings = { ...made.body.settings, api_base: 'https://mine.example' };
  t.match(await change(1, { settings }), { status: 422, body: { errors: [{ path: '/credentials/access_token' }] } });
  t.equal((await change(1, { settings, credentials: { access_token: 'token' } })).status, 200);
  t.equal(
    (await change(2, { settings: { ...settings, requests_per_minute: 10 } })).status,
    200,
    'the address is the same',
  );
});

t.test('a person who is erased is erased from what waits on disk too', async (t) => {
  const { service, made } = await withSource(t);
  await push(service, made.address, LEAD);
  const { customer_id } = await service.db.selectFrom('submission').select('customer_id').executeTakeFirstOrThrow();
  const headers = { 'content-type': 'application/json' };
  const body = Buffer.from(JSON.stringify({ ...LEAD, lead_id: 'g-2' }));
  const waiting = { method: 'POST', path: '', query: '', headers, body, receivedAt: Date.now() } as const;
  t.equal(
    await service.inbound.spool.keep({ sourceId: made.id, push: waiting, requestId: null, refusal: null }),
    'kept',
  );
  const erased = await service.call('POST', `/v1/customers/${customer_id}/erase`, { body: { reason: 'asked for it' } });
  t.match(erased, { status: 200, body: { submissions: 2 } }, erased.text);
  t.equal(service.inbound.spool.state().entries, 0);
  const left = await service.db.selectFrom('submission').select(['phone', 'external_id']).execute();
  t.strictSame(left, [
    { phone: null, external_id: null },
    { phone: null, external_id: null },
  ]);

  const lost = { ...waiting, receivedAt: Date.now() + 1 };
  await service.inbound.spool.keep({ sourceId: randomUUID(), push: lost, requestId: null, refusal: null });
  t.equal(
    (await service.call('POST', `/v1/customers/${customer_id}/erase`, { body: { reason: 'again' } })).status,
    503,
  );
});
