import t, { type Test } from 'tap';
import { DEFAULT_POLICY, type Policy } from '../../src/domain/policy.ts';
import { staffed } from '../helpers/staffed-stores.ts';
import { P, P2, startWorking, type Working } from '../helpers/working.ts';

const june = (date: number, time: string) => `2026-06-${String(date).padStart(2, '0')}T${time}+08:00`;
const iso = (text: string) => new Date(text).toISOString();

interface Played extends Working {
  readonly at: (moment: string) => void;
  readonly lead: (id: string) => Promise<Working['get'] extends (path: string) => Promise<infer A> ? A : never>;
  readonly told: (id: string) => Promise<readonly string[]>; // of ratings and tasks
  readonly setPolicy: (change: Partial<Policy>) => Promise<void>;
}

/** A deployment in which leads are worked, on Monday, 1 June 2026; stores are open from nine to six every day. */
async function play(t: Test): Promise<Played> {
  const s = await startWorking(t);
  await staffed(s.db);
  s.setClock(Date.parse(june(1, '10:00:00')));
  return {
    ...s,
    at: (moment) => s.setClock(Date.parse(moment)),
    lead: (id) => s.get(`/v1/leads/${id}`),
    told: async (id) =>
      (await s.eventsOf(id)).map(({ type }) => type).filter((type) => /^(task|lead\.rating)/.test(type)),
    setPolicy: async (change) => {
      const { headers } = await s.call('GET', '/v1/policy');
      const body = { document: { ...DEFAULT_POLICY, ...change }, reason: 'a test' };
      const reply = await s.call('PUT', '/v1/policy', { body, headers: { 'if-match': String(headers['etag']) } });
      t.equal(reply.status, 200, reply.text);
    },
  };
}

t.test('a rating by hand that rises brings the task forward, one that falls puts nothing off', async (t) => {
  const s = await play(t);
  const { lead_id: id } = await s.capture1(P, { store: 'S1', owner: 'A1', channel: 'event' });
  const { task } = await s.lead(id);
  t.equal(task.due_at, iso(june(2, '10:00:00')));
  s.at(june(1, '11:00:00'));
  const rated = await s.post(`/v1/leads/${id}/rating`, { rating: 'high', reason: 'x' });
  const after = await s.lead(id);
  t.match(after, { version: rated.version, task: { id: task.id, due_at: iso(june(1, '12:00:00')), rating: 'high' } });
  t.strictSame(await s.told(id), ['task.created', 'lead.rating_changed', 'task.changed']);
  t.match((await s.eventsOf(id)).at(-1), { data: { former_due_at: task.due_at, due_at: after.task.due_at } });
  s.at(june(1, '11:30:00'));
  await s.post(`/v1/leads/${id}/rating`, { rating: 'low', reason: 'x' });
  t.strictSame((await s.lead(id)).task, after.task);
  await s.post(`/v1/leads/${id}/rating`, { rating: 'high', reason: 'y' });
  t.equal((await s.lead(id)).task.due_at, iso(june(1, '12:00:00')), 'and rising again puts nothing off either');
});

t.test('a rating by hand leaves a nearer and an overdue deadline where they are', async (t) => {
  const s = await play(t);
  const { lead_id: id } = await s.capture1(P, { store: 'S1', owner: 'A1', channel: 'event' });
  for (const [moment, rating] of [
    [june(2, '09:30:00'), 'high'],
    [june(2, '11:00:00'), 'low'],
    [june(2, '12:00:00'), 'high'],
  ] as const) {
    s.at(moment);
    await s.post(`/v1/leads/${id}/rating`, { rating, reason: 'x' });
    t.equal((await s.lead(id)).task.due_at, iso(june(2, '10:00:00')), moment);
  }
  t.notOk((await s.told(id)).includes('task.changed'));
});

t.test('a rerun brings forward the tasks of those that rise, a dry run of none', async (t) => {
  const s = await play(t);
  const { lead_id: id } = await s.capture1(P, { store: 'S1', owner: 'A1', channel: 'event' });
  const { lead_id: falls } = await s.capture1(P2, { store: 'S1', owner: 'A1', channel: 'shop' });
  const task = (await s.lead(id)).task.id;
  const { rating } = DEFAULT_POLICY;
  await s.setPolicy({ rating: { ...rating, channels: { event: 'high', shop: 'low' } } });
  s.at(june(1, '10:30:00'));
  await s.post('/v1/ratings/rerun', { dry_run: true });
  t.equal((await s.lead(id)).task.due_at, iso(june(2, '10:00:00')));
  t.match(await s.post('/v1/ratings/rerun', {}), { changed: 2, counts: { 'medium>high': 1, 'high>low': 1 } });
  t.match(await s.lead(id), { rating: 'high', task: { id: task, due_at: iso(june(1, '11:30:00')) } });
  t.match(await s.lead(falls), { rating: 'low', task: { due_at: iso(june(1, '11:00:00')), rating: 'high' } });
  t.strictSame(await s.told(id), ['task.created', 'lead.rating_changed', 'task.changed']);
  t.strictSame(await s.told(falls), ['task.created', 'lead.rating_changed']);
  s.at(june(1, '10:40:00'));
  t.match(await s.post('/v1/ratings/rerun', {}), { changed: 0 });
  t.equal((await s.lead(id)).task.due_at, iso(june(1, '11:30:00')), 'again changes nothing');
});

t.test('a void that leaves three channels within thirty days brings the task forward', async (t) => {
  const s = await play(t);
  s.at(june(30, '10:00:00'));
  const take = (channel: string, date: number) =>
    s.capture1(P, { store: 'S1', owner: 'A1', channel, occurred_at: june(date, '09:00:00') });
  await s.setPolicy({ rating: { ...DEFAULT_POLICY.rating, upgrade: { channels: 3, days: 10, to: 'high' } } });
  const newest = await take('event', 29);
  for (const [channel, date] of [
    ['event', 1],
    ['douyin', 2],
    ['search', 3],
  ] as const)
    await take(channel, date);
  const before = await s.lead(newest.lead_id);
  t.match(before, { rating: 'medium', touch_count: 4, task: { due_at: iso('2026-07-01T10:00:00+08:00') } });
  s.at(june(30, '11:00:00'));
  await s.post(`/v1/touches/${newest.touch_id}/void`, { reason: 'test' });
  const after = await s.lead(newest.lead_id);
  t.match(after, { rating: 'high', task: { id: before.task.id, due_at: iso(june(30, '12:00:00')) } });
});

t.test('a touch that is told to be an order after all brings the task forward', async (t) => {
  const s = await play(t);
  const { secret: key, sourceId } = await s.makeKey({ scopes: ['leads:write', 'ops'] });
  await s.db
    .updateTable('source')
    .set({ settings: JSON.stringify({ update_semantics: true }) })
    .where('id', '=', sourceId)
    .execute();
  const take = (kind: string, moment: string) => {
    s.at(moment);
    const body = {
      external_id: 'e1',
      channel: 'c',
      person: { phone: P },
      intent: { kind },
      store: 'S1',
      occurred_at: moment,
    };
    return s.post('/v1/leads', body, { key });
  };
  const { lead_id: id } = await take('form', june(1, '10:00:00'));
  t.match(await s.lead(id), { rating: 'medium', task: { due_at: iso(june(2, '10:00:00')) } });
  t.match(await take('order', june(1, '11:00:00')), { decision: 'updated' });
  t.match(await s.lead(id), { rating: 'high', task: { due_at: iso(june(1, '12:00:00')) } });
});

t.test('what a split makes is due by its own rating', async (t) => {
  const s = await play(t);
  const first = await s.capture1(P, { store: 'S1', owner: 'A1', channel: 'event' });
  for (const [channel, kind, due] of [
    ['shop', 'order', june(1, '12:00:00')],
    ['event', 'event', june(2, '11:00:00')],
    ['wecom', 'follow', june(3, '11:00:00')],
  ] as const) {
    s.at(june(1, '10:30:00'));
    const touch = await s.capture1(P, { store: 'S1', channel, intent: { kind, need: kind } });
    t.equal(touch.lead_id, first.lead_id);
    s.at(june(1, '11:00:00'));
    const split = await s.post(`/v1/customers/${first.customer_id}/split`, { touch_id: touch.touch_id, reason: 'x' });
    t.match(await s.lead(split.lead_id), { task: { kind: 'first_contact', due_at: iso(due) } }, kind);
  }
});

t.test('what an unmerge parts is due by its own rating', async (t) => {
  const s = await play(t);
  const mine = await s.capture1(P, { store: 'S1', owner: 'A1', channel: 'event' });
  const theirs = await s.capture1(P2, { store: 'S1', owner: 'A1', channel: 'event' });
  const { merge_id } = await s.post(`/v1/customers/${mine.customer_id}/merge`, {
    customer_id: theirs.customer_id,
    reason: 'x',
  });
  s.at(june(1, '11:00:00'));
  await s.capture1(P2, { channel: 'shop' });
  t.match(await s.lead(mine.lead_id), { rating: 'high', task: { due_at: iso(june(1, '12:00:00')) } });
  s.at(june(1, '14:00:00'));
  await s.post(`/v1/customers/${mine.customer_id}/unmerge`, { merge_id });
  t.match(await s.lead(theirs.lead_id), { rating: 'high', task: { due_at: iso(june(1, '15:00:00')) } });
  t.match(await s.lead(mine.lead_id), { rating: 'medium' });
});

t.test('a merge that makes three channels brings the task of the survivor forward', async (t) => {
  const s = await play(t);
  const mine = await s.capture1(P, { store: 'S1', owner: 'A1', channel: 'event' });
  await s.capture1(P, { channel: 'douyin' });
  const theirs = await s.capture1(P2, { store: 'S1', owner: 'A1', channel: 'search' });
  s.at(june(1, '11:00:00'));
  await s.post(`/v1/customers/${mine.customer_id}/merge`, { customer_id: theirs.customer_id, reason: 'x' });
  t.match(await s.lead(mine.lead_id), { rating: 'high', task: { due_at: iso(june(1, '12:00:00')), rating: 'high' } });
});

t.test('channels count for the person: a third one in one scope rates the open lead of another', async (t) => {
  const brands = (order: readonly (readonly [string, string, number])[]) => async (t: Test) => {
    const s = await play(t);
    await s.setPolicy({ scope: 'product.brand' });
    s.at(june(20, '10:00:00'));
    const ids = new Map<string, string>();
    for (const [brand, channel, date] of order) {
      const more = { store: 'S1', owner: 'A1', product: { brand }, occurred_at: june(date, '09:00:00') };
      ids.set(brand, (await s.capture1(P, { ...more, channel })).lead_id);
    }
    t.not(ids.get('A'), ids.get('B'));
    for (const brand of ['A', 'B']) {
      const lead = await s.lead(ids.get(brand) ?? '');
      t.match(lead, { rating: 'high', rating_facts: { rule: 'rating.channels' } }, brand);
      t.match(lead.task, { due_at: iso(june(20, '11:00:00')), rating: 'high' }, brand);
      t.equal(lead.rating_facts.evidence.length, 3);
    }
    t.match(await s.post('/v1/ratings/rerun', {}), { changed: 0 }, 'as from the whole history');
  };
  await t.test(
    'the touch of B is the last to arrive',
    brands([
      ['A', 'event', 1],
      ['A', 'douyin', 2],
      ['B', 'search', 3],
    ]),
  );
  await t.test(
    'it is the first',
    brands([
      ['B', 'search', 3],
      ['A', 'douyin', 2],
      ['A', 'event', 1],
    ]),
  );
});

t.test('and in other scopes the rest stays: unanswered, by hand, closed, history', async (t) => {
  const s = await play(t);
  await s.setPolicy({ scope: 'product.brand' });
  const take = (brand: string, channel: string, more = {}) =>
    s.capture1(P, { store: 'S1', owner: 'A1', channel, product: { brand }, ...more });
  const [a, b, c, d] = [
    await take('A', 'event'),
    await take('B', 'event'),
    await take('C', 'event'),
    await take('D', 'douyin'),
  ];
  for (const n of [1, 2, 3]) {
    s.at(june(1, `1${n}:00:00`));
    const body = { method: 'phone', content: 'x', outcome: 'no_answer', next_at: june(9, '10:00:00') };
    await s.post(`/v1/leads/${a.lead_id}/follow-ups`, body);
  }
  await s.post(`/v1/leads/${b.lead_id}/rating`, { rating: 'low', reason: 'x' });
  await s.post(`/v1/leads/${c.lead_id}/state`, { state: 'lost', reason: 'x' });
  s.at(june(1, '14:00:00'));
  await take('E', 'search');
  for (const [id, rating] of [
    [a.lead_id, 'low'],
    [b.lead_id, 'low'],
    [c.lead_id, 'medium'],
    [d.lead_id, 'high'],
  ] as const) {
    t.equal((await s.lead(id)).rating, rating);
  }
  t.match((await s.eventsOf(d.lead_id)).slice(-2), [
    { type: 'lead.rating_changed', data: { from: 'medium', to: 'high', mode: 'live', rating_rule: 'rating.channels' } },
    { type: 'task.changed', data: { due_at: iso(june(1, '15:00:00')) } },
  ]);
});
