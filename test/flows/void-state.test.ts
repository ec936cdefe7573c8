import t from 'tap';
import { day, P, startWorking } from '../helpers/working.ts';

t.test('a win taken back returns the lead to what it was, and negates what was left of the deal', async (t) => {
  const s = await startWorking(t);
  const { lead_id } = await s.capture1(P, { occurred_at: day(6, 1), owner: 'A1', store: 'S1' });
  await s.post(`/v1/leads/${lead_id}/state`, { state: 'following', occurred_at: day(6, 2) });
  const { deal_id } = await s.post(`/v1/leads/${lead_id}/state`, {
    state: 'won',
    amount: 1000,
    currency: 'CNY',
    occurred_at: day(6, 3),
  });
  await s.post(`/v1/deals/${deal_id}/refunds`, { amount: 300, reason: 'part', occurred_at: day(6, 4) });
  t.match(await s.call('POST', `/v1/leads/${lead_id}/state/void`, { body: {} }), {
    status: 422,
    body: { errors: [{ path: '/reason' }] },
  });
  t.match(await s.call('POST', `/v1/leads/${lead_id}/state/void`, { body: { reason: 'x', occurred_at: day(6, 2) } }), {
    status: 409,
    body: { code: 'out_of_order' },
  });
  const back = await s.post(`/v1/leads/${lead_id}/state/void`, {
    reason: 'typed into the wrong lead',
    occurred_at: day(6, 5),
  });
  t.match(back, { state: 'following', closed_at: null, closer: null, closer_store: null, deal_id: null, owner: 'A1' });
  const { items } = await s.get(`/v1/leads/${lead_id}/deals`);
  t.match(items, [
    { kind: 'won', amount: 1000, net_amount: 0 },
    { kind: 'refund', amount: -300, of_deal: deal_id },
    { kind: 'void', amount: -700, of_deal: deal_id, reason: 'typed into the wrong lead' },
  ]);
  const told = await s.eventsOf(lead_id);
  t.match(told.slice(-2), [
    { type: 'lead.state_changed', data: { from: 'won', to: 'following' } },
    { type: 'deal.refunded', data: { kind: 'void', amount: -700, left: 0, deal_id } },
  ]);
  t.match(await s.call('POST', `/v1/deals/${deal_id}/refunds`, { body: { amount: 1, reason: 'x' } }), {
    status: 409,
    body: { left: 0 },
  });
  t.match(await s.call('POST', `/v1/leads/${lead_id}/state/void`, { body: { reason: 'again' } }), {
    status: 409,
    body: { code: 'state_conflict', allowed: ['won', 'lost', 'dormant', 'invalid'] },
  });
  const rewon = await s.post(`/v1/leads/${lead_id}/state`, {
    state: 'won',
    amount: 900,
    currency: 'CNY',
    occurred_at: day(6, 6),
  });
  t.not(rewon.deal_id, deal_id);
});

t.test('a lead that slept before it was lost sleeps again as it did', async (t) => {
  const s = await startWorking(t);
  const { lead_id } = await s.capture1(P, { occurred_at: day(6, 1) });
  await s.post(`/v1/leads/${lead_id}/state`, { state: 'dormant', reason: 'abroad', occurred_at: day(6, 2) });
  await s.post(`/v1/leads/${lead_id}/state`, { state: 'lost', reason: 'moved', occurred_at: day(6, 3) });
  const back = await s.post(`/v1/leads/${lead_id}/state/void`, { reason: 'mistake', occurred_at: day(6, 4) });
  t.match(back, { state: 'dormant', reason: 'abroad', dormant_by: 'adviser', closed_at: '2026-06-02T04:00:00.000Z' });
});

t.test('a lead won out of its automatic sleep is awake after a void: while it was won it was not idle', async (t) => {
  const s = await startWorking(t);
  const { lead_id } = await s.capture1(P, { occurred_at: day(1, 1), owner: 'A1' });
  await s.post(`/v1/leads/${lead_id}/state`, { state: 'won', amount: 1, currency: 'CNY', occurred_at: day(6, 3) });
  const back = await s.post(`/v1/leads/${lead_id}/state/void`, { reason: 'mistake', occurred_at: day(9, 1) });
  t.match(back, { state: 'assigned', closed_at: null });
  t.equal((await s.capture1(P, { channel: 'xhs', occurred_at: day(9, 20) })).decision, 'merged');
});

t.test('only ops may', async (t) => {
  const s = await startWorking(t);
  const { secret } = await s.makeKey({ scopes: ['leads:write', 'leads:read', 'admin'] });
  const { lead_id } = await s.capture1(P);
  const reply = await s.call('POST', `/v1/leads/${lead_id}/state/void`, { body: { reason: 'x' }, key: secret });
  t.match(reply, { status: 403, body: { code: 'scope_missing' } });
});
