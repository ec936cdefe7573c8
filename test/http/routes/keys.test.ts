import t from 'tap';
import { hashOf } from '../../../src/flows/keys.ts';
import { findKeyByHash } from '../../../src/store/keys.ts';
import { startService } from '../../helpers/service.ts';

const NOON = Date.UTC(2026, 5, 1, 4);

t.test('a key is made, shown once, listed and used', async (t) => {
  const { call, db, setClock } = await startService(t);
  setClock(NOON);
  const made = await call('POST', '/v1/keys', {
    body: {
      name: 'crm',
      scopes: ['leads:write', 'leads:read'],
      stores: ['S1'],
      adviser: 'A1',
      rate_limit: 600,
      expires_at: '2026-06-02T12:00:00+08:00',
    },
  });
  t.equal(made.status, 201);
  const { secret, ...key } = made.body;
  t.match(secret, /^clew_[A-Za-z0-9_-]{43}$/);
  t.match(key, {
    name: 'crm',
    prefix: secret.slice(0, 11),
    scopes: ['leads:write', 'leads:read'],
    stores: ['S1'],
    adviser: 'A1',
    rate_limit: 600,
    created_by: 'key:admin',
    created_at: '2026-06-01T04:00:00.000Z',
    expires_at: '2026-06-02T04:00:00.000Z',
    revoked_at: null,
  });
  t.equal(made.headers['location'], `/v1/keys/${key.id}`);
  t.strictSame((await call('GET', `/v1/keys/${key.id}`)).body, key);
  const list = await call('GET', '/v1/keys');
  t.same(new Set(list.body.items.map((it: { name: string }) => it.name)), new Set(['crm', 'admin']));
  t.notMatch(list.text, secret.slice(11));
  t.equal((await call('POST', '/v1/leads', { key: secret, body: { person: { phone: '13800138000' } } })).status, 201);
  setClock(NOON + 86_400_000);
  t.equal((await call('GET', '/v1/leads', { key: secret })).status, 401, 'expired');
  t.match((await call('GET', `/v1/audit?action=key.created&subject=${key.id}`)).body.items, [{ actor: 'key:admin' }]);
  t.equal((await findKeyByHash(db, hashOf(secret)))?.name, 'crm');
});

t.test('a revoked key is let in no more by the process that revoked it, whatever it remembers', async (t) => {
  const { call, makeKey } = await startService(t, { limits: { keyCacheSeconds: 300 } });
  for (const round of [1, 2, 3]) {
    const { id, secret } = await makeKey({ name: `k${round}` });
    const use = async () => (await call('GET', '/v1/channels', { key: secret })).status;
    t.equal(await use(), 200);
    // Uses that run beside the revocation may see either side of it, but may not bring the key back.
    const beside = [1, 2, 3, 4, 5].map(use);
    const revoked = await call('POST', `/v1/keys/${round === 2 ? id.toUpperCase() : id}/revoke`);
    t.match(revoked, { status: 200, body: { id, revoked_at: /Z$/ } });
    t.equal(await use(), 401);
    await Promise.all(beside);
    t.equal(await use(), 401);
    t.strictSame((await call('POST', `/v1/keys/${id}/revoke`)).body, revoked.body, 'again for no change');
  }
  t.equal((await call('GET', '/v1/audit?action=key.revoked')).body.items.length, 3);
  t.match((await call('POST', '/v1/keys/00000000-0000-7000-8000-000000000000/revoke')).body, { code: 'not_found' });
});

t.test('a key grants nothing that it does not have', async (t) => {
  const { call, makeKey } = await startService(t);
  const admin = await makeKey({ scopes: ['admin', 'leads:read'], stores: ['S1', 'S2'], adviser: 'A1' });
  const post = (body: object) => call('POST', '/v1/keys', { key: admin.secret, body: { name: 'x', ...body } });
  const good = { scopes: ['leads:read'], stores: ['S2'], adviser: 'A1' };
  const refused = async (path: string, change: object) => {
    const { status, body } = await post({ ...good, ...change });
    t.match(
      { status, body },
      { status: 403, body: { code: 'scope_missing', errors: [{ path, code: 'beyond_grant' }] } },
    );
  };
  await refused('/scopes/1', { scopes: ['leads:read', 'pii:read'] });
  await refused('/stores', { stores: ['S2', 'S3'] });
  await refused('/stores', { stores: undefined });
  await refused('/adviser', { adviser: 'A2' });
  await refused('/adviser', { adviser: undefined });
  t.equal((await post(good)).status, 201);
});

t.test('a key bound to stores or to an adviser alone does not grant the other', async (t) => {
  const { call, makeKey } = await startService(t);
  const granting = async (bounds: object, body: object) => {
    const { secret } = await makeKey({ scopes: ['admin', 'leads:read'], ...bounds });
    return call('POST', '/v1/keys', { key: secret, body: { name: 'x', scopes: ['leads:read'], ...body } });
  };
  const beyond = (path: string) => ({ status: 403, body: { errors: [{ path, code: 'beyond_grant' }] } });
  t.match(await granting({ stores: ['S1'] }, { stores: ['S1'], adviser: 'A9' }), beyond('/adviser'));
  t.match(await granting({ adviser: 'A1' }, { stores: ['S9'], adviser: 'A1' }), beyond('/stores'));
  t.equal((await granting({ stores: ['S1'] }, { stores: ['S1'] })).status, 201);
  t.equal((await granting({ adviser: 'A1' }, { adviser: 'A1' })).status, 201);
  t.equal((await granting({}, { stores: ['S9'], adviser: 'A9' })).status, 201);
});

t.test('only a key with admin sees and makes keys', async (t) => {
  const { call, makeKey } = await startService(t);
  const { id, secret } = await makeKey({ scopes: ['ops', 'leads:write', 'leads:read', 'pii:read'] });
  for (const [method, path] of [
    ['GET', '/v1/keys'],
    ['GET', `/v1/keys/${id}`],
    ['POST', `/v1/keys/${id}/revoke`],
  ] as const) {
    t.match((await call(method, path, { key: secret })).body, { status: 403, scope: 'admin' });
  }
  const body = { name: 'x', scopes: ['ops'] };
  t.match((await call('POST', '/v1/keys', { key: secret, body })).body, { status: 403, scope: 'admin' });
});

t.test('what a key cannot be is refused with the field', async (t) => {
  const { call } = await startService(t);
  const refused = async (path: string, change: object) => {
    const { status, body } = await call('POST', '/v1/keys', { body: { name: 'x', scopes: ['ops'], ...change } });
    t.match({ status, body }, { status: 422, body: { code: 'body_invalid', errors: [{ path }] } }, path);
  };
  await refused('/scopes', { scopes: [] });
  await refused('/scopes/0', { scopes: ['root'] });
  await refused('/name', { name: '' });
  await refused('/name', { name: ' x' });
  await refused('/stores', { stores: [] });
  await refused('/expires_at', { expires_at: 'tomorrow' });
  await refused('/expires_at', { expires_at: '2020-01-01T00:00:00Z' });
  await refused('/rate_limit', { rate_limit: 0 });
  const nobody = '00000000-0000-7000-8000-000000000000';
  const { body } = await call('POST', '/v1/keys', { body: { name: 'x', scopes: ['ops'], source_id: nobody } });
  t.match(body, { code: 'not_found' });
  t.equal((await call('GET', '/v1/keys')).body.items.length, 1);
});

t.test('under an idempotency key a key is made once, and its secret kept encrypted', async (t) => {
  const { call, db, makeKey } = await startService(t);
  const post = (key?: string) =>
    call('POST', '/v1/keys', {
      body: { name: 'x', scopes: ['ops'] },
      headers: { 'idempotency-key': 'k-1' },
      ...(key === undefined ? {} : { key }),
    });
  const [one, two] = await Promise.all([post(), post()]);
  t.strictSame(one.body, two.body);
  t.equal((await call('GET', '/v1/keys')).body.items.length, 2);
  const rows = JSON.stringify(await db.selectFrom('receipt').selectAll().execute());
  t.notMatch(rows, one.body.secret.slice(11));
  const other = await makeKey({ scopes: ['admin', 'ops'] });
  t.not((await post(other.secret)).body.id, one.body.id, 'another key does not get the answer');
});
