import t, { type Test } from 'tap';
import { createSeedSource } from '../../src/flows/seed.ts';
import { sweepDormancy } from '../../src/flows/sweep-dormancy.ts';
import { staffed } from '../helpers/staffed-stores.ts';
import { P, P2, startWorking, type Working } from '../helpers/working.ts';

/** Monday, 1 June 2026; stores are open from nine to six every day. */
const june = (date: number, time: string) => `2026-06-${String(date).padStart(2, '0')}T${time}+08:00`;
const iso = (text: string) => new Date(text).toISOString();

interface Played extends Working {
  readonly at: (moment: string) => void;
  readonly take: (phone: string, more?: object) => Promise<string>;
  readonly taskOf: (lead: string) => Promise<{ id: string; due_at: string; kind: string; rating: string } | null>;
  readonly typesOf: (lead: string) => Promise<readonly string[]>;
}

/** A deployment in which leads are worked; the clock stands where it is put. */
async function play(t: Test): Promise<Played> {
  const s = await startWorking(t);
  await staffed(s.db);
  const lead = async (id: string) => s.get(`/v1/leads/${id}`);
  return {
    ...s,
    at: (moment) => s.setClock(Date.parse(moment)),
    take: async (phone, more = {}) => (await s.capture1(phone, { store: 'S1', owner: 'A1', ...more })).lead_id,
    taskOf: async (id) => (await lead(id)).task,
    typesOf: async (id) => (await s.eventsOf(id)).map(({ type }) => type),
  };
}

const CALL = { method: 'phone', content: '客户周五到店看车', outcome: 'answered' };

t.test('scenario 79: a deadline counts the hours of the store', async (t) => {
  const s = await play(t);
  s.at(june(1, '17:30:00'));
  const lead = await s.take(P);
  t.match(await s.taskOf(lead), { kind: 'first_contact', rating: 'medium', due_at: iso(june(2, '17:30:00')) });
  t.match((await s.eventsOf(lead)).at(-1), {
    type: 'task.created',
    data: { owner: 'A1', store: 'S1', opened_at: iso(june(1, '17:30:00')), cycle: 1 },
  });
});

t.test('scenarios 11 and 17: one task, however often and at once they come', async (t) => {
  const s = await play(t);
  s.at(june(1, '10:00:00'));
  const leads = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      s.take(P, { channel: ['douyin', 'xhs', 'search'][n % 3], intent: { need: `${n}` } }),
    ),
  );
  t.equal(new Set(leads).size, 1);
  const types = await s.typesOf(leads[0] ?? '');
  t.equal(types.filter((type) => type === 'task.created').length, 1);
  const first = await s.taskOf(leads[0] ?? '');
  s.at(june(3, '10:00:00'));
  await s.take(P, { channel: 'event' });
  t.strictSame(await s.taskOf(leads[0] ?? ''), first, 'another touch resets nothing that is overdue');
});

t.test('scenario 81: a chain of follow-ups', async (t) => {
  const s = await play(t);
  s.at(june(1, '10:00:00'));
  const lead = await s.take(P);
  const task = (await s.taskOf(lead))?.id;
  s.at(june(1, '10:30:00'));
  const path = `/v1/tasks/${task}/complete`;
  const friday = { ...CALL, next_at: june(5, '15:00:00') };
  for (const missing of ['method', 'content', 'outcome'] as const) {
    const { [missing]: _, ...body } = friday;
    t.match(await s.call('POST', path, { body }), { status: 422, body: { errors: [{ path: `/${missing}` }] } });
  }
  const blank = await s.call('POST', path, { body: { ...friday, content: ' ' } });
  t.match(blank, { status: 422, body: { errors: [{ path: '/content' }] } });
  for (const next_at of [undefined, june(1, '10:30:00'), june(1, '09:00:00'), '2028-01-01T00:00:00+08:00']) {
    const refused = await s.call('POST', path, { body: { ...friday, next_at } });
    t.match(refused, { status: 422, body: { errors: [{ path: '/next_at' }] } }, String(next_at));
  }
  const done = await s.post(path, friday);
  t.match(done, {
    task_id: task,
    next_task: { kind: 'follow_up', due_at: iso(june(5, '15:00:00')) },
    lead: { state: 'following', changed: true },
  });
  t.match(await s.post(path, friday), { lead: { changed: false }, next_task: { id: done.next_task.id } }, 'again');
  t.match(await s.call('POST', path, { body: { ...friday, outcome: 'no_answer' } }), {
    status: 409,
    body: { code: 'state_conflict', state: 'completed' },
  });
  t.strictSame((await s.typesOf(lead)).slice(-3), ['task.completed', 'lead.state_changed', 'task.created']);
  const { items } = await s.get(`/v1/tasks?lead=${lead}&state=completed`);
  t.match(items, [
    { id: task, method: 'phone', content: CALL.content, elapsed_seconds: 1800, business_seconds: 1800, owner: 'A1' },
  ]);
  t.equal(items.length, 1);
  const open = await s.get(`/v1/tasks?adviser=A1`);
  t.strictSame(
    open.items.map(({ id }: { id: string }) => id),
    [done.next_task.id],
  );
  s.at(june(5, '14:00:00'));
  const next = await s.post(`/v1/leads/${lead}/follow-ups`, { ...CALL, next_at: june(8, '10:00:00') });
  t.equal(next.task_id, done.next_task.id, 'by the lead, for whoever does not know the task');
  t.match(await s.get(`/v1/tasks/${next.task_id}`), { state: 'completed', elapsed_seconds: null });
});

t.test('scenario 82: a follow-up that closes the lead makes no next task', async (t) => {
  const s = await play(t);
  for (const [n, state] of [
    { to: 'won', amount: 100, currency: 'CNY' },
    { to: 'lost', reason: 'price' },
    { to: 'dormant' },
    { to: 'invalid', reason: 'spam' },
  ].entries()) {
    s.at(june(1, '10:00:00'));
    const lead = await s.take(`1380013800${n}`);
    const task = await s.taskOf(lead);
    s.at(june(1, '11:00:00'));
    const path = `/v1/tasks/${task?.id}/complete`;
    const both = await s.call('POST', path, { body: { ...CALL, state, next_at: june(5, '15:00:00') } });
    t.match(both, { status: 422, body: { errors: [{ path: '/next_at' }] } });
    const done = await s.post(path, { ...CALL, state });
    t.match(done, { next_task: null, lead: { state: state.to, changed: true } });
    t.equal(await s.taskOf(lead), null);
    const types = await s.typesOf(lead);
    t.notOk(types.includes('task.cancelled'), 'it was completed, so there was none to cancel');
    t.equal(types.includes('lead.dormant'), state.to === 'dormant');
  }
  s.at(june(1, '10:00:00'));
  const lead = await s.take(P2);
  const body = { ...CALL, state: { to: 'lost' } };
  const refused = await s.call('POST', `/v1/leads/${lead}/follow-ups`, { body });
  t.match(refused, { status: 422, body: { errors: [{ path: '/state/reason' }] } }, 'scenario 46, inside a follow-up');
  t.ok(await s.taskOf(lead), 'and nothing was completed');
});

t.test('scenarios 46 and 48: closing cancels the open task, and what is invalid gets none', async (t) => {
  const s = await play(t);
  s.at(june(1, '10:00:00'));
  const lead = await s.take(P);
  t.match(await s.call('POST', `/v1/leads/${lead}/state`, { body: { state: 'lost' } }), { status: 422 });
  await s.post(`/v1/leads/${lead}/state`, { state: 'invalid', reason: 'empty_number' });
  t.equal(await s.taskOf(lead), null);
  t.match((await s.get(`/v1/tasks?lead=${lead}&state=cancelled`)).items, [{ reason: 'invalid', owner: 'A1' }]);
  s.at(june(2, '10:00:00'));
  await s.take(P, { channel: 'xhs' });
  t.equal(await s.taskOf(lead), null);
});

t.test('scenario 32: a dormant lead that is woken has a new task, from the new capture', async (t) => {
  const s = await play(t);
  s.at(june(1, '10:00:00'));
  const lead = await s.take(P);
  const first = await s.taskOf(lead);
  s.at(june(2, '10:00:00'));
  await s.post(`/v1/leads/${lead}/state`, { state: 'dormant' });
  t.equal(await s.taskOf(lead), null);
  t.strictSame((await s.typesOf(lead)).slice(-3), ['lead.state_changed', 'lead.dormant', 'task.cancelled']);
  s.at(june(10, '10:00:00'));
  const woken = await s.capture1(P, { channel: 'xhs', store: 'S2' });
  t.match(woken, { decision: 'reactivated', lead_id: lead });
  const task = await s.taskOf(lead);
  t.match(task, { kind: 'first_contact', due_at: iso(june(11, '10:00:00')) });
  t.not(task?.id, first?.id);
});

t.test('scenario 37: automatic dormancy cancels the task, by the sweep or seen at a capture', async (t) => {
  const s = await play(t);
  s.at('2026-03-01T12:00:00+08:00');
  const lead = await s.take(P);
  const other = await s.take(P2);
  const sweep = (moment: string) => sweepDormancy(s.db, s.vault, createSeedSource(), Date.parse(moment), null, 1000);
  t.equal((await sweep('2026-03-31T11:59:59+08:00')).slept, 0);
  t.ok(await s.taskOf(lead));
  s.at('2026-04-02T12:00:00+08:00');
  await s.take(P2, { channel: 'xhs' });
  t.strictSame((await s.typesOf(other)).slice(3), [
    'lead.dormant',
    'task.cancelled',
    'lead.reactivated',
    'lead.assigned',
    'task.created',
  ]);
  t.equal((await sweep('2026-03-31T12:00:00+08:00')).slept, 1, 'the other one had been woken meanwhile');
  t.equal(await s.taskOf(lead), null);
  t.strictSame((await s.typesOf(lead)).slice(3), ['lead.state_changed', 'lead.dormant', 'task.cancelled']);
  for (const id of [lead, other]) {
    t.match((await s.get(`/v1/tasks?lead=${id}&state=cancelled`)).items, [
      { reason: 'dormant', ended_at: iso('2026-03-31T12:00:00+08:00') },
    ]);
  }
  await s.post(`/v1/leads/${lead}/state`, { state: 'following' });
  t.match(await s.taskOf(lead), { kind: 'follow_up' }, 'by hand back to following');
});

t.test('scenario 28: of two open leads the nearest deadline stays', async (t) => {
  const s = await play(t);
  s.at(june(1, '09:00:00'));
  const mine = await s.capture1(P, { store: 'S1', owner: 'A1' });
  await s.post(`/v1/leads/${mine.lead_id}/follow-ups`, { ...CALL, next_at: june(4, '12:00:00') });
  s.at(june(3, '10:00:00'));
  const theirs = await s.capture1(P2, { store: 'S2', owner: 'B1' });
  const near = await s.taskOf(theirs.lead_id);
  const far = await s.taskOf(mine.lead_id);
  t.equal(near?.due_at, iso(june(4, '10:00:00')));
  const { merge_id } = await s.post(`/v1/customers/${mine.customer_id}/merge`, {
    customer_id: theirs.customer_id,
    reason: 'same person',
  });
  t.match(await s.get(`/v1/leads/${theirs.lead_id}`), { id: mine.lead_id, owner: 'A1', task: { id: near?.id } });
  t.match(await s.get(`/v1/tasks/${far?.id}`), { state: 'cancelled', reason: 'merged' });
  t.match(await s.get(`/v1/tasks/${near?.id}`), { state: 'open', lead_id: mine.lead_id, owner: 'A1' });
  await s.post(`/v1/customers/${mine.customer_id}/unmerge`, { merge_id });
  t.match(await s.taskOf(theirs.lead_id), { id: near?.id, due_at: near?.due_at }, 'the task goes back to whose it was');
  t.match(await s.taskOf(mine.lead_id), { kind: far?.kind, due_at: far?.due_at }, 'as before');
  t.not((await s.taskOf(mine.lead_id))?.id, far?.id, 'under another id, since that one has ended');
});

t.test('scenario 69: speed is measured in elapsed and in business time', async (t) => {
  const s = await play(t);
  s.at(june(1, '20:00:00'));
  const lead = await s.take(P);
  t.match(await s.taskOf(lead), { due_at: iso(june(2, '18:00:00')) });
  s.at(june(2, '09:30:00'));
  t.equal((await s.get(`/v1/leads/${lead}`)).first_response, null);
  await s.post(`/v1/leads/${lead}/follow-ups`, { ...CALL, next_at: june(5, '15:00:00') });
  t.match((await s.get(`/v1/leads/${lead}`)).first_response, {
    at: iso(june(2, '09:30:00')),
    adviser: 'A1',
    elapsed_seconds: 13.5 * 3600,
    business_seconds: 1800,
  });
});

t.test(
  'a lead that is given to another has its time from then on; a won one that is voided is to be followed again',
  async (t) => {
    const s = await play(t);
    s.at(june(1, '10:00:00'));
    const lead = await s.take(P);
    const first = await s.taskOf(lead);
    s.at(june(3, '11:00:00'));
    await s.post(`/v1/leads/${lead}/owner`, { owner: 'A2' });
    t.match(await s.taskOf(lead), { id: first?.id, due_at: iso(june(4, '11:00:00')) });
    await s.post(`/v1/leads/${lead}/state`, { state: 'won', amount: 1, currency: 'CNY' });
    t.equal(await s.taskOf(lead), null);
    await s.post(`/v1/leads/${lead}/state/void`, { reason: 'typo' });
    t.match(await s.taskOf(lead), { kind: 'first_contact' });
  },
);

t.test('an erased person leaves no words of a follow-up, and no open task', async (t) => {
  const s = await play(t);
  s.at(june(1, '10:00:00'));
  const { lead_id, customer_id } = await s.capture1(P, { store: 'S1', owner: 'A1' });
  const done = await s.post(`/v1/leads/${lead_id}/follow-ups`, {
    ...CALL,
    next_at: june(5, '15:00:00'),
    external_ref: 'crm-1',
  });
  await s.post(`/v1/customers/${customer_id}/erase`, { reason: 'asked for' });
  const rows = await s.db
    .selectFrom('task')
    .select(['id', 'end_state', 'reason', 'content', 'external_ref'])
    .orderBy('ended_at')
    .orderBy('end_state', 'desc')
    .execute();
  t.strictSame(rows, [
    { id: done.task_id, end_state: 'completed', reason: null, content: null, external_ref: null },
    { id: done.next_task.id, end_state: 'cancelled', reason: 'erased', content: null, external_ref: null },
  ]);
  t.match(await s.call('GET', `/v1/tasks/${done.task_id}`), { status: 410 });
});

t.test('where nobody works leads there are no tasks', async (t) => {
  const s = await startWorking(t);
  const { lead_id } = await s.capture1(P, { store: 'S1', owner: 'A1' });
  t.equal((await s.get(`/v1/leads/${lead_id}`)).task, null);
  t.match(
    await s.call('POST', `/v1/leads/${lead_id}/follow-ups`, { body: { ...CALL, next_at: '2027-01-05T10:00:00Z' } }),
    {
      status: 409,
      body: { code: 'state_conflict' },
    },
  );
});
