import t from 'tap';
import { DEFAULT_POLICY } from '../../../src/domain/policy.ts';
import { ensurePolicy, listPolicies } from '../../../src/store/policies.ts';
import { startService } from '../../helpers/service.ts';

const DAY = 86_400_000;
const NOON = Date.UTC(2026, 5, 1, 4);
const lead = (at: number, more: object = {}) => ({
  channel: 'douyin',
  occurred_at: new Date(at).toISOString(),
  person: { phone: '13800138000' },
  ...more,
});

t.test('a fresh database has the defaults as version 1, however many processes start at once', async (t) => {
  const { call, db } = await startService(t);
  await Promise.all([1, 2, 3, 4].map(() => ensurePolicy(db, NOON)));
  t.equal((await listPolicies(db, null, 9)).length, 1);
  const { status, body, headers } = await call('GET', '/v1/policy');
  t.equal(status, 200);
  t.match(body, { version: 1, reason: 'defaults', actor: 'clew' });
  t.strictSame(body.document, DEFAULT_POLICY);
  t.equal(headers['etag'], '"1"');
});

t.test('a change is a new version with who and why, and decides from the next submission on', async (t) => {
  const { call, setClock } = await startService(t);
  setClock(NOON);
  const put = (version: number, document: object, headers = {}) =>
    call('PUT', '/v1/policy', {
      body: { document, reason: 'double clicks' },
      headers: { 'if-match': `"${version}"`, ...headers },
    });
  t.match((await call('POST', '/v1/leads', { body: lead(NOON) })).body, { decision: 'created', policy_version: 1 });
  t.match((await call('POST', '/v1/leads', { body: lead(NOON + 200_000) })).body, {
    decision: 'noise',
    policy_version: 1,
  });
  const changed = await put(1, { ...DEFAULT_POLICY, noise_window_seconds: 100 });
  t.equal(changed.status, 200);
  t.equal(changed.headers['etag'], '"2"');
  t.match(changed.body, {
    version: 2,
    reason: 'double clicks',
    actor: 'key:admin',
    document: { noise_window_seconds: 100 },
    created_at: new Date(NOON).toISOString(),
  });
  t.match((await call('POST', '/v1/leads', { body: lead(NOON + 200_000) })).body, {
    decision: 'merged',
    policy_version: 2,
  });
  t.strictSame((await call('GET', '/v1/policy')).body, changed.body);
  t.match(
    (await put(2, { ...DEFAULT_POLICY, noise_window_seconds: 100 })).body,
    { version: 2 },
    'no change, no version',
  );
  const all = (await call('GET', '/v1/policy/versions')).body;
  t.strictSame(
    all.items.map((it: { version: number }) => it.version),
    [2, 1],
  );
  t.equal(all.next_cursor, null);
  t.strictSame((await call('GET', '/v1/policy/versions/1')).body, all.items[1]);
  t.equal((await call('GET', '/v1/policy/versions/3')).body.code, 'not_found');
  t.equal((await call('GET', '/v1/policy/versions/x')).body.code, 'not_found');
  const audit = (await call('GET', '/v1/audit?action=policy.set')).body.items;
  t.equal(audit.length, 1);
  t.match(audit[0], {
    actor: 'key:admin',
    reason: 'double clicks',
    subject: { kind: 'policy', id: '2' },
    detail: { version: 2, before: { noise_window_seconds: 300 }, after: { noise_window_seconds: 100 } },
  });
});

t.test('a noise window of 0 leaves only the same instant', async (t) => {
  const { call, setClock } = await startService(t);
  setClock(NOON);
  await call('PUT', '/v1/policy', {
    body: { document: { ...DEFAULT_POLICY, noise_window_seconds: 0 }, reason: 'count every click' },
    headers: { 'if-match': '"1"' },
  });
  const decisions: string[] = [];
  for (const after of [0, 1, 1, 2_000]) {
    decisions.push((await call('POST', '/v1/leads', { body: lead(NOON + after) })).body.decision);
  }
  t.strictSame(decisions, ['created', 'merged', 'noise', 'merged']);
});

t.test('the scope of duplicates and the days until dormancy are the policy’s', async (t) => {
  const { call, setClock } = await startService(t);
  setClock(NOON + 40 * DAY);
  const brand = (at: number, name: string) => lead(at, { product: { brand: name } });
  await call('POST', '/v1/leads', { body: lead(NOON) });
  t.equal((await call('POST', '/v1/leads', { body: lead(NOON + 20 * DAY) })).body.decision, 'merged');
  const document = { ...DEFAULT_POLICY, dormant_after_days: 7, scope: 'product.brand' };
  await call('PUT', '/v1/policy', { body: { document, reason: 'r' }, headers: { 'if-match': '"1"' } });
  t.equal((await call('POST', '/v1/leads', { body: lead(NOON + 28 * DAY) })).body.decision, 'reactivated');
  const other = { channel: 'douyin', person: { phone: '13900139000' } };
  t.equal((await call('POST', '/v1/leads', { body: { ...other, product: { brand: 'A' } } })).body.decision, 'created');
  t.equal((await call('POST', '/v1/leads', { body: { ...other, product: { brand: 'B' } } })).body.decision, 'created');
  t.equal(
    (await call('POST', '/v1/leads', { body: brand(NOON + 29 * DAY, 'A') })).body.decision,
    'merged',
    'an open lead under all takes it still',
  );
});

t.test('two changes at once give one version and one 412, or two versions, never a lost one', async (t) => {
  const { call } = await startService(t);
  const put = (version: number, seconds: number) =>
    call('PUT', '/v1/policy', {
      body: { document: { ...DEFAULT_POLICY, noise_window_seconds: seconds }, reason: `to ${seconds}` },
      headers: { 'if-match': `"${version}"` },
    });
  const answers = await Promise.all([1, 2, 3, 4, 5, 6].map((seconds) => put(1, seconds)));
  t.equal(answers.filter(({ status }) => status === 200).length, 1);
  for (const { status, body } of answers) if (status !== 200) t.match(body, { status: 412, code: 'version_conflict' });
  const winner = answers.find(({ status }) => status === 200)?.body;
  t.strictSame((await call('GET', '/v1/policy')).body, winner);
  t.equal((await put(2, 77)).body.version, 3);
});

t.test('only a whole and valid document is taken, with a version, a reason and the scope', async (t) => {
  const { call, makeKey } = await startService(t);
  const put = (body: object, headers: Record<string, string> = { 'if-match': '"1"' }, key?: string) =>
    call('PUT', '/v1/policy', { body, headers, ...(key === undefined ? {} : { key }) });
  const good = { document: DEFAULT_POLICY, reason: 'r' };
  t.match((await put(good, {})).body, { status: 428, code: 'version_required' });
  t.match((await put(good, { 'if-match': '*' })).body, { status: 400, code: 'header_invalid' });
  t.match((await put(good, { 'if-match': '"7"' })).body, { status: 412, code: 'version_conflict' });
  t.match((await put({ document: DEFAULT_POLICY })).body, { code: 'body_invalid', errors: [{ path: '/reason' }] });
  t.match((await put({ document: DEFAULT_POLICY, reason: '  ' })).body, { errors: [{ path: '/reason' }] });
  const { receipt_days: _, ...partial } = DEFAULT_POLICY;
  t.match((await put({ document: partial, reason: 'r' })).body, {
    errors: [{ path: '/document/receipt_days', code: 'required' }],
  });
  t.match((await put({ document: { ...DEFAULT_POLICY, noise_window_second: 3 }, reason: 'r' })).body, {
    errors: [
      { path: '/document/noise_window_second', code: 'unknown_field', hint: 'Did you mean noise_window_seconds?' },
    ],
  });
  t.match((await put({ document: { ...DEFAULT_POLICY, scope: 'brand' }, reason: 'r' })).body, {
    errors: [{ path: '/document/scope', code: 'not_listed' }],
  });
  const { secret } = await makeKey({ scopes: ['ops', 'leads:read'] });
  t.match((await put(good, { 'if-match': '"1"' }, secret)).body, { status: 403, code: 'scope_missing' });
  t.equal((await call('GET', '/v1/policy')).body.version, 1);
});

t.test('under an idempotency key the same change is answered once more and makes nothing', async (t) => {
  const { call } = await startService(t);
  const put = (seconds: number) =>
    call('PUT', '/v1/policy', {
      body: { document: { ...DEFAULT_POLICY, noise_window_seconds: seconds }, reason: 'r' },
      headers: { 'if-match': '"1"', 'idempotency-key': 'p-1' },
    });
  const first = await put(5);
  const again = await put(5);
  t.strictSame([again.status, again.body, again.headers['idempotency-replayed']], [200, first.body, 'true']);
  t.equal((await put(6)).body.code, 'idempotency_conflict');
  t.equal((await call('GET', '/v1/policy')).body.version, 2);
});

t.test('versions are paged', async (t) => {
  const { call } = await startService(t);
  for (const version of [1, 2, 3, 4]) {
    const document = { ...DEFAULT_POLICY, noise_window_seconds: version };
    await call('PUT', '/v1/policy', { body: { document, reason: 'r' }, headers: { 'if-match': `"${version}"` } });
  }
  const first = (await call('GET', '/v1/policy/versions?limit=3')).body;
  t.strictSame(
    first.items.map((it: { version: number }) => it.version),
    [5, 4, 3],
  );
  const second = (await call('GET', `/v1/policy/versions?limit=3&cursor=${first.next_cursor}`)).body;
  t.strictSame(
    second.items.map((it: { version: number }) => it.version),
    [2, 1],
  );
  t.equal(second.next_cursor, null);
});
