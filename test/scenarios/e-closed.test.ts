import t from 'tap';
import { type Stage, stage } from '../helpers/stage.ts';

/** A lead of S1 that A2 won on 1 May. */
async function won(s: Stage): Promise<string> {
  const first = await s.capture('douyin', '13800138000', { at: '2026-04-01', store: 'S1', owner: 'A2' });
  const answer = await s.post(`/v1/leads/${first.body.lead_id}/state`, {
    state: 'won',
    amount: 18_990_000,
    currency: 'CNY',
    occurred_at: '2026-05-01T12:00:00+08:00',
  });
  if (answer.status !== 200) throw new Error(`not won: ${answer.status}`);
  return first.body.lead_id;
}

t.test('scenarios 39, 40 and 43: a repurchase goes to the closer, once', async (t) => {
  const s = await stage(t, '2026-08-22');
  const first = await won(s);
  const before = (await s.get(`/v1/leads/${first}`)).body;
  const again = await s.capture('xhs', '13800138000', { at: '2026-08-20', store: 'S2' });
  t.equal(again.status, 201);
  t.match(again.body, { decision: 'repurchase', owner: { adviser: 'A2', store: 'S1', reason: 'repurchase_sticky' } });
  t.equal((await s.get(`/v1/leads/${again.body.lead_id}`)).body.repurchase_of, first);
  const after = (await s.get(`/v1/leads/${first}`)).body;
  t.strictSame(after, before, 'lead 1 and its deal are untouched');
  const third = await s.capture('search', '13800138000', { at: '2026-08-22' });
  t.match(third.body, { decision: 'merged', lead_id: again.body.lead_id });
  t.equal(await s.count('lead'), 2, 'still two leads');
});

t.test('the latest won deal names the closer', async (t) => {
  const s = await stage(t, '2026-12-01');
  await won(s);
  const second = await s.capture('xhs', '13800138000', { at: '2026-06-01' });
  await s.post(`/v1/leads/${second.body.lead_id}/state`, {
    state: 'won',
    amount: 1,
    currency: 'CNY',
    closer: 'A9',
    occurred_at: '2026-07-01T12:00:00+08:00',
  });
  const third = await s.capture('xhs', '13800138000', { at: '2026-11-01' });
  t.match(third.body, { decision: 'repurchase', owner: { adviser: 'A9' } });
});

t.test('a touch from before the win is late, one at the same second too', async (t) => {
  const s = await stage(t, '2026-08-22');
  const first = await won(s);
  for (const at of ['2026-04-20 12:00:00', '2026-05-01 12:00:00']) {
    t.match((await s.capture('xhs', '13800138000', { at })).body, { decision: 'late', lead_id: first });
  }
  t.equal((await s.capture('search', '13800138000', { at: '2026-05-01 12:00:01' })).body.decision, 'repurchase');
});

t.test('scenario 45: after lost', async (t) => {
  const s = await stage(t, '2026-05-25');
  const first = await s.capture('douyin', '13800138000', { at: '2026-04-10', store: 'S1', owner: 'A1' });
  await s.post(`/v1/leads/${first.body.lead_id}/state`, {
    state: 'lost',
    reason: 'bought a competitor',
    occurred_at: '2026-05-01T12:00:00+08:00',
  });
  const again = await s.capture('xhs', '13800138000', { at: '2026-05-20', store: 'S2' });
  t.equal(again.status, 201);
  t.match(again.body, { decision: 'after_lost', owner: { adviser: null, store: 'S2', reason: 'pool' } });
  t.equal((await s.get(`/v1/leads/${again.body.lead_id}`)).body.previous_lead, first.body.lead_id);
  t.equal((await s.get(`/v1/leads/${first.body.lead_id}`)).body.state, 'lost', "May's lost stays lost");
});

t.test('scenario 46: lost needs a reason', async (t) => {
  const s = await stage(t);
  const { lead_id } = (await s.capture('douyin', '13800138000')).body;
  t.equal((await s.post(`/v1/leads/${lead_id}/state`, { state: 'lost' })).status, 422);
  t.equal((await s.post(`/v1/leads/${lead_id}/state`, { state: 'dormant' })).status, 200);
});

t.test('scenario 48: an empty number stays invalid', async (t) => {
  const s = await stage(t);
  const { lead_id } = (await s.capture('douyin', '13800138000')).body;
  t.equal((await s.post(`/v1/leads/${lead_id}/state`, { state: 'invalid', reason: 'empty_number' })).status, 200);
  s.service.setClock(Date.now() + 60_000);
  const again = await s.capture('xhs', '13800138000');
  t.match(again.body, { decision: 'merged', rule: 'merged.invalid_lead', lead_id });
  t.match((await s.get(`/v1/leads/${lead_id}`)).body, { state: 'invalid', touch_count: 2 });
  t.equal((await s.get('/v1/reviews?kind=invalid_touched')).body.items.length, 1);
});

t.test('invalid by no answer wakes up', async (t) => {
  const s = await stage(t);
  const { lead_id } = (await s.capture('douyin', '13800138000')).body;
  await s.post(`/v1/leads/${lead_id}/state`, { state: 'invalid', reason: 'no_answer' });
  s.service.setClock(Date.now() + 60_000);
  t.match((await s.capture('xhs', '13800138000')).body, { decision: 'reactivated', lead_id });
});

t.test('scenario 50: invalid corrected to following, both facts kept with their times', async (t) => {
  const s = await stage(t, '2026-06-06');
  const { lead_id } = (await s.capture('douyin', '13800138000', { at: '2026-06-01' })).body;
  const move = (state: string, day: string, reason?: string) =>
    s.post(`/v1/leads/${lead_id}/state`, {
      state,
      occurred_at: `2026-06-0${day}T12:00:00+08:00`,
      ...(reason ? { reason } : {}),
    });
  t.equal((await move('invalid', '3', 'wrong_person')).status, 200);
  t.equal((await move('following', '5')).status, 200);
  const { items } = (await s.get(`/v1/leads/${lead_id}/events`)).body;
  t.strictSame(
    items
      .filter((event: { type: string }) => event.type === 'lead.state_changed')
      .map((event: { occurred_at: string; data: { to: string } }) => `${event.occurred_at} ${event.data.to}`)
      .sort(),
    ['2026-06-03T04:00:00.000Z invalid', '2026-06-05T04:00:00.000Z following'],
  );
});
