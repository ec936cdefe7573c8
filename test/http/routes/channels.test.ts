import t from 'tap';
import { startService } from '../../helpers/service.ts';

t.test('the dictionary is listed, and a channel is added and changed', async (t) => {
  const { call } = await startService(t);
  const codes = async () => (await call('GET', '/v1/channels')).body.items.map((it: { code: string }) => it.code);
  t.strictSame(await codes(), [
    'douyin',
    'event',
    'kuaishou',
    'linkedin',
    'meta',
    'search',
    'shop',
    'tencent',
    'tiktok',
    'visit',
    'wecom',
    'xhs',
  ]);
  t.match((await call('GET', '/v1/channels/shop')).body, { code: 'shop', name: '电商', default_kind: 'order' });
  const made = await call('PUT', '/v1/channels/bilibili', { body: { name: '哔哩哔哩', default_kind: 'follow' } });
  t.equal(made.status, 201);
  t.strictSame((await call('GET', '/v1/channels/bilibili')).body, made.body);
  const changed = await call('PUT', '/v1/channels/bilibili', { body: { name: 'B 站', default_kind: 'form' } });
  t.equal(changed.status, 200);
  t.match(changed.body, { code: 'bilibili', name: 'B 站', default_kind: 'form' });
  t.strictSame(
    (await call('PUT', '/v1/channels/bilibili', { body: { name: 'B 站', default_kind: 'form' } })).body,
    changed.body,
  );
  const audit = (await call('GET', '/v1/audit?action=channel.set')).body.items;
  t.strictSame(
    audit.map((it: { detail: object }) => it.detail),
    [
      { name: 'B 站', default_kind: 'form', before: { name: '哔哩哔哩', default_kind: 'follow' } },
      { name: '哔哩哔哩', default_kind: 'follow', before: null },
    ],
  );
});

t.test('an unknown channel is kept with a warning; once it is in the dictionary its kind counts', async (t) => {
  const { call, db } = await startService(t);
  const send = async (phone: string) =>
    (await call('POST', '/v1/leads', { body: { channel: 'kol', person: { phone } } })).body;
  const kindOf = async (id: string) =>
    (await db.selectFrom('touch').select('kind').where('submission_id', '=', id).executeTakeFirstOrThrow()).kind;
  const before = await send('13800138000');
  t.strictSame([before.warnings, await kindOf(before.submission_id)], [['channel_unknown'], 'form']);
  await call('PUT', '/v1/channels/kol', { body: { name: '达人', default_kind: 'consult' } });
  const after = await send('13900139000');
  t.strictSame([after.warnings, await kindOf(after.submission_id)], [[], 'consult']);
});

t.test('what is no channel is refused', async (t) => {
  const { call, makeKey } = await startService(t);
  const put = (code: string, body: object, key?: string) =>
    call('PUT', `/v1/channels/${code}`, { body, ...(key === undefined ? {} : { key }) });
  const good = { name: 'x', default_kind: 'form' };
  for (const code of ['A', 'a b', encodeURIComponent('抖音'), 'x'.repeat(65)]) {
    const { status, body } = await put(code, good);
    t.match({ status, body }, { status: 422, body: { code: 'body_invalid', errors: [{ path: '/code' }] } }, code);
  }
  t.equal((await put('x'.repeat(64), good)).status, 201);
  t.match((await put('y', { name: 'y' })).body, { errors: [{ path: '/default_kind', code: 'required' }] });
  t.match((await put('y', { name: 'y', default_kind: 'chat' })).body, { errors: [{ path: '/default_kind' }] });
  t.match((await call('GET', '/v1/channels/y')).body, { status: 404, code: 'not_found' });
  const { secret } = await makeKey({ scopes: ['leads:read', 'leads:write', 'admin'] });
  t.equal((await put('y', good, secret)).body.code, 'scope_missing');
});
