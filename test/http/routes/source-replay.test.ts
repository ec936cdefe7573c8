import t from 'tap';
import { pushedSource, tencentLead } from '../../helpers/pushed.ts';
import { type Service, startService } from '../../helpers/service.ts';

const PAYLOAD = { id: 'wf-1', formId: 'f', submittedAt: '2026-04-12T01:30:00.000Z', data: { Phone: '13800138002' } };

async function patch({ call }: Service, id: string, settings: object) {
  const { version } = (await call('GET', `/v1/sources/${id}`)).body;
  const changed = await call('PATCH', `/v1/sources/${id}`, {
    body: { settings },
    headers: { 'if-match': `"${version}"` },
  });
  if (changed.status !== 200) throw new Error(changed.text);
}

async function leads({ db }: Service): Promise<number> {
  return (await db.selectFrom('lead').select('id').execute()).length;
}

t.test(
  'recordings that were refused for their signature are taken in, once, and somebody answers for it',
  async (t) => {
    const service = await startService(t);
    const { call } = service;
    const { id, push } = await pushedSource(service, { name: 'wf', kind: 'webflow', secret: 'not-yet-known' });
    await call('POST', `/v1/sources/${id}/recordings`, { body: { count: 5 } });
    const headers = { 'x-webflow-signature': 'ab'.repeat(32), 'x-webflow-timestamp': String(Date.now()) };
    await push({ triggerType: 'form_submission', payload: PAYLOAD }, { headers });
    await push(
      { triggerType: 'form_submission', payload: { ...PAYLOAD, id: 'wf-2', data: { Phone: '12' } } },
      { headers },
    );
    await push({ triggerType: 'site_publish' }, { headers });
    const replay = (body: object) =>
      call('POST', `/v1/sources/${id}/replay`, { body: { from: 'recordings', ...body } });

    const tried = await replay({ dry_run: true });
    t.match(tried, {
      status: 200,
      body: {
        from: 'recordings',
        dry_run: true,
        count: 3,
        more: false,
        results: { created: 1, quarantined: 1, ignored: 1 },
        items: [
          { results: ['created'] },
          { results: ['quarantined'], code: 'phone_invalid' },
          { results: ['ignored'] },
        ],
      },
    });
    t.equal(await leads(service), 0, 'a dry run writes nothing');
    t.strictSame((await call('GET', '/v1/audit?action=source.replayed')).body.items, []);

    const only = await replay({ ids: [tried.body.items[1].id] });
    t.match(only.body, { count: 1, results: { quarantined: 1 } });
    t.equal(await leads(service), 0);
    const done = await replay({});
    t.match(done.body, { dry_run: false, results: { created: 1, replayed: 1, ignored: 1 } });
    t.equal(await leads(service), 1);
    t.match((await replay({})).body.results, { replayed: 2, ignored: 1 }, 'again, it changes nothing');
    t.equal(await leads(service), 1);
    t.match((await replay({ limit: 1 })).body, { count: 1, more: true });
    t.match((await replay({ since: '2099-01-01' })).body, { count: 0, items: [] });
    const audit = (await call('GET', '/v1/audit?action=source.replayed')).body.items;
    t.match(audit.at(-2), { actor: 'key:admin', detail: { from: 'recordings', results: { created: 1 } } });
  },
);

t.test('quarantine: what another map mends is released, at the moment that was stated', async (t) => {
  const service = await startService(t);
  const { call, db } = service;
  const { id, push } = await pushedSource(service, { name: 'tx', kind: 'tencent' });
  await push(tencentLead({ leads_id: '1', leads_tel: '', cell_no: '13800138001' }));
  await push(tencentLead({ leads_id: '2', leads_tel: '12345' }));
  const other = await pushedSource(service, { name: 'other', kind: 'tencent' });
  await other.push(tencentLead({ leads_id: '3', leads_tel: '12345' }));
  const replay = (body: object) => call('POST', `/v1/sources/${id}/replay`, { body: { from: 'quarantine', ...body } });
  t.match((await replay({ dry_run: true })).body, { count: 2, results: { quarantined: 2 } });
  await patch(service, id, { field_map: { fields: { 'person.phone': { path: 'cell_no' } } } });
  const tried = (await replay({ dry_run: true })).body;
  t.match(tried, { count: 2, results: { created: 1, quarantined: 1 } });
  t.equal(await leads(service), 0);
  const done = (await replay({})).body;
  t.match(done, { count: 2, results: { created: 1, quarantined: 1 } });
  t.equal(await leads(service), 1);
  t.match((await call('GET', `/v1/quarantine?state=open&source_id=${id}`)).body.items, [{ code: 'phone_invalid' }]);
  const touch = await db.selectFrom('touch').select('occurred_at').executeTakeFirstOrThrow();
  t.equal(Number(touch.occurred_at), Date.parse('2026-04-12T09:59:00+08:00'));
  t.match((await call('GET', '/v1/audit?action=quarantine.retried')).body.items, [{ detail: { decision: 'created' } }]);
  t.equal(
    (await call('GET', `/v1/quarantine?state=open&source_id=${other.id}`)).body.items.length,
    1,
    'no other source',
  );
});

t.test('what is kept is only compared: which values another map would read', async (t) => {
  const service = await startService(t);
  const { call } = service;
  const { id, push } = await pushedSource(service, { name: 'tx', kind: 'tencent' });
  await push(tencentLead({ leads_id: '1', car: 'Demo SUV', backup_tel: '13900139009' }));
  await push(tencentLead({ leads_id: '2', leads_tel: '13800138002' }));
  const replay = (body: object, headers: Record<string, string> = {}) =>
    call('POST', `/v1/sources/${id}/replay`, { body: { from: 'kept', ...body }, headers });
  t.match(await replay({}), { status: 422, body: { code: 'body_invalid' } });
  t.match((await replay({ dry_run: true })).body, { count: 2, results: { unchanged: 2 }, items: [] });
  await patch(service, id, {
    field_map: { fields: { 'product.model': { path: 'car' }, 'person.phone': { path: 'backup_tel' } } },
  });
  const changed = (await replay({ dry_run: true })).body;
  t.match(changed, { count: 2, results: { unchanged: 1, changed: 1 }, masked: 'access_reason_missing' });
  t.strictSame(changed.items[0].changes, [
    { path: 'phone', before: '138****8001', after: '139****9009' },
    { path: 'extra.car', before: 'Demo SUV', after: null },
    { path: 'extra.backup_tel', before: '139****9009', after: null },
    { path: 'product.model', before: null, after: 'Demo SUV' },
    { path: 'extra.leads_tel', before: null, after: '138****8001' },
  ]);
  const full = await replay({ dry_run: true }, { 'access-reason': 'comparing maps' });
  t.match(full.body.items[0].changes[0], { before: '+8613800138001', after: '+8613900139009' });
  t.equal((await call('GET', '/v1/audit?action=phone.read')).body.items.length, 1);
  t.equal(await leads(service), 2);
});

t.test('nothing is replayed of what nobody pushes to', async (t) => {
  const { call } = await startService(t);
  const { body: rest } = await call('POST', '/v1/sources', { body: { name: 'api', kind: 'rest' } });
  t.equal((await call('POST', `/v1/sources/${rest.id}/replay`, { body: { from: 'quarantine' } })).status, 422);
  t.equal((await call('POST', `/v1/sources/${rest.id}/replay`, { body: { from: 'somewhere' } })).status, 422);
});
