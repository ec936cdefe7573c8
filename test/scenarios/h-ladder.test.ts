import t, { type Test } from 'tap';
import { climbLadder } from '../../src/flows/climb-ladder.ts';
import { createSeedSource } from '../../src/flows/seed.ts';
import { staffed } from '../helpers/staffed-stores.ts';
import { P, startWorking, type Working } from '../helpers/working.ts';

const june = (date: number, time: string) => `2026-06-${String(date).padStart(2, '0')}T${time}+08:00`;
const iso = (text: string) => new Date(text).toISOString();

async function play(t: Test): Promise<Working> {
  const s = await startWorking(t);
  await staffed(s.db);
  return s;
}

const climb = async (s: Working, moment: string): Promise<number> => {
  s.setClock(Date.parse(moment));
  return (await climbLadder(s.db, s.vault, createSeedSource(), Date.parse(moment), 200)).steps;
};
const told = async (s: Working, lead: string) =>
  (await s.eventsOf(lead)).filter(({ type }) => type.startsWith('task.')).map(({ type }) => type);

t.test('scenario 84: the ladder, each step once', async (t) => {
  const s = await play(t);
  s.setClock(Date.parse(june(1, '10:00:00')));
  const { lead_id: lead } = await s.capture1(P, { store: 'S1', owner: 'A1' });
  const { task } = await s.get(`/v1/leads/${lead}`);
  t.equal(task.due_at, iso(june(2, '10:00:00')));
  t.equal(await climb(s, june(2, '09:44:59')), 0);
  t.equal(await climb(s, june(2, '09:45:00')), 1);
  t.equal(await climb(s, june(2, '09:59:59')), 0);
  t.equal(await climb(s, june(2, '10:00:00')), 1);
  t.equal((await s.get('/v1/tasks?overdue=true')).items.length, 0, 'due now is not overdue yet');
  t.equal(await climb(s, june(3, '09:59:59')), 0);
  t.equal((await s.get('/v1/tasks?overdue=true')).items.length, 1);
  t.equal(await climb(s, june(3, '10:00:00')), 1);
  t.match((await s.eventsOf(lead)).at(-1), { type: 'task.escalated', data: { manager: 'M1', owner: 'A1' } });
  t.equal(await climb(s, june(4, '09:59:59')), 0);
  t.match((await s.get(`/v1/leads/${lead}`)).task, { steps: ['notice', 'remind', 'escalate'] });
  t.equal(await climb(s, june(4, '10:00:00')), 2, 'taken back, under a new task');
  t.strictSame(await told(s, lead), [
    'task.created',
    'task.due',
    'task.overdue',
    'task.escalated',
    'task.recycled',
    'task.created',
  ]);
  const pooled = await s.get(`/v1/leads/${lead}`);
  t.match(pooled, {
    state: 'assigned',
    owner: null,
    store: 'S1',
    former_owner: 'A1',
    pooled_since: iso(june(4, '10:00:00')),
    task: { due_at: iso(june(5, '10:00:00')), steps: [] },
  });
  t.match(await s.get(`/v1/tasks/${task.id}`), { state: 'recycled', owner: 'A1', actor: 'ladder' });
  const row = await s.db.selectFrom('lead').select(['owner_taken', 'taken_from']).executeTakeFirstOrThrow();
  t.strictSame(row, {
    owner_taken: true,
    taken_from: [{ owner: 'A1', at: Date.parse(june(4, '10:00:00')), how: 'recycled' }],
  });
  t.equal(await climb(s, june(20, '10:00:00')), 3, 'who waits in the pool is told of, and taken from nobody');
  t.match((await s.eventsOf(lead)).slice(-2), [
    { type: 'task.overdue', data: { owner: null, manager: 'M1' } },
    { type: 'task.escalated', data: { owner: null, manager: 'M1' } },
  ]);
  t.equal(await climb(s, june(28, '10:00:00')), 0);
});

t.test('a worker that was off for days takes every step in order, in one round', async (t) => {
  const s = await play(t);
  s.setClock(Date.parse(june(1, '10:00:00')));
  const { lead_id: lead } = await s.capture1(P, { store: 'S1', owner: 'A1' });
  t.equal(await climb(s, june(9, '12:00:00')), 5);
  t.strictSame((await told(s, lead)).slice(1), [
    'task.due',
    'task.overdue',
    'task.escalated',
    'task.recycled',
    'task.created',
  ]);
});

t.test('scenario 84: two schedulers at once take each step once', async (t) => {
  const s = await play(t);
  s.setClock(Date.parse(june(1, '10:00:00')));
  const leads = await Promise.all(
    Array.from(
      { length: 12 },
      async (_, n) => (await s.capture1(`138001380${10 + n}`, { store: 'S1', owner: 'A1' })).lead_id,
    ),
  );
  for (const moment of [june(2, '10:00:00'), june(4, '10:00:00')]) {
    const at = Date.parse(moment);
    const rounds = await Promise.all(
      Array.from({ length: 4 }, () => climbLadder(s.db, s.vault, createSeedSource(), at, 200)),
    );
    t.equal(
      rounds.reduce((sum, { steps }) => sum + steps, 0),
      leads.length * (moment === june(2, '10:00:00') ? 2 : 3),
    );
  }
  for (const lead of leads) t.equal(new Set(await told(s, lead)).size, 5, 'task.created twice, every other once');
  t.equal((await s.get('/v1/tasks?state=recycled')).items.length, leads.length);
});

t.test('scenario 85: never followed counts from the assignment', async (t) => {
  const s = await play(t);
  s.setClock(Date.parse(june(1, '10:00:00')));
  const { lead_id: lead } = await s.capture1(P, { store: 'S1' });
  t.equal(await climb(s, june(5, '10:00:00')), 3, 'nobody has it: the manager is told');
  await s.post(`/v1/leads/${lead}/owner`, { owner: 'A1' });
  t.match(
    (await s.get(`/v1/leads/${lead}`)).task,
    { due_at: iso(june(2, '10:00:00')) },
    'scenario 68: from the capture',
  );
  t.equal(await climb(s, june(5, '10:01:00')), 0);
  t.equal((await s.get(`/v1/leads/${lead}`)).owner, 'A1');
  t.equal(await climb(s, june(7, '09:59:59')), 0);
  t.equal(await climb(s, june(7, '10:00:00')), 2, 'two days after it was given');
  const again = await s.get(`/v1/leads/${lead}`);
  t.match(again, { owner: null, task: { due_at: iso(june(8, '10:00:00')) } });
  s.setClock(Date.parse(june(7, '12:00:00')));
  await s.post(`/v1/leads/${lead}/owner`, { owner: 'A2' });
  t.match(
    (await s.get(`/v1/leads/${lead}`)).task,
    { due_at: iso(june(8, '12:00:00')) },
    'a recycled one: from the assignment',
  );
});

t.test('whoever followed up in time is left alone; steps can be left out by policy', async (t) => {
  const s = await play(t);
  s.setClock(Date.parse(june(1, '10:00:00')));
  const { lead_id: lead } = await s.capture1(P, { store: 'S1', owner: 'A1' });
  s.setClock(Date.parse(june(1, '11:00:00')));
  const next = { method: 'wecom', content: 'ok', outcome: 'answered', next_at: june(20, '10:00:00') };
  await s.post(`/v1/leads/${lead}/follow-ups`, next);
  t.equal(await climb(s, june(19, '10:00:00')), 0);
  const policy = await s.call('GET', '/v1/policy');
  const { document } = policy.body;
  const ladder_hours = { notice: null, remind: 1, escalate: null, recycle: null };
  const body = { document: { ...document, follow_up: { ...document.follow_up, ladder_hours } }, reason: 'a test' };
  t.match(
    await s.call('PUT', '/v1/policy', { body, headers: { 'if-match': String(policy.headers.etag) } }),
    { status: 200 },
    'as the policy is set',
  );
  t.equal(await climb(s, june(20, '10:59:59')), 0);
  t.equal(await climb(s, june(25, '11:00:00')), 1);
  t.equal((await s.eventsOf(lead)).at(-1)?.type, 'task.overdue');
});

t.test('a recycled lead that was followed up once is due from its assignment too', async (t) => {
  const s = await play(t);
  s.setClock(Date.parse(june(1, '10:00:00')));
  const { lead_id: lead } = await s.capture1(P, { store: 'S1', owner: 'A1' });
  const call = { method: 'phone', content: '下周再谈', outcome: 'answered' };
  await s.post(`/v1/leads/${lead}/follow-ups`, { ...call, next_at: june(2, '10:00:00') });
  await climb(s, june(4, '10:00:00'));
  const pooled = await s.get(`/v1/leads/${lead}`);
  t.match(pooled, { state: 'following', owner: null, task: { kind: 'follow_up', due_at: iso(june(5, '10:00:00')) } });
  s.setClock(Date.parse(june(5, '09:55:00')));
  await s.post(`/v1/leads/${lead}/assign`, { owner: 'A2' });
  t.match((await s.get(`/v1/leads/${lead}`)).task, { id: pooled.task.id, due_at: iso(june(6, '09:55:00')) });
});
