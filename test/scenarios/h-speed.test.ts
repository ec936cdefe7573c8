import t, { type Test } from 'tap';
import { drain } from '../helpers/drain.ts';
import { shifts, staff } from '../helpers/staffed.ts';
import { P, P2, startWorking, type Working } from '../helpers/working.ts';

const june = (date: number, time: string) => `2026-06-${String(date).padStart(2, '0')}T${time}+08:00`;
const iso = (text: string) => new Date(text).toISOString();
const CALL = { method: 'phone', content: '客户周五到店', next_at: june(29, '15:00:00') };

async function play(t: Test): Promise<Working & { readonly at: (moment: string) => void }> {
  const s = await startWorking(t);
  const on = { shifts: shifts('09:00', '18:00') };
  await staff(s.db, {
    stores: { S1: {}, S2: {} },
    advisers: { A1: { stores: ['S1'], ...on }, B1: { stores: ['S2'], ...on } },
  });
  return { ...s, at: (moment) => s.setClock(Date.parse(moment)) };
}

t.test('scenario 69, whole: captured at 20:00, assigned at 09:00, due at 10:00, measured both ways', async (t) => {
  const s = await play(t);
  s.at(june(1, '20:00:00'));
  const { lead_id: id, owner } = await s.capture1(P, { store: 'S1', channel: 'shop' });
  t.match(owner, { adviser: null, reason: 'pool' });
  const lead = () => s.get(`/v1/leads/${id}`);
  const { task } = await lead();
  t.match(task, { due_at: iso(june(2, '10:00:00')), opened_at: iso(june(1, '20:00:00')), rating: 'high' });
  s.at(june(2, '09:00:00'));
  t.equal(await drain(s, Date.parse(june(2, '09:00:00'))), 1);
  t.match(await lead(), {
    owner: 'A1',
    owner_since: iso(june(2, '09:00:00')),
    task: { id: task.id, due_at: iso(june(2, '10:00:00')), opened_at: iso(june(1, '20:00:00')) },
    first_response: null,
  });
  s.at(june(2, '09:40:00'));
  await s.post(`/v1/tasks/${task.id}/complete`, { ...CALL, outcome: 'no_answer' });
  const speed = { elapsed_seconds: (13 * 60 + 40) * 60, business_seconds: 40 * 60 };
  t.match((await lead()).first_response, { at: iso(june(2, '09:40:00')), adviser: 'A1', ...speed });
  t.match(await s.get(`/v1/tasks/${task.id}`), { state: 'completed', ...speed });
  t.match((await s.get('/v1/tasks?state=completed')).items, [{ id: task.id, ...speed }]);
  t.match((await s.eventsOf(id)).find(({ type }) => type === 'task.completed')?.data, speed);
  s.at(june(3, '09:40:00'));
  const next = await s.post(`/v1/leads/${id}/follow-ups`, { ...CALL, outcome: 'answered' });
  t.match(await s.get(`/v1/tasks/${next.task_id}`), { elapsed_seconds: null, business_seconds: null });
  t.match((await lead()).first_response, speed, 'the first one, whatever comes after it');
});

t.test(
  'scenarios 58 and 60, worked: three calls that nobody answers, an answer between, and a new order',
  async (t) => {
    const s = await play(t);
    s.at(june(1, '10:00:00'));
    const { lead_id: id } = await s.capture1(P, { store: 'S1', channel: 'shop' });
    const ids: string[] = [];
    const rated: unknown[] = [];
    for (const [n, outcome] of [
      'no_answer',
      'no_answer',
      'answered',
      'no_answer',
      'no_answer',
      'no_answer',
    ].entries()) {
      s.at(june(2 + n, '10:00:00'));
      ids.push((await s.post(`/v1/leads/${id}/follow-ups`, { ...CALL, outcome })).task_id);
      rated.push((await s.get(`/v1/leads/${id}`)).rating);
    }
    t.strictSame(rated, ['high', 'high', 'high', 'high', 'high', 'low'], 'three in a row');
    t.match((await s.get(`/v1/leads/${id}`)).rating_facts, { rule: 'rating.unanswered', evidence: ids.slice(3) });
    s.at(june(9, '10:00:00'));
    await s.capture1(P, { store: 'S1', channel: 'shop', intent: { need: 'again' } });
    const after = await s.get(`/v1/leads/${id}`);
    t.match(after, { rating: 'high', rating_facts: { unanswered: [] } });
    t.equal(after.task.due_at, iso(june(9, '11:00:00')), 'an hour from now on, before the agreed time');
    s.at(june(9, '12:00:00'));
    await s.post(`/v1/leads/${id}/follow-ups`, { ...CALL, outcome: 'no_answer' });
    t.equal((await s.get(`/v1/leads/${id}`)).rating, 'high', 'the counter began anew');
  },
);

t.test(
  'scenario 28: of two open leads whoever has followed up keeps the customer, though assigned later',
  async (t) => {
    const s = await play(t);
    s.at(june(1, '10:00:00'));
    const mine = await s.capture1(P, { store: 'S1', owner: 'A1' });
    s.at(june(3, '10:00:00'));
    const theirs = await s.capture1(P2, { store: 'S2', owner: 'B1' });
    s.at(june(3, '11:00:00'));
    await s.post(`/v1/leads/${theirs.lead_id}/follow-ups`, { ...CALL, outcome: 'answered' });
    await s.post(`/v1/customers/${mine.customer_id}/merge`, { customer_id: theirs.customer_id, reason: 'x' });
    t.match(await s.get(`/v1/leads/${theirs.lead_id}`), {
      id: mine.lead_id,
      owner: 'B1',
      store: 'S2',
      state: 'following',
      created_at: iso(june(1, '10:00:00')),
      task: { due_at: iso(june(2, '10:00:00')) },
    });
  },
);

t.test('an order brings an overdue deadline no relief, and a pooled lead the same rules', async (t) => {
  const s = await play(t);
  s.at(june(1, '20:00:00'));
  const { lead_id: id } = await s.capture1(P, { store: 'S1', channel: 'event' });
  const { task } = await s.get(`/v1/leads/${id}`);
  t.equal(task.due_at, iso(june(2, '18:00:00')));
  s.at(june(2, '19:00:00'));
  await s.capture1(P, { store: 'S1', channel: 'shop' });
  t.match(await s.get(`/v1/leads/${id}`), { rating: 'high', owner: null, task: { id: task.id, due_at: task.due_at } });
});
