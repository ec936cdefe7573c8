import t from 'tap';
import { pushedSource, tencentLead } from '../../helpers/pushed.ts';
import { type Service, startService } from '../../helpers/service.ts';
import { answerJson, metaLead, startThin } from '../../helpers/thin.ts';

interface Open {
  readonly id: string;
  readonly code: string;
  readonly submission_id: string;
}

async function open({ call }: Service): Promise<readonly Open[]> {
  return (await call('GET', '/v1/quarantine?state=open')).body.items;
}

async function only(service: Service): Promise<Open> {
  const [entry, ...more] = await open(service);
  if (entry === undefined || more.length > 0) throw new Error(`not one open entry but ${more.length + 1}`);
  return entry;
}

function retry({ call }: Service, id: string, corrections?: object) {
  return call('POST', `/v1/quarantine/${id}/retry`, { body: corrections === undefined ? {} : { corrections } });
}

async function patch({ call }: Service, id: string, settings: object) {
  const { version } = (await call('GET', `/v1/sources/${id}`)).body;
  const changed = await call('PATCH', `/v1/sources/${id}`, {
    body: { settings },
    headers: { 'if-match': `"${version}"` },
  });
  if (changed.status !== 200) throw new Error(changed.text);
}

async function stored({ db }: Service, id: string) {
  return db.selectFrom('submission').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

t.test('a push is corrected on what its map made of it, and the platform may send it again', async (t) => {
  const service = await startService(t);
  const { push } = await pushedSource(service, { name: 'tx', kind: 'tencent', defaults: { store: 'S1' } });
  const lead = tencentLead({ leads_tel: '1380013800', campaign_name: '计划A' });
  await push(lead);
  const entry = await only(service);
  t.equal(entry.code, 'phone_invalid');
  const released = await retry(service, entry.id, { person: { phone: '13800138000' } });
  t.match(released, { status: 201, body: { decision: 'created' } });
  t.match(await stored(service, released.body.submission_id), {
    external_id: '900000001',
    completes: entry.submission_id,
    occurred_at: Date.parse('2026-04-12T09:59:00+08:00'),
    fields: { person: { name: '李四' }, traffic: { campaign_name: '计划A' } },
  });
  t.strictSame(await open(service), []);
  t.equal((await push(lead)).status, 200);
  t.strictSame(await open(service), [], 'sent again as it was it is a replay');
  t.equal((await service.db.selectFrom('lead').select('id').execute()).length, 1);
});

t.test('corrections stay: an entry that is still unusable is corrected further', async (t) => {
  const service = await startService(t);
  const { push } = await pushedSource(service, { name: 'tx', kind: 'tencent' });
  await push(tencentLead({ leads_tel: '12345' }));
  const first = await only(service);
  const masked = await retry(service, first.id, { person: { phone: '138****8000', company: '示例公司' } });
  t.match(masked, { status: 422, body: { code: 'phone_masked' } });
  const second = await only(service);
  t.not(second.id, first.id);
  const released = await retry(service, second.id, { person: { phone: '13800138000' } });
  t.match(await stored(service, released.body.submission_id), {
    fields: { person: { company: '示例公司', name: '李四' }, traffic: { platform: 'tencent' } },
  });
});

t.test('what corrections make of it has to be a lead, with the id that it came under', async (t) => {
  const service = await startService(t);
  const { push } = await pushedSource(service, { name: 'tx', kind: 'tencent' });
  await push(tencentLead({ leads_tel: '12345' }));
  const { id } = await only(service);
  t.match(await retry(service, id, { person: { shoe: 44 } }), {
    status: 422,
    body: { code: 'body_invalid', errors: [{ path: '/corrections/person/shoe' }] },
  });
  t.match(await retry(service, id, { external_id: 'other' }), { status: 422, body: { code: 'body_invalid' } });
  t.match(await retry(service, id, { occurred_at: '2026-01-01' }), { status: 422, body: { code: 'body_invalid' } });
  t.equal((await only(service)).id, id, 'it is as it was');
});

t.test('another map mends it without corrections', async (t) => {
  const service = await startService(t);
  const { id, push } = await pushedSource(service, { name: 'tx', kind: 'tencent' });
  const lead = tencentLead({ leads_tel: '', cell_no: '13800138001' });
  await push(lead);
  const entry = await only(service);
  t.match(await retry(service, entry.id), { status: 422, body: { code: 'phone_empty' } });
  await patch(service, id, { field_map: { fields: { 'person.phone': { path: 'cell_no' } } } });
  t.match(await retry(service, entry.id), { status: 201, body: { decision: 'created' } });
  await push(lead);
  t.strictSame(await open(service), []);
});

t.test('what could not be read: its corrections alone are the lead', async (t) => {
  const service = await startService(t);
  const { push } = await pushedSource(service, { name: 'tx', kind: 'tencent' });
  await push(undefined, { raw: '{"leads_id":"9' });
  const { id, code } = await only(service);
  t.equal(code, 'unparsable');
  t.match(await retry(service, id), { status: 422, body: { code: 'unparsable' } });
  t.match(await retry(service, id, { person: { name: 'x' } }), { status: 422, body: { code: 'phone_empty' } });
  const { id: next } = await only(service);
  const released = await retry(service, next, { external_id: '9', person: { phone: '13800138001' } });
  t.match(released, { status: 201, body: { decision: 'created' } });
});

t.test('what was unmappable: the moment and the id that its corrections state count', async (t) => {
  const service = await startService(t);
  const { push } = await pushedSource(service, { name: 'tx', kind: 'tencent' });
  await push({ hello: 1 });
  const { id } = await only(service);
  t.match(await retry(service, id), { status: 422, body: { code: 'submission_unusable' } });
  const lead = { external_id: 'x', occurred_at: '2026-04-12T10:00:00+08:00', person: { phone: '13800138001' } };
  const released = await retry(service, id, lead);
  t.equal(released.status, 201, released.text);
  t.match(await stored(service, released.body.submission_id), {
    external_id: 'x',
    occurred_at: Date.parse('2026-04-12T10:00:00+08:00'),
  });
});

t.test('entries of a paused source wait for it', async (t) => {
  const service = await startService(t);
  const { call } = service;
  const { id, push } = await pushedSource(service, { name: 'tx', kind: 'tencent' });
  await call('POST', `/v1/sources/${id}/pause`);
  await push(tencentLead());
  const entry = await only(service);
  t.equal(entry.code, 'source_paused');
  t.match(await retry(service, entry.id), { status: 409, body: { code: 'state_conflict', detail: /still paused/ } });
  await call('POST', `/v1/sources/${id}/resume`);
  t.match(await retry(service, entry.id), { status: 201, body: { decision: 'created' } });
});

t.test('one of several leads of a push stands for itself; forms and canonical bodies are told apart', async (t) => {
  const service = await startService(t);
  const { call } = service;
  const { push } = await pushedSource(service, { name: 'tx', kind: 'tencent' });
  await push([tencentLead({ leads_id: '1' }), tencentLead({ leads_id: '2', leads_tel: '12345' })]);
  const entry = await only(service);
  t.match(await retry(service, entry.id, { person: { phone: '13900139002' } }), { status: 201 });
  await call('POST', '/v1/sources', { body: { name: 'x', kind: 'tencent' } }).then(async ({ body }) => {
    const key = (await service.makeKey({ sourceId: body.id })).secret;
    await call('POST', '/v1/leads', { key, body: { channel: 'event', person: { phone: '12345', name: '王五' } } });
  });
  const posted = await only(service);
  const released = await retry(service, posted.id, { person: { phone: '13900139003' } });
  t.match(await stored(service, released.body.submission_id), { fields: { person: { name: '王五' } } });
});

t.test('a lead that is known by its id only is fetched once its source goes on', async (t) => {
  const service = await startService(t);
  const { call, db } = service;
  const { id, push } = await pushedSource(service, {
    name: 'meta',
    kind: 'meta',
    secret: 'app-secret',
    credentials: { access_token: 'token-demo', verify_token: 'verify-demo' },
  });
  await call('POST', `/v1/sources/${id}/recordings`, { body: { count: 1 } });
  const value = { leadgen_id: '444444444', page_id: '1', form_id: '2', created_time: 1775959140 };
  await push({ object: 'page', entry: [{ id: '1', time: 1775959140, changes: [{ field: 'leadgen', value }] }] });
  await call('POST', `/v1/sources/${id}/pause`);
  const kept = await call('POST', `/v1/sources/${id}/replay`, { body: { from: 'recordings' } });
  t.match(kept.body, { results: { quarantined: 1 } }, kept.text);
  await call('POST', `/v1/sources/${id}/resume`);
  const entry = await only(service);
  t.match(await retry(service, entry.id), { status: 202, body: { decision: 'parked' } });
  t.match(await db.selectFrom('lead_fetch').select(['external_id', 'state']).execute(), [{ external_id: '444444444' }]);
});

t.test('what was unmappable, read by other settings: its own id and moment, and sent again it is known', async (t) => {
  const service = await startService(t);
  const platform = { scheme: 'none', delivery_id: 'body:push_id', external_id: 'header:x-lead', records: 'data' };
  const { id, push } = await pushedSource(service, { name: 'g', kind: 'generic', settings: { platform } });
  const lead = { phone: '13800138001', name: '李四', occurred_at: '2026-04-12T09:59:00+08:00' };
  const body = { push_id: 'p-1', result: { rows: [lead] } };
  await push({ ...body, data: 'none' });
  const entry = await only(service);
  t.equal(entry.code, 'unmappable');
  await patch(service, id, { platform: { ...platform, records: 'result.rows' } });
  const released = await retry(service, entry.id);
  t.match(released, { status: 201, body: { decision: 'created' } }, released.text);
  t.match(await stored(service, released.body.submission_id), { occurred_at: Date.parse('2026-04-12T09:59:00+08:00') });
  const receipts = await service.db.selectFrom('receipt').select(['kind', 'key']).where('source_id', '=', id).execute();
  t.ok(
    receipts.some(({ kind, key }) => kind === 'delivery' && key === 'p-1'),
    JSON.stringify(receipts),
  );
});

t.test('an id that came in a header stays, though headers are not kept', async (t) => {
  const service = await startService(t);
  const platform = { scheme: 'none', external_id: 'header:x-lead' };
  const { push } = await pushedSource(service, { name: 'g', kind: 'generic', settings: { platform } });
  await push({ phone: '12345', name: '李四' }, { headers: { 'x-lead': 'h-1' } });
  const entry = await only(service);
  const released = await retry(service, entry.id, { person: { phone: '13800138001' } });
  t.match(released, { status: 201, body: { decision: 'created' } }, released.text);
  t.match(await stored(service, released.body.submission_id), { external_id: 'h-1' });
});

t.test('a form that was thought to be a bot’s is released by a retry, with what its address said', async (t) => {
  const service = await startService(t);
  const { call } = service;
  const { body: source } = await call('POST', '/v1/sources', {
    body: { name: 'page', kind: 'form', settings: { form: { honeypot: 'fax' } } },
  });
  await call('POST', `/v1/sources/${source.id}/recordings`, { body: { count: 1 } });
  const sent = { name: '张三', phone: '13800138001', fax: 'x' };
  await call('POST', `${source.address}?utm_source=baidu`, { key: null, body: sent });
  const entry = await only(service);
  t.equal(entry.code, 'suspected_bot');
  const recordings = { from: 'recordings' };
  t.match((await call('POST', `/v1/sources/${source.id}/replay`, { body: recordings })).body, {
    items: [{ results: ['refused'], code: 'suspected_bot' }],
  });
  t.match((await call('POST', `/v1/sources/${source.id}/replay`, { body: { from: 'quarantine' } })).body, { count: 0 });
  const released = await retry(service, entry.id);
  t.match(released, { status: 201, body: { decision: 'created' } }, released.text);
  t.match(await stored(service, released.body.submission_id), {
    fields: { person: { name: '张三' }, traffic: { utm_source: 'baidu' } },
  });
});

t.test('a fetched lead is read again from what the platform answered', async (t) => {
  const thin = await startThin(t);
  const { service } = thin;
  const source = await thin.makeSource('meta');
  thin.platform.answer((_, response) => answerJson(response, 200, metaLead('77', null, { frage_7: '13800138002' })));
  await source.push('77');
  await thin.round();
  const entry = await only(service);
  t.equal(entry.code, 'phone_empty');
  t.match(await retry(service, entry.id), { status: 422, body: { code: 'phone_empty' } }, 'it waits for nothing more');
  t.match(await retry(service, entry.id, { person: { company: '示例公司' } }), { body: { code: 'phone_empty' } });
  const next = await only(service);
  await patch(service, source.id, {
    api_base: thin.platform.url,
    field_map: { fields: { 'person.phone': { label: 'frage_7' } } },
  });
  t.match(await retry(service, next.id), { body: { code: 'phone_empty' } }, 'corrected by hand, its map is over');
  const released = await retry(service, next.id, { person: { phone: '13800138002' } });
  t.match(released, { status: 201, body: { decision: 'created' } });
  t.match(await stored(service, released.body.submission_id), {
    external_id: '77',
    fields: { person: { name: '测试甲', company: '示例公司' }, traffic: { campaign_name: '六月' } },
  });
});

t.test('another map reads a fetched lead, too', async (t) => {
  const thin = await startThin(t);
  const { service } = thin;
  const source = await thin.makeSource('meta');
  thin.platform.answer((_, response) => answerJson(response, 200, metaLead('78', null, { frage_7: '13800138002' })));
  await source.push('78');
  await thin.round();
  const entry = await only(service);
  await patch(service, source.id, {
    api_base: thin.platform.url,
    field_map: { fields: { 'person.phone': { label: 'frage_7' } } },
  });
  t.match(await retry(service, entry.id), { status: 201, body: { decision: 'created' } });
});
