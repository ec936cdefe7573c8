import t from 'tap';
import { staffed } from '../../helpers/staffed-stores.ts';
import { P, P2, startWorking } from '../../helpers/working.ts';

const june = (date: number, time: string) => `2026-06-${String(date).padStart(2, '0')}T${time}+08:00`;
const iso = (text: string) => new Date(text).toISOString();
const CALL = { method: 'phone', content: '客户周五到店', outcome: 'answered' };

async function play(t: Parameters<typeof startWorking>[0]) {
  const s = await startWorking(t);
  await staffed(s.db);
  await s.db.updateTable('adviser').set({ external_ref: 'emp-2' }).where('code', '=', 'A2').execute();
  await s.db.updateTable('store').set({ external_ref: '门店/1' }).where('code', '=', 'S1').execute();
  s.setClock(Date.parse(june(1, '10:00:00')));
  const name = async (id: string, external_ref: string) => {
    const { version } = await s.get(`/v1/leads/${id}`);
    const reply = await s.call('PATCH', `/v1/leads/${id}`, {
      body: { external_ref },
      headers: { 'if-match': `"${version}"` },
    });
    t.equal(reply.status, 200, reply.text);
  };
  return { ...s, name };
}

t.test('a CRM drives everything back by its own ids', async (t) => {
  const s = await play(t);
  const { lead_id: id } = await s.capture1(P, { store: 'S1', owner: 'A1' });
  await s.name(id, 'crm-1');
  t.equal((await s.get('/v1/leads/ref:crm-1')).id, id);
  t.equal((await s.post('/v1/leads/ref:crm-1/assign', { owner: 'ref:emp-2', store: 'ref:门店/1' })).owner, 'A2');
  t.match(await s.get('/v1/leads/ref:crm-1'), { owner: 'A2', store: 'S1' });
  t.match(await s.post('/v1/leads/ref:crm-1/rating', { rating: 'high', reason: 'x' }), { rating: 'high' });
  const { task } = await s.get('/v1/leads/ref:crm-1');
  const named = await s.call('PATCH', `/v1/tasks/${task.id}`, { body: { external_ref: 'todo-1' } });
  t.equal(named.status, 200);
  t.match(await s.post('/v1/tasks/ref:todo-1/reschedule', { due_at: june(1, '10:30:00'), reason: 'x' }), {
    task: { id: task.id, due_at: iso(june(1, '10:30:00')) },
  });
  const done = await s.post('/v1/tasks/ref:todo-1/complete', { ...CALL, next_at: june(5, '15:00:00') });
  t.equal(done.task_id, task.id);
  t.match(
    await s.get('/v1/tasks/ref:todo-1'),
    { state: 'completed', external_ref: 'todo-1' },
    'ended, it keeps its name',
  );
  t.match((await s.get('/v1/tasks?adviser=ref:emp-2&store=ref:%E9%97%A8%E5%BA%97%2F1&lead=ref:crm-1')).items, [
    { id: done.next_task.id },
  ]);
  t.match(await s.get('/v1/advisers/ref:emp-2/day?date=2026-06-05'), {
    adviser: 'A2',
    due: [{ task: { id: done.next_task.id } }],
  });
  t.match(await s.get('/v1/stores/ref:%E9%97%A8%E5%BA%97%2F1'), { code: 'S1' }, 'any sign, percent-encoded');
  await s.post('/v1/leads/ref:crm-1/follow-ups', { ...CALL, next_at: june(8, '15:00:00') });
  t.match(await s.get('/v1/leads/ref:crm-1/score').catch(() => ({})), {});
  const won = { state: 'won', amount: 100, currency: 'CNY', closer: 'ref:emp-2' };
  t.match(await s.post('/v1/leads/ref:crm-1/state', won), { state: 'won', closer: 'A2' });
});

t.test('the name of a lead that was merged away names the lead that took it', async (t) => {
  const s = await play(t);
  const [one, two] = [await s.capture1(P, { store: 'S1', owner: 'A1' }), await s.capture1(P2, { store: 'S1' })];
  await s.name(one.lead_id, 'crm-1');
  await s.name(two.lead_id, 'crm-2');
  await s.post(`/v1/customers/${one.customer_id}/merge`, { customer_id: two.customer_id, reason: 'x' });
  t.equal((await s.get('/v1/leads/ref:crm-2')).id, one.lead_id);
  t.match(await s.post('/v1/leads/ref:crm-2/state', { state: 'lost', reason: 'x' }), { lead_id: one.lead_id });
});

t.test('what nobody is called names nothing; what is bound stays bound', async (t) => {
  const s = await play(t);
  const { lead_id: id } = await s.capture1(P, { store: 'S1', owner: 'A1' });
  await s.name(id, 'x'.repeat(200));
  t.equal((await s.get(`/v1/leads/ref:${'x'.repeat(200)}`)).id, id, 'as long as it may be');
  for (const path of [
    '/v1/leads/ref:nobody',
    '/v1/tasks/ref:nobody',
    '/v1/advisers/ref:nobody/day',
    '/v1/stores/ref:nobody',
  ]) {
    t.match(await s.call('GET', path), { status: 404, body: { code: 'not_found' } }, path);
  }
  t.match(await s.call('GET', '/v1/leads/ref:'), { status: 404 });
  t.match(await s.call('PUT', '/v1/advisers/ref:new', { body: { name: 'x' } }), { status: 404 }, 'and makes nobody');
  const body = { owner: 'ref:nobody' };
  t.match(await s.call('POST', `/v1/leads/${id}/assign`, { body }), {
    status: 422,
    body: { code: 'body_invalid', errors: [{ path: '/owner', code: 'unknown_ref' }] },
  });
  t.match(await s.call('GET', '/v1/tasks?adviser=ref:nobody'), {
    status: 400,
    body: { code: 'query_invalid', errors: [{ path: '/adviser', code: 'unknown_ref' }] },
  });
  t.equal((await s.get(`/v1/leads/${id}`)).owner, 'A1');
  const { secret: key } = await s.makeKey({ scopes: ['leads:write', 'leads:read'], stores: ['S2'] });
  const state = { body: { state: 'lost', reason: 'x' }, key };
  t.match(await s.call('POST', `/v1/leads/ref:${'x'.repeat(200)}/state`, state), {
    status: 403,
    body: { code: 'other_store' },
  });
  t.match(await s.call('GET', '/v1/leads/ref:nobody', { key: null }), { status: 401 }, 'and strangers learn nothing');
});
