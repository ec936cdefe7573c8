import t from 'tap';
import { type Stage, stage } from '../helpers/stage.ts';

t.test('scenario 22: a duplicate across stores', async (t) => {
  const s = await stage(t);
  const first = await s.capture('douyin', '13800138000', { store: 'S1', owner: 'A1' });
  const second = await s.capture('xhs', '13800138000', { store: 'S2' });
  t.equal(second.body.decision, 'merged');
  t.equal(second.body.lead_id, first.body.lead_id, 'no new lead');
  t.equal(second.body.owner.adviser, 'A1', 'the owner stays');
  const s2 = await s.service.makeKey({ scopes: ['leads:read', 'pii:read'], stores: ['S2'] });
  const seen = await s.get(`/v1/leads/${first.body.lead_id}`, s2.secret);
  t.strictSame(
    seen.body,
    { id: first.body.lead_id, exists: true, phone: '138****8000' },
    'S2 learns that a lead exists',
  );
  const events = await s.get(`/v1/leads/${first.body.lead_id}/events`);
  t.strictSame(
    events.body.items.map((event: { type: string; sequence: number }) => `${event.sequence} ${event.type}`).sort(),
    ['1 lead.created', '2 lead.touched'],
  );
});

t.test('scenario 23: the first source survives', async (t) => {
  const s = await stage(t, '2026-06-20');
  const first = await s.capture('douyin', '13800138000', { at: '2026-06-01', campaign: { id: 'C1' } });
  await s.capture('search', '13800138000', { at: '2026-06-05', campaign: { id: 'C2' } });
  const lead = (await s.get(`/v1/leads/${first.body.lead_id}`)).body;
  t.match(lead.first_source, { channel: 'douyin', campaign_id: 'C1' });
  t.match(lead.last_source, { channel: 'search', campaign_id: 'C2' });
  t.equal((await s.get(`/v1/leads/${first.body.lead_id}/touches`)).body.items.length, 2);
  await s.capture('event', '13800138000', { at: '2026-05-20', campaign: { id: 'C0' } });
  t.match((await s.get(`/v1/leads/${first.body.lead_id}`)).body.first_source, { channel: 'event', campaign_id: 'C0' });
});

t.test('scenario 25: confirmed beats newer', async (t) => {
  const s = await stage(t);
  const first = await s.capture('douyin', '13800138000', { person: { name: '小王' } });
  const id = first.body.customer_id;
  const { version } = (await s.get(`/v1/customers/${id}`)).body;
  const patched = await s.service.call('PATCH', `/v1/customers/${id}`, {
    body: { name: '王芳' },
    headers: { 'if-match': `"${version}"` },
  });
  t.equal(patched.status, 200);
  await s.capture('xhs', '13800138000', { person: { name: '微信用户8823' } });
  await s.capture('event', '13800138000', { person: { name: '李强' } });
  t.equal((await s.get(`/v1/customers/${id}`)).body.profile.name.value, '王芳');
});

t.test('scenario 26: the address as a block', async (t) => {
  const s = await stage(t);
  const full = { province: '浙江', city: '杭州', district: '西湖区' };
  const first = await s.capture('douyin', '13800138000', { person: full });
  await s.capture('xhs', '13800138000', { person: { province: '江苏' } });
  t.match((await s.get(`/v1/customers/${first.body.customer_id}`)).body.profile.address, full);
});

/** Scenario 28's two leads, merged. */
async function twoMerged(s: Stage) {
  const one = await s.capture('douyin', '13800138000', {
    at: '2026-06-01',
    store: 'S1',
    owner: 'A1',
    person: { name: '王芳' },
  });
  await s.post(`/v1/leads/${one.body.lead_id}/state`, { state: 'following', occurred_at: '2026-06-02T12:00:00+08:00' });
  const two = await s.capture('xhs', '13900139000', {
    at: '2026-06-03',
    store: 'S2',
    owner: 'B1',
    person: { name: '王小芳' },
  });
  const merged = await s.post(`/v1/customers/${one.body.customer_id}/merge`, {
    customer_id: two.body.customer_id,
    reason: 'the same person',
  });
  return { one: one.body, two: two.body, merged };
}

t.test('scenario 28: a manual merge of two open leads', async (t) => {
  const s = await stage(t, '2026-06-10');
  const { one, two, merged } = await twoMerged(s);
  t.equal(merged.status, 200);
  t.ok(merged.body.merge_id);
  const lead = (await s.get(`/v1/leads/${two.lead_id}`)).body;
  t.equal(lead.id, one.lead_id, 'lead 2 resolves to lead 1');
  t.equal(lead.owner, 'A1');
  t.equal(lead.touch_count, 2, 'all touches are kept');
  t.equal((await s.get(`/v1/customers/${two.customer_id}`)).body.id, one.customer_id);
  const later = await s.capture('event', '13900139000');
  t.equal(later.body.lead_id, one.lead_id, 'later touches of either phone come to the survivor');
});

t.test('scenario 30: unmerge', async (t) => {
  const s = await stage(t, '2026-06-10');
  const { one, two, merged } = await twoMerged(s);
  const byFirst = await s.capture('event', '13800138000', { at: '2026-06-08' });
  const bySecond = await s.capture('event', '13900139000', { at: '2026-06-09' });
  t.equal(bySecond.body.lead_id, one.lead_id);
  const undone = await s.post(`/v1/customers/${one.customer_id}/unmerge`, { merge_id: merged.body.merge_id });
  t.equal(undone.status, 200);
  const touchesOf = async (id: string): Promise<string[]> =>
    (await s.get(`/v1/leads/${id}/touches`)).body.items.map((touch: { id: string }) => touch.id).sort();
  t.strictSame(await touchesOf(one.lead_id), [one.touch_id, byFirst.body.touch_id].sort());
  t.strictSame(await touchesOf(two.lead_id), [two.touch_id, bySecond.body.touch_id].sort());
  const [left, right] = [
    (await s.get(`/v1/leads/${one.lead_id}`)).body,
    (await s.get(`/v1/leads/${two.lead_id}`)).body,
  ];
  t.match(left, { owner: 'A1', state: 'following', customer_id: one.customer_id, touch_count: 2 });
  t.match(right, { owner: 'B1', state: 'assigned', customer_id: two.customer_id, touch_count: 2 });
  t.equal((await s.get(`/v1/customers/${two.customer_id}`)).body.profile.name.value, '王小芳');
});
