import t from 'tap';
import { PROBLEMS } from '../src/http/problem-codes.ts';
import { recordingCapture } from './helpers/recording-capture.ts';
import { startService } from './helpers/service.ts';

const LEAD = { person: { phone: '13800138000' } };

t.test('every answer says its request id, is not cached and not sniffed', async (t) => {
  const { call } = await startService(t, { capture: recordingCapture() });
  for (const [method, path] of [
    ['POST', '/v1/leads'],
    ['GET', '/health/live'],
    ['GET', '/nothing'],
    ['GET', '/openapi.json'],
  ] as const) {
    const { headers } = await call(method, path, method === 'POST' ? { body: LEAD } : {});
    t.match(headers['x-request-id'], /^[0-9a-f-]{36}$/, path);
    t.match(headers, { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }, path);
  }
});

t.test('an address that is none, and a method that it does not answer', async (t) => {
  const { call } = await startService(t, { capture: recordingCapture() });
  t.match(await call('GET', '/v1/nothing', { key: null }), { status: 404, body: { code: 'route_not_found' } });
  const wrong = await call('DELETE', '/v1/leads/batch', { key: null });
  t.match(wrong, { status: 405, body: { code: 'method_not_allowed' }, headers: { allow: 'POST' } });
  t.equal((await call('PUT', '/problems/phone_invalid')).headers['allow'], 'GET, HEAD');
});

t.test('every problem code is explained at the address that its type names', async (t) => {
  const { call } = await startService(t, { capture: recordingCapture() });
  const { type } = (await call('POST', '/v1/leads', { body: { x: 1 } })).body;
  t.strictSame((await call('GET', type, { key: null })).body, { code: 'body_invalid', ...PROBLEMS.body_invalid });
  t.equal((await call('GET', '/problems')).body.items.length, Object.keys(PROBLEMS).length);
});

t.test('the reference loads nothing from elsewhere', async (t) => {
  const { call, url } = await startService(t, { capture: recordingCapture() });
  t.match(await call('GET', '/docs', { key: null }), { status: 302, headers: { location: 'docs/' } });
  const page = await call('GET', '/docs/', { key: null });
  t.equal(page.status, 200);
  t.match(page.headers['content-type'], /^text\/html/);
  const sources = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source ?? '');
  t.strictSame(sources, ['js/scalar.js']);
  t.match(page.text, /"url": "\.\.\/openapi\.json"/);
  t.notMatch(page.text, /https?:/);
  const policy = String(page.headers['content-security-policy']);
  t.match(policy, /default-src 'none'/);
  t.notMatch(policy, /https?:|\*/);
  const script = await call('GET', new URL('js/scalar.js', `${url}/docs/`).pathname, { key: null });
  t.equal(script.status, 200);
  t.match(script.headers['content-type'], /^text\/javascript/);
  t.ok(script.text.length > 1_000_000 && script.text.includes('createApiReference'));
});

t.test('pages of other origins may call only where that is configured', async (t) => {
  const headers = { origin: 'https://crm.example.com', 'access-control-request-method': 'POST' };
  const closed = await startService(t, { capture: recordingCapture() });
  t.equal(
    (await closed.call('OPTIONS', '/v1/leads', { key: null, headers })).headers['access-control-allow-origin'],
    undefined,
  );
  const open = await startService(t, {
    capture: recordingCapture(),
    limits: { corsOrigins: ['https://crm.example.com'] },
  });
  const preflight = await open.call('OPTIONS', '/v1/leads', { key: null, headers });
  t.equal(preflight.status, 204);
  t.equal(preflight.headers['access-control-allow-origin'], 'https://crm.example.com');
  const other = { ...headers, origin: 'https://evil.example.com' };
  t.not(
    (await open.call('OPTIONS', '/v1/leads', { key: null, headers: other })).headers['access-control-allow-origin'],
    other.origin,
  );
  const answer = await open.call('POST', '/v1/leads', { body: LEAD, headers: { origin: headers.origin } });
  t.match(answer.headers['access-control-expose-headers'], /x-request-id/);
});

t.test('the address of a caller is that of the connection unless the proxy is known', async (t) => {
  const flood = async (limits: { trustProxy: string[] }) => {
    const { call } = await startService(t, { capture: recordingCapture(), limits });
    const statuses = new Set<number>();
    for (let i = 0; i < 62; i++) {
      const { status } = await call('POST', '/v1/leads', {
        key: null,
        body: LEAD,
        headers: { 'x-forwarded-for': `10.0.0.${i}` },
      });
      statuses.add(status);
    }
    return [...statuses];
  };
  t.strictSame(await flood({ trustProxy: [] }), [401, 429], 'a made-up address hides nobody');
  t.strictSame(await flood({ trustProxy: ['127.0.0.1'] }), [401], 'behind the proxy they are 62 callers');
});

t.test('a request under way when the app closes is answered', async (t) => {
  const capture = recordingCapture();
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let arrived = () => {};
  const started = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const submit = capture.submit;
  const slow = {
    ...capture,
    submit: async (items: Parameters<typeof submit>[0]) => {
      arrived();
      await held;
      return submit(items);
    },
  };
  const { call, app } = await startService(t, { capture: slow });
  const answer = call('POST', '/v1/leads', { body: LEAD });
  await started;
  const closed = app.close();
  release();
  t.equal((await answer).status, 201);
  await closed;
});
