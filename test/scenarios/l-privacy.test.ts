import t from 'tap';
import { stage } from '../helpers/stage.ts';

const PHONE = '13812345670';

t.test('scenario 147: masking, and a full read is audited with its reason', async (t) => {
  const s = await stage(t);
  const { lead_id } = (await s.capture('douyin', PHONE)).body;
  const plain = await s.service.makeKey({ scopes: ['leads:read'] });
  const trusted = await s.service.makeKey({ scopes: ['leads:read', 'pii:read'] });
  t.equal((await s.get(`/v1/leads/${lead_id}`, plain.secret)).body.phone, '138****5670');
  const full = await s.service.call('GET', `/v1/leads/${lead_id}`, {
    key: trusted.secret,
    headers: { 'access-reason': 'call back' },
  });
  t.equal(full.body.phone, `+86${PHONE}`);
  const { items } = (await s.get('/v1/audit')).body;
  const entry = items.find((one: { action: string }) => one.action === 'phone.read');
  t.equal(entry.reason, 'call back');
});

t.test('scenario 148: one call tells the whole chain, and nothing can change it', async (t) => {
  const s = await stage(t);
  const { lead_id } = (await s.capture('douyin', PHONE, { owner: 'A1', store: 'S1' })).body;
  await s.post(`/v1/leads/${lead_id}/state`, { state: 'following' });
  await s.post(`/v1/leads/${lead_id}/state`, { state: 'won', amount: 100, currency: 'CNY' });
  const { items } = (await s.get(`/v1/leads/${lead_id}/events`)).body;
  t.strictSame(items.map((event: { type: string }) => event.type).sort(), [
    'deal.recorded',
    'lead.created',
    'lead.state_changed',
    'lead.state_changed',
  ]);
  for (const event of items) {
    t.ok(
      event.actor && event.occurred_at && event.recorded_at && event.request_id,
      `${event.type}: who, when, which request`,
    );
  }
  const created = items.find((event: { type: string }) => event.type === 'lead.created');
  t.match(created, { rule: 'created.no_lead_in_scope', submission: { decision: 'created' } });
  t.type(created.policy_version, 'number');
  for (const method of ['PUT', 'PATCH', 'DELETE']) {
    const answer = await s.service.call(method, `/v1/leads/${lead_id}/events`, { body: {} });
    t.ok([404, 405].includes(answer.status), `${method} is not offered`);
    const audit = await s.service.call(method, '/v1/audit', { body: {} });
    t.ok([404, 405].includes(audit.status), `${method} on the audit is not offered`);
  }
});

t.test('scenario 146: an erased person is gone from every answer, and comes back as somebody new', async (t) => {
  const s = await stage(t);
  const first = (await s.capture('douyin', PHONE, { person: { name: '王芳' } })).body;
  const erased = await s.post(`/v1/customers/${first.customer_id}/erase`, { reason: 'asked for it' });
  t.equal(erased.status, 200);
  t.equal((await s.get(`/v1/leads/${first.lead_id}`)).status, 410);
  const search = await s.post('/v1/customers/search', { phone: PHONE });
  t.strictSame(search.body.items, []);
  const again = (await s.capture('douyin', PHONE, { person: { name: '王芳' } })).body;
  t.equal(again.decision, 'created');
  t.not(again.customer_id, first.customer_id, 'a new customer with no link');
});
