import t, { type Test } from 'tap';
import { phoneOf } from '../helpers/captured.ts';
import { drain } from '../helpers/drain.ts';
import { NOON, shifts, staff, staffTwoStores, tally } from '../helpers/staffed.ts';
import { P, startWorking, type Working } from '../helpers/working.ts';

t.setTimeout(180_000);

async function working(t: Test, more: Parameters<typeof staffTwoStores>[1] = {}): Promise<Working> {
  const s = await startWorking(t);
  s.setClock(NOON);
  await staffTwoStores(s.db, more);
  return s;
}

const FULL = { A1: { openCap: 0 }, A2: { openCap: 0 }, A3: { openCap: 0 } };

t.test('scenario 68: when one closes, the oldest of the highest rating is given', async (t) => {
  const s = await working(t, { A1: { openCap: 0 }, A2: { openCap: 0 }, A3: { openCap: 1 } });
  const first = await s.capture1(phoneOf(0), { store: 'S1' });
  t.equal(first.owner.adviser, 'A3');
  const waiting: string[] = [];
  for (let n = 1; n <= 3; n += 1) {
    s.setClock(NOON + n * 60_000);
    waiting.push((await s.capture1(phoneOf(n), { store: 'S1' })).lead_id);
  }
  const [oldest = '', high = '', newest = ''] = waiting;
  await s.db.updateTable('lead').set({ rating: 'low' }).where('id', '=', oldest).execute();
  await s.db.updateTable('lead').set({ rating: 'high' }).where('id', 'in', [high, newest]).execute();
  s.setClock(NOON + 600_000);
  t.equal(await drain(s, NOON + 600_000), 0, 'no room');
  await s.post(`/v1/leads/${first.lead_id}/state`, { state: 'lost', reason: 'x' });
  const [one, two] = await Promise.all([drain(s, NOON + 600_000), drain(s, NOON + 600_000)]);
  t.equal(one + two, 1, 'once, in any number of processes');
  t.match(await s.get(`/v1/leads/${high}`), { owner: 'A3', state: 'assigned', store: 'S1' });
  t.match((await s.eventsOf(high)).findLast(({ type }) => type === 'lead.assigned')?.data, {
    owner: 'A3',
    owner_reason: 'drained',
    pool: 'store:S1',
  });
  for (const id of [oldest, newest]) t.match(await s.get(`/v1/leads/${id}`), { owner: null });
  t.equal((await s.eventsOf(oldest)).filter(({ type }) => type === 'assignment.exhausted').length, 1, 'told once');
});

t.test('scenario 69: what came in the evening is given in the morning', async (t) => {
  const on = shifts('09:00', '18:00');
  const s = await working(t, { A1: { shifts: on }, A2: { shifts: on }, A3: { shifts: on } });
  s.setClock(Date.parse('2026-06-10T20:00:00+08:00'));
  for (let n = 0; n < 3; n += 1) await s.capture1(phoneOf(n), { store: 'S1' });
  const morning = Date.parse('2026-06-11T09:00:00+08:00');
  t.equal(await drain(s, morning - 1), 0);
  t.equal(await drain(s, morning), 3);
  const rows = await s.db.selectFrom('lead').select(['owner', 'owner_since', 'pooled_since']).execute();
  t.strictSame(tally(rows.map(({ owner }) => owner)), { A1: 1, A2: 1, A3: 1 });
  t.ok(rows.every(({ owner_since, pooled_since }) => owner_since === morning && pooled_since === null));
});

t.test('scenario 75: twenty claims of one lead, one wins', async (t) => {
  const s = await working(t, FULL);
  const { lead_id } = await s.capture1(P, { store: 'S1' });
  const other = await s.capture1(phoneOf(2), { store: 'S1' });
  await staff(s.db, {
    advisers: { A1: { stores: ['S1'], dailyCap: 1 }, A2: { stores: ['S1'] }, A3: { stores: ['S1'] } },
  });
  const claims = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      s.call('POST', `/v1/leads/${lead_id}/claim`, { body: { adviser: `A${1 + (n % 3)}` } }),
    ),
  );
  t.strictSame(tally(claims.map(({ status, body }) => `${status} ${body.code ?? 'claimed'}`)), {
    '200 claimed': 1,
    '409 already_claimed': 19,
  });
  t.equal((await s.eventsOf(lead_id)).filter(({ type }) => type === 'lead.assigned').length, 1);
  const { owner } = await s.get(`/v1/leads/${lead_id}`);
  await staff(s.db, { advisers: { [owner]: { stores: ['S1'], dailyCap: 1 } } });
  const second = await s.call('POST', `/v1/leads/${other.lead_id}/claim`, { body: { adviser: owner } });
  t.match(second, { status: 409, body: { code: 'state_conflict', why: 'daily_cap' } }, 'it counts one');
});

t.test('a claim is refused with why', async (t) => {
  const s = await working(t, { ...FULL, A2: { openCap: 1 } });
  await s.capture1(phoneOf(0), { store: 'S1' });
  const { lead_id } = await s.capture1(P, { store: 'S1' });
  const claim = (adviser: string, key?: string) =>
    s.call('POST', `/v1/leads/${lead_id}/claim`, { body: { adviser }, ...(key === undefined ? {} : { key }) });
  t.match(await claim('A2'), { status: 409, body: { why: 'open_cap' } });
  t.match(await claim('B1'), { status: 409, body: { why: 'not_in_pool' } });
  t.match(await claim('nobody'), { status: 409, body: { why: 'not_in_pool' } });
  t.match(await s.call('POST', `/v1/leads/${lead_id}/claim`, { body: {} }), { status: 422 });
  const b1 = await s.makeKey({ adviser: 'B1', stores: ['S2'] });
  t.match(await claim('B1', b1.secret), { status: 403, body: { code: 'other_store' } });
  const a3 = await s.makeKey({ adviser: 'A3' });
  t.match(await claim('A1', a3.secret), { status: 403, body: { code: 'adviser_mismatch' } });
  await staff(s.db, { advisers: { A3: { stores: ['S1'] } } });
  t.match(await s.call('POST', `/v1/leads/${lead_id}/claim`, { body: {}, key: a3.secret }), {
    status: 200,
    body: { owner: 'A3', state: 'assigned' },
  });
});

t.test('a lead that is given back waits, and goes to somebody else', async (t) => {
  const s = await working(t, { A2: { openCap: 0 }, A3: { openCap: 0 } });
  const { lead_id } = await s.capture1(P, { store: 'S1' });
  const released = await s.post(`/v1/leads/${lead_id}/release`, { reason: '太远' });
  t.match(released, { changed: true, owner: null, store: 'S1', former_owner: 'A1' });
  t.match(await s.post(`/v1/leads/${lead_id}/release`, {}), { changed: false });
  t.equal(await drain(s), 0, 'A1 cools down');
  await staff(s.db, { advisers: { A3: { stores: ['S1'] } } });
  t.equal(await drain(s), 1);
  t.match(await s.get(`/v1/leads/${lead_id}`), { owner: 'A3' });
});

t.test('scenario 74: by hand no wheel is moved', async (t) => {
  const s = await working(t);
  t.match((await s.capture1(phoneOf(1), { store: 'S1' })).owner, { adviser: 'A1' });
  const { lead_id } = await s.capture1(phoneOf(2), { store: 'S2' });
  t.match(await s.post(`/v1/leads/${lead_id}/assign`, { owner: 'A1', store: 'S1' }), { owner: 'A1', store: 'S1' });
  t.match((await s.capture1(phoneOf(3), { store: 'S1' })).owner, { adviser: 'A2' });
  const assign = (body: object) => s.call('POST', `/v1/leads/${lead_id}/assign`, { body });
  t.match(await assign({ owner: 'nobody' }), { status: 422, body: { errors: [{ path: '/owner' }] } });
  t.match(await assign({ owner: 'A1', store: 'S9' }), { status: 422, body: { errors: [{ path: '/store' }] } });
});

t.test('a pooled lead that is given by hand waits no more', async (t) => {
  const s = await working(t, FULL);
  const { lead_id } = await s.capture1(P, { store: 'S1' });
  await s.post(`/v1/leads/${lead_id}/assign`, { owner: 'A1' });
  const row = await s.db
    .selectFrom('lead')
    .select(['pooled_since', 'owner'])
    .where('id', '=', lead_id)
    .executeTakeFirst();
  t.strictSame(row, { pooled_since: null, owner: 'A1' });
});

t.test('everything open of one who leaves, through the wheels or to one', async (t) => {
  const s = await working(t);
  for (let n = 0; n < 12; n += 1) await s.capture1(phoneOf(n), { store: 'S1' });
  const lost = await s.db.selectFrom('lead').select('id').where('owner', '=', 'A1').executeTakeFirstOrThrow();
  await s.post(`/v1/leads/${lost.id}/state`, { state: 'lost', reason: 'x' });
  await staff(s.db, { advisers: { A1: { stores: ['S1'], active: false } } });
  t.strictSame(await s.post('/v1/advisers/A1/reassign', {}), { given: 3, pooled: 0, more: false });
  t.strictSame(await s.post('/v1/advisers/A1/reassign', {}), { given: 0, pooled: 0, more: false }, 'again');
  t.match(await s.get(`/v1/leads/${lost.id}`), { owner: 'A1', state: 'lost' });
  const owners = async () => {
    const rows = await s.db.selectFrom('lead').select('owner').where('state', '=', 'assigned').execute();
    return tally(rows.map(({ owner }) => owner));
  };
  const shared = await owners();
  t.strictSame(Object.keys(shared).sort(), ['A2', 'A3']);
  t.equal(Math.abs((shared['A2'] ?? 0) - (shared['A3'] ?? 0)), 1, 'in turn');
  await s.post('/v1/advisers/A2/reassign', { to: 'A3' });
  t.strictSame(await owners(), { A3: 11 });
  t.match(await s.call('POST', '/v1/advisers/A3/reassign', { body: { to: 'A1' } }), { status: 422 });
  t.match(await s.call('POST', '/v1/advisers/Z9/reassign', { body: {} }), { status: 404 });
  await staff(s.db, { advisers: { A2: { stores: ['S1'], active: false } } });
  t.strictSame(await s.post('/v1/advisers/A3/reassign', {}), { given: 0, pooled: 11, more: false }, 'nobody is left');
  t.strictSame(await owners(), { null: 11 });
});

t.test('what has closed meanwhile is not given', async (t) => {
  const s = await working(t, FULL);
  const { lead_id } = await s.capture1(P, { store: 'S1' });
  await s.post(`/v1/leads/${lead_id}/state`, { state: 'lost', reason: 'x' });
  await staff(s.db, { advisers: { A1: { stores: ['S1'] } } });
  t.equal(await drain(s), 0);
  t.match(await s.get(`/v1/leads/${lead_id}`), { owner: null, state: 'lost' });
});
