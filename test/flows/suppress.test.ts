import t from 'tap';
import { P, P2, startWorking } from '../helpers/working.ts';

t.test('an identity on the list is not processed, until it is taken off', async (t) => {
  const s = await startWorking(t);
  const put = (body: object) => s.call('PUT', '/v1/suppressions', { body });
  const added = await put({ phone: '138 0013 8000', reason: 'asked_not_to_be_called' });
  t.match(added, {
    status: 201,
    body: { token: /^[0-9a-f]{16}$/, reason: 'asked_not_to_be_called', actor: 'key:admin' },
  });
  t.match(await put({ phone: `+86${P}`, reason: 'again' }), { status: 200, body: { token: added.body.token } });
  const out = await s.call('POST', '/v1/leads', { body: { channel: 'douyin', person: { phone: P, name: '张三' } } });
  t.match(out, { status: 200, body: { decision: 'suppressed' } });
  t.strictSame([out.body.lead_id, out.body.customer_id], [null, null]);
  t.match(await s.get('/v1/suppressions'), { items: [{ token: added.body.token, reason: 'asked_not_to_be_called' }] });
  const kept = await s.db.selectFrom('suppression').selectAll().execute();
  t.notMatch(JSON.stringify(kept), P);
  t.equal((await s.call('DELETE', '/v1/suppressions', { body: { phone: P } })).status, 204);
  t.match(await s.call('DELETE', '/v1/suppressions', { body: { phone: P } }), { status: 404 });
  t.equal((await s.capture1(P)).decision, 'created');
  const actions = await s.db
    .selectFrom('audit')
    .select('action')
    .where('subject_kind', '=', 'suppression')
    .orderBy('at')
    .execute();
  t.strictSame(
    actions.map(({ action }) => action),
    ['suppression.added', 'suppression.removed'],
  );
});

t.test('by WeChat, by 企微, by token, page by page', async (t) => {
  const s = await startWorking(t);
  const bodies = [
    { wechat: 'ZhangSan_88' },
    { wecom: { corp_id: 'ww01', external_user_id: 'wmAb' } },
    ...Array.from({ length: 5 }, (_, i) => ({ phone: `1390013900${i}` })),
  ];
  for (const body of bodies)
    t.equal((await s.call('PUT', '/v1/suppressions', { body: { ...body, reason: 'opt_out' } })).status, 201);
  t.equal((await s.post('/v1/leads', { channel: 'wecom', person: { wechat: 'zhangsan_88' } })).decision, 'suppressed');
  t.equal(
    (await s.post('/v1/leads', { channel: 'wecom', person: { wecom: { corp_id: 'ww01', external_user_id: 'wmAb' } } }))
      .decision,
    'suppressed',
  );
  const seen: string[] = [];
  for (let cursor = ''; ; ) {
    const page = await s.get(`/v1/suppressions?limit=2${cursor}`);
    seen.push(...page.items.map(({ token }: { token: string }) => token));
    if (page.next_cursor === null) break;
    cursor = `&cursor=${page.next_cursor}`;
  }
  t.equal(seen.length, 7);
  t.equal(new Set(seen).size, 7);
  t.equal((await s.call('DELETE', '/v1/suppressions', { body: { token: seen[3] } })).status, 204);
  t.equal((await s.get('/v1/suppressions')).items.length, 6);
});

t.test('what is refused', async (t) => {
  const s = await startWorking(t);
  const put = (body: object) => s.call('PUT', '/v1/suppressions', { body });
  t.match(await put({ reason: 'x' }), { status: 422 });
  t.match(await put({ phone: P, wechat: 'zhangsan_88', reason: 'x' }), { status: 422 });
  t.match(await put({ phone: '12', reason: 'x' }), { status: 422, body: { errors: [{ path: '/phone' }] } });
  t.match(await put({ wechat: '无', reason: 'x' }), { status: 422, body: { errors: [{ path: '/wechat' }] } });
  t.match(await put({ phone: P }), { status: 422, body: { errors: [{ path: '/reason' }] } });
  t.match(await put({ phone: P, reason: `call 138-0013-8000 no more` }), {
    status: 422,
    body: { errors: [{ path: '/reason' }] },
  });
  t.match(await s.call('DELETE', '/v1/suppressions', { body: { phone: P2, token: '0123456789abcdef' } }), {
    status: 422,
  });
  t.match(await s.call('DELETE', '/v1/suppressions', { body: { token: '0123' } }), { status: 422 });
  const { secret } = await s.makeKey({ scopes: ['leads:write', 'leads:read', 'pii:read'] });
  t.match(await s.call('GET', '/v1/suppressions', { key: secret }), { status: 403 });
  t.equal((await s.db.selectFrom('suppression').selectAll().execute()).length, 0);
});
