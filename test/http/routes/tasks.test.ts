import t, { type Test } from 'tap';
import { staffed } from '../../helpers/staffed-stores.ts';
import { P, P2, startWorking, type Working } from '../../helpers/working.ts';

const june = (date: number, time: string) => `2026-06-${String(date).padStart(2, '0')}T${time}+08:00`;
const iso = (text: string) => new Date(text).toISOString();
const CALL = { method: 'phone', content: '电话 13900139000，客户周五到店', outcome: 'answered' };

async function play(
  t: Test,
): Promise<Working & { readonly take: (phone: string, more?: object) => Promise<{ lead: string; task: string }> }> {
  const s = await startWorking(t);
  await staffed(s.db);
  s.setClock(Date.parse(june(1, '10:00:00')));
  return {
    ...s,
    take: async (phone, more = {}) => {
      const { lead_id: lead } = await s.capture1(phone, { store: 'S1', owner: 'A1', ...more });
      return { lead, task: (await s.get(`/v1/leads/${lead}`)).task.id };
    },
  };
}

t.test('a follow-up is put to another time, a first contact is only brought forward', async (t) => {
  const s = await play(t);
  const { lead, task } = await s.take(P);
  const path = `/v1/tasks/${task}/reschedule`;
  const late = await s.call('POST', path, { body: { due_at: june(3, '10:00:00'), reason: 'busy' } });
  t.match(late, { status: 409, body: { code: 'state_conflict', due_at: iso(june(2, '10:00:00')) } });
  const past = await s.call('POST', path, { body: { due_at: june(1, '09:00:00'), reason: 'busy' } });
  t.match(past, { status: 422, body: { errors: [{ path: '/due_at' }] } });
  const sooner = { due_at: june(1, '16:00:00'), reason: '客户催促' };
  t.match(await s.post(path, sooner), { changed: true, task: { id: task, due_at: iso(june(1, '16:00:00')) } });
  t.match(await s.post(path, sooner), { changed: false });
  t.match((await s.eventsOf(lead)).at(-1), {
    type: 'task.changed',
    data: { former_due_at: iso(june(2, '10:00:00')), due_at: iso(june(1, '16:00:00')) },
  });
  const done = await s.post(`/v1/tasks/${task}/complete`, { ...CALL, next_at: june(5, '10:00:00') });
  const next = `/v1/tasks/${done.next_task.id}/reschedule`;
  t.match(await s.post(next, { due_at: june(8, '10:00:00'), reason: 'x' }), {
    task: { due_at: iso(june(8, '10:00:00')) },
  });
  t.match(await s.call('POST', path, { body: sooner }), { status: 409, body: { state: 'completed' } });
  const nobody = '0197a3c2-5d10-7abc-8def-0123456789ab';
  t.match(await s.call('POST', `/v1/tasks/${nobody}/reschedule`, { body: sooner }), { status: 404 });
});

t.test('tasks are listed by pages, and by what they are asked for', async (t) => {
  const s = await play(t);
  const taken: { readonly lead: string; readonly task: string }[] = [];
  for (let n = 0; n < 5; n += 1) {
    s.setClock(Date.parse(june(1, `1${n}:00:00`)));
    taken.push(await s.take(`1380013800${n}`, n === 4 ? { store: 'S2', owner: 'B1' } : {}));
  }
  const ids = (items: readonly { id: string }[]) => items.map(({ id }) => id);
  const first = await s.get('/v1/tasks?limit=2');
  const second = await s.get(`/v1/tasks?limit=2&cursor=${first.next_cursor}`);
  const third = await s.get(`/v1/tasks?limit=2&cursor=${second.next_cursor}`);
  t.strictSame(
    [first, second, third].flatMap(({ items }) => ids(items)),
    taken.map(({ task }) => task),
  );
  t.equal(third.next_cursor, null);
  t.match(await s.call('GET', `/v1/tasks?limit=2&store=S1&cursor=${first.next_cursor}`), { status: 400 });
  t.strictSame(ids((await s.get('/v1/tasks?store=S2')).items), [taken[4]?.task]);
  t.strictSame(ids((await s.get('/v1/tasks?adviser=B1')).items), [taken[4]?.task]);
  s.setClock(Date.parse(june(2, '11:30:00')));
  t.strictSame(ids((await s.get('/v1/tasks?overdue=true')).items), [taken[0]?.task, taken[1]?.task]);
  const before = `/v1/tasks?due_before=${encodeURIComponent(june(2, '11:00:00'))}`;
  t.strictSame(ids((await s.get(before)).items), [taken[0]?.task]);
  for (const { lead } of taken.slice(0, 3)) {
    s.setClock(Date.parse(june(2, '11:30:00')) + taken.findIndex((one) => one.lead === lead));
    await s.post(`/v1/leads/${lead}/follow-ups`, { ...CALL, next_at: june(9, '10:00:00') });
  }
  const done = await s.get('/v1/tasks?state=completed&limit=2');
  const rest = await s.get(`/v1/tasks?state=completed&limit=2&cursor=${done.next_cursor}`);
  t.strictSame(
    [...ids(done.items), ...ids(rest.items)],
    [2, 1, 0].map((n) => taken[n]?.task),
    'newest first',
  );
  t.strictSame(
    done.items.map(({ overdue }: { overdue: boolean }) => overdue),
    [false, true],
  );
});

t.test('a key sees and works what it is bound to; words are masked without a reason', async (t) => {
  const s = await play(t);
  const mine = await s.take(P);
  const theirs = await s.take(P2, { store: 'S2', owner: 'B1' });
  const { secret: key } = await s.makeKey({ scopes: ['leads:read', 'leads:write'], adviser: 'A1' });
  const body = { ...CALL, next_at: june(5, '10:00:00') };
  const refused = await s.call('POST', `/v1/tasks/${theirs.task}/complete`, { body, key });
  t.match(refused, { status: 403, body: { code: 'other_store' } });
  t.match(await s.call('GET', `/v1/tasks/${theirs.task}`, { key }), { status: 403 });
  t.match(await s.call('POST', `/v1/tasks/${mine.task}/complete`, { body, key }), { status: 200 });
  const listed = await s.call('GET', '/v1/tasks?state=completed', { key });
  t.match(listed.body.items, [{ id: mine.task, content: '电话 139****9000，客户周五到店', masked: 'scope_missing' }]);
  t.equal((await s.call('GET', '/v1/tasks', { key })).body.items.length, 1);
  const reads = await s.call('GET', `/v1/tasks/${mine.task}`, { headers: { 'access-reason': 'a call' } });
  t.match(reads.body, { content: CALL.content, masked: null });
  const audit = await s.db.selectFrom('audit').select('subject_id').where('reason', '=', 'a call').execute();
  t.equal(audit.length, 1, 'who reads it in full is written down');
});

t.test('words of a follow-up are encrypted at rest where all is', async (t) => {
  const s = await startWorking(t, { atRest: 'all' });
  await staffed(s.db);
  const { lead_id } = await s.capture1(P, { store: 'S1', owner: 'A1' });
  const body = { ...CALL, next_at: '2027-01-05T10:00:00+08:00' };
  const { task_id } = await s.post(`/v1/leads/${lead_id}/follow-ups`, body);
  const row = await s.db.selectFrom('task').select('content').executeTakeFirstOrThrow();
  t.notMatch(row.content ?? '', /客户/);
  const read = await s.call('GET', `/v1/tasks/${task_id}`, { headers: { 'access-reason': 'a call' } });
  t.equal(read.body.content, CALL.content);
  t.match(await s.post(`/v1/tasks/${task_id}/complete`, body), { lead: { changed: false } });
});

t.test('a task is named once, open or ended, and found by its name', async (t) => {
  const s = await play(t);
  const one = await s.take(P);
  const other = await s.take(P2);
  const name = (task: string, external_ref: string | null) =>
    s.call('PATCH', `/v1/tasks/${task}`, { body: { external_ref } });
  t.match(await name(one.task, 'crm-1'), { status: 200, body: { external_ref: 'crm-1', state: 'open' } });
  t.match(await name(other.task, 'crm-1'), { status: 409, body: { errors: [{ path: '/external_ref' }] } });
  t.match((await s.get('/v1/tasks?external_ref=crm-1')).items, [{ id: one.task }]);
  await s.post(`/v1/tasks/${one.task}/complete`, { ...CALL, next_at: june(5, '10:00:00') });
  t.match(await s.get(`/v1/tasks/${one.task}`), { state: 'completed', external_ref: 'crm-1' }, 'it keeps its name');
  t.match(await name(other.task, 'crm-1'), { status: 409 });
  t.match(await name(one.task, null), { status: 200, body: { external_ref: null } });
  t.match(await name(other.task, 'crm-1'), { status: 200 });
});

t.test("an adviser's day: what is overdue, what is due, and new leads for later", async (t) => {
  const s = await play(t);
  const overdue = await s.take(P);
  s.setClock(Date.parse(june(1, '15:00:00')));
  const due = await s.take(P2);
  s.setClock(Date.parse(june(2, '11:00:00')));
  const later = await s.take('13700137000');
  const done = await s.take('13600136000');
  await s.post(`/v1/tasks/${done.task}/complete`, { ...CALL, next_at: june(4, '10:00:00') });
  await s.take('13500135000', { owner: 'A2' });
  const tasks = (items: readonly { task: { id: string }; lead: { id: string } }[]) => items.map(({ task }) => task.id);
  const day = await s.get('/v1/advisers/A1/day');
  t.match(day, { adviser: 'A1', date: '2026-06-02', zone: 'Asia/Shanghai', more: [] });
  t.strictSame([tasks(day.overdue), tasks(day.due), tasks(day.later)], [[overdue.task], [due.task], [later.task]]);
  t.match(day.overdue[0], { lead: { id: overdue.lead, phone: '138****8000' } });
  const ahead = await s.get('/v1/advisers/A1/day?date=2026-06-04');
  t.equal(ahead.date, '2026-06-04');
  t.strictSame(tasks(ahead.overdue), [overdue.task, due.task, later.task], 'what is not done by then');
  t.equal(ahead.due.length, 1);
  t.match(await s.call('GET', '/v1/advisers/nobody/day'), { status: 404 });
});
