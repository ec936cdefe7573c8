import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import t from 'tap';
import { capture, captureAt, phoneOf, REASON } from '../../helpers/captured.ts';
import { type Service, startService } from '../../helpers/service.ts';

async function search(service: Service, what: 'leads' | 'customers', body: object, key?: string) {
  const reply = await service.call('POST', `/v1/${what}/search`, { body, ...(key === undefined ? {} : { key }) });
  if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`);
  return reply.body.items.map(({ id }: { id: string }) => id);
}

for (const atRest of ['raw', 'all'] as const) {
  t.test(`by phone in any notation, WeChat and 企微 id, at rest ${atRest}`, async (t) => {
    const service = await startService(t, { atRest });
    const made = await capture(service, {
      person: { phone: '13800138000', wechat: 'zhangsan_88', wecom: { corp_id: 'ww01', external_user_id: 'wmAbC' } },
    });
    await captureAt(service, phoneOf(1), '2026-06-01T10:00:00');
    const ways = [
      { phone: '138 0013 8000' },
      { phone: '+86-13800138000' },
      { phone: 13800138000 },
      { phone: '13900139000 / 13800138000' },
      { phone: 'ZhangSan_88' },
      { wechat: 'ZhangSan_88' },
      { wecom: { corp_id: 'ww01', external_user_id: 'wmAbC' } },
      { ids: [made.lead_id] },
    ];
    for (const way of ways) t.same(await search(service, 'leads', way), [made.lead_id], JSON.stringify(way));
    for (const way of [...ways.slice(0, -1), { ids: [made.customer_id, made.customer_id.toUpperCase()] }]) {
      t.same(await search(service, 'customers', way), [made.customer_id], JSON.stringify(way));
    }
    for (const way of [
      { phone: '13700137000' },
      { wechat: 'nobody_1' },
      { wecom: { corp_id: 'ww02', external_user_id: 'wmAbC' } },
      { external_id: 'none' },
      { ids: [randomUUID()] },
    ]) {
      t.same(await search(service, 'leads', way), [], JSON.stringify(way));
      t.same(await search(service, 'customers', way), []);
    }
    t.notMatch(JSON.stringify(service.logs()), /13800138000/);
  });
}

t.test('by external id: of the own source, or of another with ops', async (t) => {
  const service = await startService(t);
  const reader = await service.makeKey({ name: 'reader', scopes: ['leads:read', 'leads:write'] });
  const own = await capture(service, { external_id: 'dy-1', person: { phone: phoneOf(1) } }, reader.secret);
  const foreign = await capture(service, { external_id: 'dy-1', person: { phone: phoneOf(2) } });
  const admin = await service.db.selectFrom('source').selectAll().where('name', '=', 'admin').executeTakeFirstOrThrow();

  t.same(await search(service, 'leads', { external_id: 'dy-1' }, reader.secret), [own.lead_id]);
  t.same(await search(service, 'leads', { external_id: 'dy-1', source: 'reader' }, reader.secret), [own.lead_id]);
  t.same(await search(service, 'leads', { external_id: 'dy-1' }), [foreign.lead_id]);
  t.same(await search(service, 'leads', { external_id: 'dy-1', source: 'reader' }), [own.lead_id]);
  t.same(await search(service, 'leads', { external_id: 'dy-1', source: admin.id }), [foreign.lead_id]);
  t.same(await search(service, 'customers', { external_id: 'dy-1', source: reader.sourceId }), [own.customer_id]);
  const refused = await service.call('POST', '/v1/leads/search', {
    key: reader.secret,
    body: { external_id: 'dy-1', source: 'admin' },
  });
  t.same([refused.status, refused.body.code], [403, 'scope_missing']);
  const quarantined = await service.call('POST', '/v1/leads', {
    body: { external_id: 'dy-2', person: { phone: '123' } },
  });
  t.equal(quarantined.status, 422);
  t.same(await search(service, 'leads', { external_id: 'dy-2' }), [], 'what came to no lead');
});

t.test('the leads of a person, newest first; merged, aliased and hidden ones', async (t) => {
  const service = await startService(t);
  const first = await captureAt(service, phoneOf(1), '2026-06-01T10:00:00');
  await sql`update lead set state = 'lost', closed_at = state_at`.execute(service.db);
  const second = await captureAt(service, phoneOf(1), '2026-06-02T10:00:00');
  const other = await captureAt(service, phoneOf(2), '2026-06-03T10:00:00', { external_id: 'x-1' });
  t.same(await search(service, 'leads', { phone: phoneOf(1) }), [second.lead_id, first.lead_id]);

  await sql`insert into customer_alias values (${other.customer_id}, ${first.customer_id}, ${randomUUID()}, now())`.execute(
    service.db,
  );
  await sql`update lead set merged_into = ${second.lead_id} where id = ${other.lead_id}`.execute(service.db);
  const both = [second.lead_id, first.lead_id];
  t.same(await search(service, 'leads', { phone: phoneOf(2) }), both);
  t.same(await search(service, 'leads', { external_id: 'x-1' }), [second.lead_id], 'the survivor');
  t.same(await search(service, 'leads', { ids: [other.lead_id, second.lead_id] }), [second.lead_id], 'once');
  t.same(await search(service, 'customers', { phone: `${phoneOf(1)} / ${phoneOf(2)}` }), [first.customer_id]);
  t.same(await search(service, 'customers', { ids: [other.customer_id, first.customer_id] }), [first.customer_id]);

  await sql`update lead set hidden = 'erased' where id = ${first.lead_id}`.execute(service.db);
  t.same(await search(service, 'leads', { phone: phoneOf(1) }), [second.lead_id]);
  t.same(await search(service, 'leads', { ids: [first.lead_id] }), []);
});

t.test('a search that cannot be made is refused with its place', async (t) => {
  const service = await startService(t);
  const cases: readonly (readonly [object, number, string, string])[] = [
    [{}, 422, 'body_invalid', ''],
    [{ phone: '13800138000', wechat: 'zhangsan_88' }, 422, 'body_invalid', '/wechat'],
    [{ phone: '13800138000', source: 'admin' }, 422, 'body_invalid', '/source'],
    [{ external_id: 'x', source: 'nobody' }, 422, 'body_invalid', '/source'],
    [{ phone: '12345' }, 422, 'phone_invalid', '/phone'],
    [{ phone: '138****8000' }, 422, 'phone_masked', '/phone'],
    [{ phone: '1.38001E+10' }, 422, 'phone_scientific_notation', '/phone'],
    [{ phone: '4008001234' }, 422, 'phone_not_personal', '/phone'],
    [{ phone: '无' }, 422, 'phone_empty', '/phone'],
    [{ wechat: '同手机号' }, 422, 'body_invalid', '/wechat'],
    [{ ids: ['13800138000'] }, 422, 'body_invalid', '/ids/0'],
    [{ fone: '13800138000' }, 422, 'body_invalid', '/fone'],
  ];
  for (const [body, status, code, path] of cases) {
    for (const what of ['leads', 'customers']) {
      const reply = await service.call('POST', `/v1/${what}/search`, { body });
      t.same([reply.status, reply.body.code, reply.body.errors[0].path], [status, code, path], JSON.stringify(body));
    }
  }
});

t.test('masked, bounded and audited as any other reading', async (t) => {
  const service = await startService(t);
  const made = await captureAt(service, '13800138000', '2026-06-01T10:00:00', { store: 'S1' });
  const ask = async (what: string, key: string, headers = {}) => {
    const reply = await service.call('POST', `/v1/${what}/search`, { key, headers, body: { phone: '13800138000' } });
    t.equal(reply.status, 200);
    return reply.body.items[0];
  };
  const blind = (await service.makeKey({ scopes: ['leads:read'] })).secret;
  const s1 = (await service.makeKey({ scopes: ['leads:read', 'pii:read'], stores: ['S1'] })).secret;
  const s2 = (await service.makeKey({ scopes: ['leads:read', 'pii:read'], stores: ['S2'] })).secret;
  for (const what of ['leads', 'customers']) {
    t.match(await ask(what, blind, REASON), { phone: '138****8000', masked: 'scope_missing' });
    t.match(await ask(what, s1), { phone: '138****8000', masked: 'access_reason_missing' });
    const id = what === 'leads' ? made.lead_id : made.customer_id;
    t.same(await ask(what, s2, REASON), { id, exists: true, phone: '138****8000' });
  }
  const reads = () =>
    service.db.selectFrom('audit').selectAll().where('action', '=', 'phone.read').orderBy('at').execute();
  t.same(await reads(), []);
  t.match(await ask('leads', s1, REASON), { phone: '+8613800138000', masked: null });
  t.match(await ask('customers', s1, REASON), { phone: '+8613800138000', masked: null });
  t.match(await reads(), [
    { subject_kind: 'lead', subject_id: made.lead_id, reason: 'call back', detail: { route: 'POST /v1/leads/search' } },
    { subject_kind: 'customer', subject_id: made.customer_id, detail: { route: 'POST /v1/customers/search' } },
  ]);
});
