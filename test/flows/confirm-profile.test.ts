import t from 'tap';
import { day, P, startWorking, type Working } from '../helpers/working.ts';

async function etagOf(s: Working, id: string): Promise<string> {
  return (await s.call('GET', `/v1/customers/${id}`)).headers['etag'] as string;
}

async function patch(s: Working, id: string, body: object, version?: string) {
  return s.call('PATCH', `/v1/customers/${id}`, { body, headers: { 'if-match': version ?? (await etagOf(s, id)) } });
}

t.test('scenario 25: what an adviser confirmed beats what a form says later', async (t) => {
  const s = await startWorking(t);
  const { customer_id, lead_id } = await s.capture1(P, { occurred_at: day(12, 1) }, { name: '王' });
  const done = await patch(s, customer_id, { name: '王芳' });
  t.match(done, { status: 200, body: { customer_id, confirmed: ['name'], changed: ['name'] } });
  t.equal(done.headers['etag'], `"${done.body.version}"`);
  await s.capture1(P, { channel: 'xhs', occurred_at: day(12, 5) }, { name: '微信用户8823', company: '某某科技' });
  const { profile } = await s.get(`/v1/customers/${customer_id}`);
  t.match(profile, { name: { value: '王芳' }, company: { value: '某某科技' } });
  const told = (await s.eventsOf(lead_id)).find(({ type }) => type === 'lead.profile_changed');
  t.strictSame(told?.data, { confirmed: ['name'], changed: ['name'] });
  t.notMatch(JSON.stringify(await s.eventsOf(lead_id)), '王芳');
});

t.test('If-Match is needed and must be what was read', async (t) => {
  const s = await startWorking(t);
  const { customer_id } = await s.capture1(P);
  const path = `/v1/customers/${customer_id}`;
  const read = await etagOf(s, customer_id);
  t.match(await s.call('PATCH', path, { body: { name: 'x' } }), { status: 428, body: { code: 'version_required' } });
  t.match(await patch(s, customer_id, { name: 'x' }, '"999"'), { status: 412, body: { code: 'version_conflict' } });
  t.match(await patch(s, customer_id, { name: 'x' }, 'three'), { status: 400, body: { code: 'header_invalid' } });
  t.equal((await patch(s, customer_id, { name: '王芳' }, read)).status, 200);
  t.equal((await patch(s, customer_id, { name: '李强' }, read)).status, 412, 'a lost update is refused');
  const both = await etagOf(s, customer_id);
  const replies = await Promise.all(['a', 'b', 'c'].map((company) => patch(s, customer_id, { company }, both)));
  t.strictSame(replies.map(({ status }) => status).sort(), [200, 412, 412]);
});

t.test('the same again changes nothing; blanks neither; unknown fields are refused', async (t) => {
  const s = await startWorking(t);
  const { customer_id, lead_id } = await s.capture1(P);
  const first = await patch(s, customer_id, { name: '王芳', city: '杭州' });
  const again = await patch(s, customer_id, { name: ' 王芳 ', city: '杭州', company: '  ' });
  t.equal(again.body.version, first.body.version);
  t.strictSame(again.body.confirmed, []);
  t.equal((await s.eventsOf(lead_id)).filter(({ type }) => type === 'lead.profile_changed').length, 1);
  t.match(await patch(s, customer_id, { phone: P }), {
    status: 422,
    body: { errors: [{ path: '/phone', code: 'unknown_field' }] },
  });
  t.match(await patch(s, customer_id, { clear: ['phone'] }), { status: 422 });
});

t.test('what is taken back is gone until the customer states it anew', async (t) => {
  const s = await startWorking(t);
  const at = (time: string) => s.setClock(Date.parse(time));
  at(day(12, 1));
  const { customer_id } = await s.capture1(P, {}, { company: '旧公司', province: '浙江', city: '杭州' });
  at(day(12, 2));
  t.strictSame((await patch(s, customer_id, { clear: ['company', 'address'] })).body.changed, ['company', 'address']);
  const cleared = (await s.get(`/v1/customers/${customer_id}`)).profile;
  t.strictSame([cleared.company.value, cleared.address.city], [null, null]);
  await s.capture1(P, { channel: 'late', occurred_at: day(11, 30) }, { company: '更旧的公司' });
  t.equal(
    (await s.get(`/v1/customers/${customer_id}`)).profile.company.value,
    null,
    'an older statement does not bring it back',
  );
  at(day(12, 3));
  await s.capture1(P, { channel: 'xhs' }, { company: '新公司', city: '宁波' });
  const anew = (await s.get(`/v1/customers/${customer_id}`)).profile;
  t.strictSame([anew.company.value, anew.address.city], ['新公司', '宁波']);
});

t.test('the address is one block: a part that changes takes those below it away', async (t) => {
  const s = await startWorking(t);
  const { customer_id } = await s.capture1(
    P,
    {},
    { province: '浙江', city: '杭州', district: '西湖区', street: '文三路 1 号' },
  );
  const address = async (body: object) => {
    await patch(s, customer_id, body);
    const { province, city, district, street } = (
      await s.get(`/v1/leads/${(await s.get(`/v1/customers/${customer_id}`)).leads[0].id}`)
    ).person;
    return [province, city, district, street];
  };
  t.strictSame((await address({ district: '西湖区' })).slice(0, 3), ['浙江', '杭州', '西湖区']);
  t.strictSame(await address({ city: '宁波' }), ['浙江', '宁波', null, null]);
  t.strictSame(await address({ province: '江苏' }), ['江苏', null, null, null], 'never 江苏/宁波');
  t.strictSame(await address({ city: '南京', district: '玄武区' }), ['江苏', '南京', '玄武区', null]);
});

t.test('a bound key confirms for its own customers only; without an open lead the customer tells', async (t) => {
  const s = await startWorking(t);
  const { customer_id, lead_id } = await s.capture1(P, { store: 'S1' });
  const { secret } = await s.makeKey({ scopes: ['leads:write'], stores: ['S2'] });
  const headers = { 'if-match': await etagOf(s, customer_id) };
  t.match(await s.call('PATCH', `/v1/customers/${customer_id}`, { body: { name: 'x' }, headers, key: secret }), {
    status: 403,
    body: { code: 'other_store' },
  });
  await s.post(`/v1/leads/${lead_id}/state`, { state: 'lost', reason: 'x' });
  t.equal((await patch(s, customer_id, { name: '王芳' })).status, 200);
  const told = await s.db.selectFrom('event').selectAll().where('type', '=', 'lead.profile_changed').execute();
  t.match(told, [{ subject_kind: 'customer', subject_id: customer_id, lead_id: null, sequence: null }]);
});
