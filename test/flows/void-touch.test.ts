import t from 'tap';
import { day, P, startWorking } from '../helpers/working.ts';

t.test('scenario 110: a voided touch counts no more: values, sources and counts go on without it', async (t) => {
  const s = await startWorking(t);
  const first = await s.capture1(P, { occurred_at: day(6, 1), campaign: { id: 'C1' } }, { name: '王芳' });
  const middle = await s.capture1(
    P,
    { channel: 'xhs', occurred_at: day(6, 2), campaign: { id: 'C2' } },
    { company: '测试公司', tags: ['x'] },
  );
  const last = await s.capture1(P, { channel: 'search', occurred_at: day(6, 3) }, { name: '王小芳' });
  await s.post(`/v1/leads/${first.lead_id}/state`, { state: 'following', occurred_at: day(6, 4) });
  const path = (id: string) => `/v1/touches/${id}/void`;
  t.match(await s.post(path(middle.touch_id), { reason: 'test_data' }), { changed: true, lead_id: first.lead_id });
  t.match(await s.post(path(middle.touch_id), { reason: 'other' }), { changed: false });
  const customer = await s.get(`/v1/customers/${first.customer_id}`);
  t.equal(customer.profile.company.value, null);
  t.strictSame(customer.profile.tags, []);
  t.equal(customer.touch_count, 2);
  await s.post(path(last.touch_id), { reason: 'test_data' });
  const lead = await s.get(`/v1/leads/${first.lead_id}`);
  t.match(lead, {
    state: 'following',
    touch_count: 1,
    first_source: { channel: 'douyin', campaign_id: 'C1' },
    last_source: { channel: 'douyin' },
    person: { name: '王芳' },
  });
  const [row] = await s.db
    .selectFrom('touch')
    .select(['void_reason', 'voided_at'])
    .where('id', '=', middle.touch_id)
    .execute();
  t.equal(row?.void_reason, 'test_data');
  t.equal((await s.eventsOf(first.lead_id)).filter(({ type }) => type === 'touch.voided').length, 2);
  await s.post(path(first.touch_id), { reason: 'test_data' });
  t.match(
    await s.get(`/v1/leads/${first.lead_id}`),
    { state: 'following', touch_count: 0, first_source: null },
    'no state is reversed',
  );
});

t.test('what was noise of a voided touch can be a touch again; only ops may void', async (t) => {
  const s = await startWorking(t);
  const body = { channel: 'douyin', person: { phone: P }, occurred_at: day(6, 1) };
  const first = await s.post('/v1/leads', body);
  t.equal((await s.post('/v1/leads', { ...body, occurred_at: day(6, 1, '12:01:00') })).decision, 'noise');
  const { secret } = await s.makeKey({ scopes: ['leads:write', 'admin'] });
  const path = `/v1/touches/${first.touch_id}/void`;
  t.match(await s.call('POST', path, { body: { reason: 'x' }, key: secret }), { status: 403 });
  t.match(await s.call('POST', path, { body: {} }), { status: 422 });
  await s.post(path, { reason: 'x' });
  t.equal((await s.post('/v1/leads', { ...body, occurred_at: day(6, 1, '12:02:00') })).decision, 'merged');
  t.match(await s.call('POST', '/v1/touches/00000000-0000-7000-8000-000000000000/void', { body: { reason: 'x' } }), {
    status: 404,
  });
});
