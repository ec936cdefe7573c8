import { fastify } from 'fastify';
import t from 'tap';
import { authenticate } from '../../src/http/authenticate.ts';
import { recordingCapture } from '../helpers/recording-capture.ts';
import { startService } from '../helpers/service.ts';

const LEAD = { person: { phone: '13800138000' } };
const NOBODY = `clew_${'A'.repeat(43)}`;

t.test('one answer for a key that is missing, malformed, unknown, revoked or expired', async (t) => {
  const { call, makeKey, db, setClock } = await startService(t, { limits: { keyCacheSeconds: 0 } });
  const revoked = await makeKey({});
  await db.updateTable('api_key').set({ revoked_at: new Date() }).where('id', '=', revoked.id).execute();
  const expired = await makeKey({ expiresAt: Date.now() + 1_000 });
  setClock(Date.now() + 1_000);
  const headers = [
    undefined,
    '',
    'Bearer',
    'Bearer ',
    NOBODY,
    `Basic ${Buffer.from('admin:admin').toString('base64')}`,
    'Bearer clew_short',
    `Bearer ${NOBODY}=`,
    `Bearer ${NOBODY} ${NOBODY}`,
    `Bearer ${NOBODY}`,
    `Bearer ${revoked.secret}`,
    `Bearer ${expired.secret}`,
    `Bearer clew_${'*'.repeat(43)}`,
    "Bearer clew_' or 1=1 --",
  ];
  const seen = new Set<string>();
  for (const authorization of headers) {
    const answer = await call('POST', '/v1/leads', {
      key: null,
      body: LEAD,
      headers: { 'x-request-id': 'the-same-id', ...(authorization === undefined ? {} : { authorization }) },
    });
    t.equal(answer.status, 401, String(authorization).slice(0, 30));
    t.equal(answer.headers['www-authenticate'], 'Bearer');
    seen.add(answer.text);
  }
  t.equal(seen.size, 1, 'nobody can tell them apart');
  t.match([...seen][0], /"code":"unauthenticated"/);
});

t.test('a key is asked for before the body is read', async (t) => {
  const { call } = await startService(t);
  t.equal((await call('POST', '/v1/leads', { key: null, raw: '{' })).status, 401);
});

t.test('a scope that the key lacks is named', async (t) => {
  const { call, makeKey } = await startService(t);
  const { secret } = await makeKey({ scopes: ['leads:read'] });
  const answer = await call('POST', '/v1/leads', { key: secret, body: LEAD });
  t.equal(answer.status, 403);
  t.match(answer.body, { code: 'scope_missing', scope: 'leads:write' });
  const metrics = await call('GET', '/metrics', { key: secret });
  t.match(metrics.body, { code: 'scope_missing', scope: 'ops' });
});

t.test('what is known of a key is as old as the setting says, and no older', async (t) => {
  const { call, makeKey, db, setClock } = await startService(t, {
    capture: recordingCapture(),
    limits: { keyCacheSeconds: 5 },
  });
  const at = Date.now();
  setClock(at);
  const { id, secret } = await makeKey({});
  t.equal((await call('POST', '/v1/leads', { key: secret, body: LEAD })).status, 201);
  await db
    .updateTable('api_key')
    .set({ revoked_at: new Date(at) })
    .where('id', '=', id)
    .execute();
  setClock(at + 4_999);
  t.equal((await call('POST', '/v1/leads', { key: secret, body: LEAD })).status, 201);
  setClock(at + 5_000);
  t.equal((await call('POST', '/v1/leads', { key: secret, body: LEAD })).status, 401);
});

t.test('a paused source takes nothing', async (t) => {
  const { call, makeKey, db } = await startService(t, { capture: recordingCapture(), limits: { keyCacheSeconds: 0 } });
  const { secret, sourceId } = await makeKey({});
  await db.updateTable('source').set({ state: 'paused' }).where('id', '=', sourceId).execute();
  for (const path of ['/v1/leads', '/v1/leads/batch']) {
    const answer = await call('POST', path, { key: secret, body: path.endsWith('h') ? { items: [LEAD] } : LEAD });
    t.equal(answer.status, 403, path);
    t.equal(answer.body.code, 'source_paused');
  }
});

t.test('the rate of a key: its own or the default, in headers, then 429', async (t) => {
  const { call, makeKey, setClock } = await startService(t, {
    capture: recordingCapture(),
    limits: { rateLimitPerMinute: 3 },
  });
  const at = Date.now();
  setClock(at);
  const plain = (await makeKey({})).secret;
  const own = (await makeKey({ rateLimit: 1 })).secret;
  const post = (key: string) => call('POST', '/v1/leads', { key, body: LEAD });
  for (const remaining of ['2', '1', '0']) {
    const { status, headers } = await post(plain);
    t.equal(status, 201);
    t.match(headers, { 'ratelimit-limit': '3', 'ratelimit-remaining': remaining, 'ratelimit-reset': '60' });
  }
  setClock(at + 20_000);
  const over = await post(plain);
  t.equal(over.status, 429);
  t.match(over.headers, { 'ratelimit-remaining': '0', 'retry-after': '40', 'content-type': /problem\+json/ });
  t.match(over.body, { code: 'rate_limited', detail: '3 a minute are allowed.' });
  t.equal((await post(own)).status, 201, 'another key is not touched');
  t.equal((await post(own)).status, 429);
  setClock(at + 60_000);
  t.equal((await post(plain)).status, 201, 'the next minute');
});

t.test('a flood of unknown keys is stopped, and a key that has worked is not', async (t) => {
  const { call, makeKey, setClock } = await startService(t, {
    capture: recordingCapture(),
    limits: { keyCacheSeconds: 0 },
  });
  const at = Date.now();
  setClock(at);
  const worked = (await makeKey({})).secret;
  const fresh = (await makeKey({})).secret;
  t.equal((await call('POST', '/v1/leads', { key: worked, body: LEAD })).status, 201);
  const statuses: number[] = [];
  for (let i = 0; i < 62; i++) {
    const key = `clew_${String(i).padStart(43, '0')}`;
    statuses.push((await call('POST', '/v1/leads', { key, body: LEAD })).status);
  }
  t.strictSame(statuses, [...Array(60).fill(401), 429, 429]);
  t.equal((await call('POST', '/v1/leads', { key: null, body: LEAD })).status, 429, 'without a key too');
  t.equal((await call('POST', '/v1/leads', { key: worked, body: LEAD })).status, 201);
  t.equal((await call('POST', '/v1/leads', { key: fresh, body: LEAD })).status, 429, 'one never seen waits');
  setClock(at + 60_000);
  t.equal((await call('POST', '/v1/leads', { key: fresh, body: LEAD })).status, 201);
});

t.test('On-Behalf-Of names the actor', async (t) => {
  const capture = recordingCapture();
  const { call, makeKey } = await startService(t, { capture });
  const free = (await makeKey({ name: 'crm' })).secret;
  const bound = (await makeKey({ name: 'app', adviser: 'A1' })).secret;
  const post = async (key: string, header?: string) => {
    const headers = header === undefined ? {} : { 'on-behalf-of': header };
    const { status, body } = await call('POST', '/v1/leads', { key, body: LEAD, headers });
    return status === 201 ? capture.submitted.at(-1)?.actor : `${status} ${body.code}`;
  };
  t.equal(await post(free), 'key:crm');
  t.equal(await post(free, 'adviser:A7'), 'adviser:A7 via key:crm');
  t.equal(await post(free, `adviser:${encodeURIComponent('王芳')}`), 'adviser:王芳 via key:crm');
  t.equal(await post(free, `adviser:${'x'.repeat(64)}`), `adviser:${'x'.repeat(64)} via key:crm`);
  t.equal(await post(bound), 'adviser:A1 via key:app');
  t.equal(await post(bound, 'adviser:A1'), 'adviser:A1 via key:app');
  t.equal(await post(bound, 'adviser:A2'), '403 adviser_mismatch');
  for (const bad of ['A7', 'adviser:', 'manager:A7', '', `adviser:${'x'.repeat(65)}`]) {
    t.equal(await post(free, bad), '400 header_invalid', bad);
  }
  const long = await call('POST', '/v1/leads', { body: LEAD, headers: { 'access-reason': 'x'.repeat(501) } });
  t.match(long.body, { code: 'header_invalid', errors: [{ path: '/Access-Reason' }] });
});

t.test('an app with a route under /v1 that declares no scope does not start', async (t) => {
  const app = fastify();
  authenticate(app, { findKey: async () => null, keyCacheSeconds: 0, rateLimitPerMinute: 0, clock: () => 0 });
  t.throws(() => app.get('/v1/secret', async () => 'all of it'), { message: /declares no scope/ });
  app.get('/v1/open', { config: { scope: 'public' } }, async () => 'ok');
  t.equal((await app.inject('/v1/open')).body, 'ok');
  await app.close();
});
