import t from 'tap';
import { stage } from '../helpers/stage.ts';

t.test('scenario 1: many notations, one person', async (t) => {
  const s = await stage(t, '2026-06-20');
  const typed = [
    '13800138000',
    '+86 138-0013-8000',
    '008613800138000',
    '86 13800138000',
    '１３８００１３８０００',
    '138 0013 8000\u200b',
    '013800138000',
  ];
  const answers = [];
  for (const [day, phone] of typed.entries())
    answers.push(await s.capture('douyin', phone, { at: `2026-06-0${day + 1}` }));
  t.strictSame(
    answers.map((answer) => answer.body.decision),
    ['created', 'merged', 'merged', 'merged', 'merged', 'merged', 'merged'],
  );
  t.equal(await s.count('customer'), 1);
  t.equal(await s.count('lead'), 1);
  t.equal(await s.count('touch'), 7);
  const found = await s.service.call('GET', `/v1/leads/${answers[0]?.body.lead_id}/touches`, {
    headers: { 'access-reason': 'a test of notations' },
  });
  const shown = found.body.items.map((touch: { phone_typed: string }) => touch.phone_typed);
  t.strictSame(new Set(shown), new Set(typed), 'each touch still shows the text as typed');
  const search = await s.post('/v1/customers/search', { phone: '138 0013 8000' });
  t.equal(search.body.items.length, 1);
  t.equal(search.body.items[0].identities[0].kind, 'phone');
});

t.test('scenario 2: spreadsheet damage, as far as it needs no file', async (t) => {
  const s = await stage(t);
  const damaged = await s.capture('event', '1.38001E+10');
  t.equal(damaged.status, 422);
  t.equal(damaged.body.code, 'phone_scientific_notation');
  const whole = await s.capture('event', '13800138000.0');
  t.equal(whole.body.decision, 'created');
  const plain = await s.capture('douyin', '13800138000');
  t.equal(plain.body.lead_id, whole.body.lead_id);
  t.equal(await s.count('lead'), 1, 'no digit was guessed');
});

t.test('scenario 4: a privacy relay number is nobody', async (t) => {
  const s = await stage(t, '2026-08-01');
  const relay = { phone_kind: 'relay' };
  const first = await s.capture('douyin', '95013123456789', { external_id: 'D1', at: '2026-06-01', person: relay });
  const second = await s.capture('douyin', '95013123456789', { external_id: 'D2', at: '2026-07-01', person: relay });
  t.equal(first.body.decision, 'created');
  t.equal(second.body.decision, 'created');
  t.not(first.body.customer_id, second.body.customer_id, 'two customers');
  const identities = await s.service.db.selectFrom('identity').select(['kind', 'value']).execute();
  t.strictSame(identities.map(({ kind, value }) => `${kind} ${value}`).sort(), [
    'platform_lead D1',
    'platform_lead D2',
  ]);
});

t.test('scenario 5: a fixed line with its extension', async (t) => {
  const s = await stage(t);
  const one = await s.capture('search', '010-62345678 转 101');
  const two = await s.capture('search', '010-62345678 转 102');
  const again = await s.capture('event', '010-62345678 转 101');
  t.not(one.body.customer_id, two.body.customer_id);
  t.equal(again.body.customer_id, one.body.customer_id);
  t.equal(again.body.decision, 'merged');
});

t.test('scenario 7: impossible numbers wait, and a corrected one runs once', async (t) => {
  const s = await stage(t);
  const answers = [];
  for (const phone of ['11111111111', '12345', 'abc']) answers.push(await s.capture('event', phone));
  t.strictSame(
    answers.map((answer) => `${answer.status} ${answer.body.code}`),
    ['422 phone_invalid', '422 phone_invalid', '422 phone_invalid'],
  );
  t.equal(await s.count('submission'), 3, 'received 3');
  t.equal(await s.count('lead'), 0, 'leads 0');
  const waiting = await s.get('/v1/quarantine?state=open');
  t.equal(waiting.body.items.length, 3, 'quarantined 3');
  const id = answers[1]?.body.quarantine_id;
  const retried = await s.post(`/v1/quarantine/${id}/retry`, { corrections: { person: { phone: '13800138000' } } });
  t.equal(retried.body.decision, 'created');
  const again = await s.post(`/v1/quarantine/${id}/retry`, { corrections: { person: { phone: '13800138000' } } });
  t.equal(again.status, 409, 'once');
  t.equal(await s.count('lead'), 1);
  t.equal((await s.get('/v1/quarantine?state=open')).body.items.length, 2);
});

t.test('scenario 8: no phone, WeChat only', async (t) => {
  const s = await stage(t);
  const wecom = { corp_id: 'corp1', external_user_id: 'wmW' };
  const first = await s.post('/v1/leads', { channel: 'wecom', person: { wecom } });
  t.equal(first.body.decision, 'created');
  const second = await s.capture('wecom', '13800138000', { person: { wecom, name: '王芳' } });
  t.equal(second.body.customer_id, first.body.customer_id, 'one customer holds both');
  const third = await s.capture('douyin', '13800138000');
  t.equal(third.body.lead_id, first.body.lead_id, 'the same lead');
  t.strictSame(
    (await s.get(`/v1/customers/${first.body.customer_id}`)).body.identities.map((one: { kind: string }) => one.kind),
    ['phone', 'wecom'],
  );
});

t.test('two customers that collide raise a suggestion, never a merge', async (t) => {
  const s = await stage(t);
  const one = await s.capture('douyin', '13800138000', { person: { wechat: 'wx_one11' } });
  const two = await s.capture('douyin', '13900139000', { person: { wechat: 'wx_two22' } });
  const both = await s.capture('xhs', '13800138000', { person: { wechat: 'wx_two22' } });
  t.equal(both.body.customer_id, one.body.customer_id, 'phone outranks');
  const third = await s.capture('xhs', '13700137000', { person: { wechat: 'wx_one11' } });
  t.not(third.body.customer_id, one.body.customer_id, 'a new phone is a new person, whatever WeChat says');
  const { body } = await s.get('/v1/reviews?kind=merge');
  t.equal(body.items.length, 2);
  t.equal(await s.count('customer'), 3);
  t.ok(two.body.customer_id);
});

t.test('scenario 10: a family phone', async (t) => {
  const s = await stage(t, '2026-08-01');
  const first = await s.capture('douyin', '13800138000', {
    at: '2025-05-01',
    person: { name: '王芳' },
    store: 'S1',
    owner: 'A1',
  });
  const lead = first.body.lead_id;
  await s.post(`/v1/leads/${lead}/state`, { state: 'following', occurred_at: '2025-05-10T12:00:00+08:00' });
  const won = await s.post(`/v1/leads/${lead}/state`, {
    state: 'won',
    amount: 1_000_000,
    currency: 'CNY',
    occurred_at: '2025-06-01T12:00:00+08:00',
  });
  t.equal(won.status, 200);
  const other = await s.capture('xhs', '13800138000', { person: { name: '李强' } });
  t.equal(other.body.decision, 'repurchase');
  t.equal(other.body.owner.adviser, 'A1', 'still for the old closer');
  t.match((await s.get(`/v1/leads/${other.body.lead_id}`)).body.flags, ['possible_number_reuse']);
  t.equal((await s.get('/v1/reviews?kind=possible_number_reuse')).body.items.length, 1);
  const split = await s.post(`/v1/customers/${first.body.customer_id}/split`, {
    touch_id: other.body.touch_id,
    reason: 'resold number',
  });
  t.equal(split.status, 201);
  const moved = (await s.get(`/v1/leads/${other.body.lead_id}`)).body;
  t.not(moved.customer_id, first.body.customer_id, 'the new touch and lead have a customer of their own');
  const before = (await s.get(`/v1/leads/${lead}`)).body;
  t.equal(before.state, 'won');
  t.equal(before.deals[0].net_amount, 1_000_000, 'the old deal is untouched');
  t.equal((await s.get(`/v1/customers/${first.body.customer_id}`)).body.profile.name.value, '王芳');
});
