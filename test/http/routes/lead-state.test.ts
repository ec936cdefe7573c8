import t from 'tap';
import { day, P, startWorking } from '../../helpers/working.ts';

t.test('scenario 39: a repurchase goes to whoever closed the deal, and the won lead stays as it is', async (t) => {
  const s = await startWorking(t);
  const first = await s.capture1(P, { occurred_at: day(4, 20), store: 'S1', owner: 'A2' });
  t.equal(first.decision, 'created');
  const won = await s.post(`/v1/leads/${first.lead_id}/state`, {
    state: 'won',
    amount: 18990000,
    currency: 'CNY',
    occurred_at: day(5, 1),
    won_at: day(5, 1),
  });
  t.match(won, {
    state: 'won',
    changed: true,
    closer: 'A2',
    closer_store: 'S1',
    closed_at: '2026-05-01T04:00:00.000Z',
  });
  const second = await s.capture1(P, { channel: 'xhs', occurred_at: day(8, 20), store: 'S2' });
  t.match(second, { decision: 'repurchase', owner: { adviser: 'A2', store: 'S1', reason: 'repurchase_sticky' } });
  t.not(second.lead_id, first.lead_id);
  const lead2 = await s.get(`/v1/leads/${second.lead_id}`);
  t.equal(lead2.repurchase_of, first.lead_id);
  const lead1 = await s.get(`/v1/leads/${first.lead_id}`);
  t.match(lead1, {
    state: 'won',
    deals: [{ id: won.deal_id, kind: 'won', amount: 18990000, closer: 'A2', store: 'S1' }],
  });
  t.equal(lead1.deals.length, 1);

  // scenario 43: another submission is merged into the repurchase
  const third = await s.capture1(P, { channel: 'search', occurred_at: day(8, 22) });
  t.match(third, { decision: 'merged', lead_id: second.lead_id });
  t.equal((await s.db.selectFrom('lead').selectAll().execute()).length, 2);
  const told = await s.eventsOf(first.lead_id);
  t.strictSame(
    told.map(({ type }) => type),
    ['lead.created', 'lead.state_changed', 'deal.recorded'],
  );
  t.strictSame(
    told.map(({ sequence }) => sequence),
    [1, 2, 3],
  );
  t.match(told[1]?.data, { from: 'assigned', to: 'won', reason: null });
});

t.test('scenario 45: after a loss there is a new lead, and the lost one stays lost', async (t) => {
  const s = await startWorking(t);
  const first = await s.capture1(P, { occurred_at: day(4, 20), store: 'S1' });
  const lost = await s.post(`/v1/leads/${first.lead_id}/state`, {
    state: 'lost',
    reason: 'bought a competitor',
    occurred_at: day(5, 1),
  });
  t.match(lost, { state: 'lost', reason: 'bought a competitor' });
  const second = await s.capture1(P, { channel: 'xhs', occurred_at: day(5, 20) });
  t.equal(second.decision, 'after_lost');
  t.equal((await s.get(`/v1/leads/${second.lead_id}`)).previous_lead, first.lead_id);
  t.match(await s.get(`/v1/leads/${first.lead_id}`), { state: 'lost', closed_at: '2026-05-01T04:00:00.000Z' });
  const told = (await s.eventsOf(first.lead_id)).at(-1);
  t.match(told, { type: 'lead.state_changed', data: { to: 'lost', reason: null } }, 'free text is in no event');
});

t.test('scenario 46: lost needs a reason, dormant does not, invalid one of its list, won an amount', async (t) => {
  const s = await startWorking(t);
  const { lead_id } = await s.capture1(P, { occurred_at: day(4, 20) });
  const path = `/v1/leads/${lead_id}/state`;
  const refused = async (body: object, at: string) => {
    const reply = await s.call('POST', path, { body });
    t.match(reply, { status: 422, body: { code: 'body_invalid', errors: [{ path: at }] } }, JSON.stringify(body));
  };
  await refused({ state: 'lost' }, '/reason');
  await refused({ state: 'lost', reason: '  ' }, '/reason');
  await refused({ state: 'invalid' }, '/reason');
  await refused({ state: 'invalid', reason: 'bought_competitor' }, '/reason');
  await refused({ state: 'won', currency: 'CNY' }, '/amount');
  await refused({ state: 'won', amount: 1 }, '/currency');
  await refused({ state: 'won', amount: -1, currency: 'CNY' }, '/amount');
  await refused({ state: 'won', amount: 1.5, currency: 'CNY' }, '/amount');
  await refused({ state: 'won', amount: 1, currency: 'XQX' }, '/currency');
  await refused({ state: 'following', amount: 1 }, '/amount');
  await refused({ state: 'following', reason: 'why' }, '/reason');
  await refused({ state: 'lost', reason: 'x', owner: 'A1' }, '/owner');
  await refused({ state: 'assigned' }, '/owner');
  await refused({ state: 'new' }, '/state');
  const reply = await s.call('POST', path, { body: { state: 'following', occurred_at: 'yesterday' } });
  t.match(reply, { status: 422, body: { code: 'date_invalid', errors: [{ path: '/occurred_at' }] } });
  t.equal((await s.get(`/v1/leads/${lead_id}`)).state, 'new', 'nothing was written');
  t.match(await s.post(path, { state: 'dormant', occurred_at: day(4, 21) }), {
    state: 'dormant',
    dormant_by: 'adviser',
  });
  const free = await s.capture1('13700137000', { occurred_at: day(4, 20) });
  t.match(await s.post(`/v1/leads/${free.lead_id}/state`, { state: 'won', amount: 0, currency: 'CNY' }), {
    state: 'won',
  });
});

t.test('scenario 48: an empty number stays invalid when the person submits again, and is reviewed', async (t) => {
  const s = await startWorking(t);
  const { lead_id } = await s.capture1(P, { occurred_at: day(4, 20) });
  await s.post(`/v1/leads/${lead_id}/state`, { state: 'invalid', reason: 'empty_number', occurred_at: day(4, 21) });
  const again = await s.capture1(P, { channel: 'xhs', occurred_at: day(4, 22) });
  t.match(again, { decision: 'merged', lead_id });
  t.match(await s.get(`/v1/leads/${lead_id}`), { state: 'invalid', reason: 'empty_number', touch_count: 2 });
  t.match(await s.get('/v1/reviews?kind=invalid_touched'), { items: [{ lead_id }] });
});

t.test('scenario 50: an invalid lead is corrected to following by hand', async (t) => {
  const s = await startWorking(t);
  const { lead_id } = await s.capture1(P, { occurred_at: day(6, 1) });
  const path = `/v1/leads/${lead_id}/state`;
  await s.post(path, { state: 'invalid', reason: 'empty_number', occurred_at: day(6, 3) });
  t.match(await s.call('POST', path, { body: { state: 'lost', reason: 'x' } }), {
    status: 409,
    body: { code: 'state_conflict', state: 'invalid', allowed: ['following'] },
  });
  const back = await s.post(path, { state: 'following', occurred_at: day(6, 5) });
  t.match(back, { state: 'following', closed_at: null, reason: null, cycle: 1 });
  const told = (await s.eventsOf(lead_id)).slice(1);
  t.match(told, [
    { data: { from: 'new', to: 'invalid', reason: 'empty_number' } },
    { data: { from: 'invalid', to: 'following' } },
  ]);
  const when = await s.db
    .selectFrom('event')
    .select('occurred_at')
    .where('lead_id', '=', lead_id)
    .orderBy('sequence')
    .execute();
  t.strictSame(
    when.slice(1).map((row) => row.occurred_at),
    [Date.parse(day(6, 3)), Date.parse(day(6, 5))],
  );
});
