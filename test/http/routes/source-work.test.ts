import t from 'tap';
import { pushedSource, tencentLead } from '../../helpers/pushed.ts';
import { startService } from '../../helpers/service.ts';

const FULL = { 'access-reason': 'checking the map' };

t.test('another address: the former works until its overlap is over', async (t) => {
  const service = await startService(t);
  const { call, setClock } = service;
  const { id, address } = await pushedSource(service, { name: 'tx', kind: 'tencent' });
  const now = Date.now();
  setClock(now);
  const push = (to: string, leads_id: string) =>
    call('POST', to, { key: null, body: tencentLead({ leads_id }), headers: {} });
  const rotated = await call('POST', `/v1/sources/${id}/rotate-address`, { body: { overlap_seconds: 60 } });
  t.match(rotated, { status: 200, body: { id, name: 'tx', kind: 'tencent' } });
  t.match(rotated.body.address, /^\/v1\/hooks\/[A-Za-z0-9_-]{43}$/);
  t.not(rotated.body.address, address);
  t.equal((await push(address, '1')).status, 200);
  t.equal((await push(rotated.body.address, '2')).status, 200);
  setClock(now + 61_000);
  t.equal((await push(address, '3')).status, 404);
  t.equal((await push(rotated.body.address, '4')).status, 200);
  const again = await call('POST', `/v1/sources/${id}/rotate-address`, { body: {} });
  setClock(now + 61_000 + 7 * 86_400_000 - 1000);
  t.equal((await push(rotated.body.address, '5')).status, 200, 'a week where nothing is said');
  setClock(now + 61_000 + 7 * 86_400_000 + 1000);
  t.equal((await push(rotated.body.address, '6')).status, 404);
  t.equal((await push(again.body.address, '7')).status, 200);
  t.match((await call('GET', `/v1/audit?action=source.address_rotated`)).body.items, [{}, { subject: { id } }]);
  t.notMatch(JSON.stringify((await call('GET', '/v1/audit')).body), again.body.address.slice(10));
  const { body: rest } = await call('POST', '/v1/sources', { body: { name: 'api', kind: 'rest' } });
  t.match(await call('POST', `/v1/sources/${rest.id}/rotate-address`, { body: {} }), { status: 422 });
  const { secret } = await service.makeKey({ scopes: ['leads:read'] });
  t.equal((await call('POST', `/v1/sources/${id}/rotate-address`, { body: {}, key: secret })).status, 403);
});

t.test('a pasted push: what it would become, and nothing is written', async (t) => {
  const service = await startService(t);
  const { call, db } = service;
  const { id, push } = await pushedSource(service, { name: 'tx', kind: 'tencent' });
  const preview = (body: object, headers: Record<string, string> = {}) =>
    call('POST', `/v1/sources/${id}/preview`, { body, headers });
  const body = JSON.stringify(tencentLead({ 车牌意向: '浙A', leads_wechat: 'zhangsan88' }));
  const seen = await preview({ body });
  t.equal(seen.status, 200, seen.text);
  t.match(seen.body, {
    masked: 'access_reason_missing',
    handshake: null,
    problem: null,
    items: [
      {
        kind: 'lead',
        external_id: '900000001',
        draft: {
          person: { phone: '*******8001', name: '李四', wechat: 'zh****88' },
          traffic: { account_id: '20000001' },
        },
        unmapped: ['leads_type', '车牌意向'],
        fetched_later: false,
        outcome: { decision: 'created', refusal: null, lead_id: null },
      },
    ],
  });
  t.match(
    seen.body.items[0].fields.find((it: { field: string }) => it.field === 'person.phone'),
    { from: 'leads_tel', value: '*******8001' },
  );
  t.notMatch(seen.text, '13800138001');
  const none = async () => (await db.selectFrom('submission').select('id').execute()).length;
  t.equal(await none(), 0);
  t.strictSame((await call('GET', '/v1/audit?action=phone.read')).body.items, []);

  const full = await preview({ body }, FULL);
  t.match(full.body, { masked: null, items: [{ draft: { person: { phone: '13800138001', wechat: 'zhangsan88' } } }] });
  t.match((await call('GET', '/v1/audit?action=phone.read')).body.items, [
    { subject: { kind: 'source', id }, reason: 'checking the map' },
  ]);
  const bound = await service.makeKey({ stores: ['S1'] });
  t.match(
    (await call('POST', `/v1/sources/${id}/preview`, { body: { body }, key: bound.secret, headers: FULL })).body,
    { masked: 'scope_missing' },
  );

  await push(tencentLead());
  const again = await preview({ body: JSON.stringify(tencentLead()) });
  t.match(again.body.items, [{ outcome: { decision: 'replayed', original_decision: 'created' } }]);
  const bad = await preview({ body: JSON.stringify(tencentLead({ leads_id: '2', leads_tel: '12345' })) });
  t.match(bad.body.items, [{ outcome: { decision: 'quarantined', refusal: { code: 'phone_invalid' } } }]);
  t.equal(await none(), 1);

  t.match((await preview({ body: '{"leads_id":' })).body, { items: [], problem: { code: 'unparsable' } });
  t.match((await preview({ body: '{"hello":1}' })).body, { items: [], problem: { code: 'unmappable' } });
  t.match((await preview({ body: '{"event_type":"EVENT_TYPE_TEST"}' })).body.items, [{ kind: 'ignored', why: 'ping' }]);
  const form = 'leads_id=7&leads_tel=13800138007';
  t.match(
    (
      await preview({
        body_base64: Buffer.from(form).toString('base64'),
        content_type: 'application/x-www-form-urlencoded',
      })
    ).body.items,
    [{ external_id: '7', draft: { person: { phone: '*******8007' } } }],
  );
  t.match(await preview({ body: 'a', body_base64: 'YQ==' }), { status: 422, body: { code: 'body_invalid' } });
});

t.test('another map is tried before it is saved', async (t) => {
  const service = await startService(t);
  const { call } = service;
  const { id } = await pushedSource(service, { name: 'tx', kind: 'tencent' });
  const body = JSON.stringify(tencentLead({ 留言: '想试驾', car: 'Model Demo' }));
  const preview = (field_map: unknown) => call('POST', `/v1/sources/${id}/preview`, { body: { body, field_map } });
  const tried = await preview({
    fields: { 'product.model': { path: 'car' }, 'intent.need': { expression: '留言 & "！"' } },
  });
  t.match(tried.body.items, [{ draft: { product: { model: 'Model Demo' }, intent: { need: '想试驾！' } } }]);
  const { settings } = (await call('GET', `/v1/sources/${id}`)).body;
  t.notOk('field_map' in settings, 'and it is not saved');
  t.match(await preview({ fields: { 'person.shoe': { path: 'car' } } }), {
    status: 422,
    body: { code: 'body_invalid', errors: [{ path: '/field_map/fields/person.shoe' }] },
  });
});

t.test('what is signed is checked where a signature was given', async (t) => {
  const service = await startService(t);
  const { call } = service;
  const { id } = await pushedSource(service, { name: 'wf', kind: 'webflow', secret: 'wf-secret' });
  const payload = { id: 'wf-1', formId: 'f', submittedAt: '2026-04-12T01:30:00.000Z', data: { Phone: '13800138002' } };
  const body = JSON.stringify({ triggerType: 'form_submission', payload });
  const preview = (headers: object) => call('POST', `/v1/sources/${id}/preview`, { body: { body, headers } });
  t.match((await preview({})).body, { authenticity: null, items: [{ external_id: 'wf-1' }] });
  const forged = { 'X-Webflow-Signature': 'ab'.repeat(32), 'X-Webflow-Timestamp': String(Date.now()) };
  t.match((await preview(forged)).body, {
    authenticity: { kind: 'refused', code: 'signature_invalid' },
    items: [{ external_id: 'wf-1' }],
  });
});

t.test('canonical ways in have nothing to preview, and say what to do', async (t) => {
  const service = await startService(t);
  const { call } = service;
  for (const kind of ['rest', 'csv']) {
    const { body: source } = await call('POST', '/v1/sources', { body: { name: kind, kind } });
    const refused = await call('POST', `/v1/sources/${source.id}/preview`, { body: { body: '{}' } });
    t.match(refused, { status: 422, body: { code: 'body_invalid', detail: /POST \/v1\/leads\?dry_run=true/ } });
  }
  const form = await call('POST', '/v1/sources', { body: { name: 'form', kind: 'form' } });
  const seen = await call('POST', `/v1/sources/${form.body.id}/preview`, {
    body: { body: '姓名=张三&手机=13800138003', content_type: 'application/x-www-form-urlencoded' },
  });
  t.match(seen.body.items, [{ draft: { person: { name: '张三', phone: '*******8003' } } }]);
  const missing = '0197a3c2-5d10-7abc-8def-0123456789ab';
  t.equal((await call('POST', `/v1/sources/${missing}/preview`, { body: { body: '{}' } })).status, 404);
});
