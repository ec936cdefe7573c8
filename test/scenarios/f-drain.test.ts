import { sql } from 'kysely';
import pg from 'pg';
import t, { type Test } from 'tap';
import { createDrainBook } from '../../src/flows/drain-book.ts';
import { advisoryKey } from '../../src/store/advisory.ts';
import { assignBy } from '../helpers/assign-by.ts';
import { phoneOf } from '../helpers/captured.ts';
import { drain } from '../helpers/drain.ts';
import { NOON, staff, staffTwoStores, tally } from '../helpers/staffed.ts';
import { startWorking, type Working } from '../helpers/working.ts';

t.setTimeout(180_000);

const FULL = { A1: { openCap: 0 }, A2: { openCap: 0 }, A3: { openCap: 0 } };
const FLEET = { store: 'S1', campaign: { id: 'fleet' } };

/** S1 and S2; who is captured by the campaign `fleet` goes to somebody of the skill `fleet`. */
async function working(t: Test, more: Parameters<typeof staffTwoStores>[1] = {}): Promise<Working> {
  const s = await startWorking(t);
  s.setClock(NOON);
  await staffTwoStores(s.db, more);
  await assignBy(s, ({ rules }) => ({
    rules: [{ name: 'fleet', when: { campaign: ['fleet'] }, give: { to: 'capture_store', skill: 'fleet' } }, ...rules],
  }));
  return s;
}

const ownersOf = async (s: Working, ids: readonly string[]) =>
  tally(await Promise.all(ids.map(async (id) => (await s.get(`/v1/leads/${id}`)).owner)));

t.test('what a rule asks for is asked for at the drain too', async (t) => {
  const s = await working(t, FULL);
  const { lead_id, owner } = await s.capture1(phoneOf(1), FLEET);
  t.match(owner, { adviser: null, reason: 'pool' });
  t.equal((await s.get(`/v1/leads/${lead_id}`)).skill, 'fleet');
  await staff(s.db, { advisers: { A1: { stores: ['S1'] } } });
  t.equal(await drain(s), 0, 'A1 has room, and not the skill');
  const claim = await s.call('POST', `/v1/leads/${lead_id}/claim`, { body: { adviser: 'A1' } });
  t.match(claim, { status: 409, body: { code: 'state_conflict', why: 'skill' } });
  await staff(s.db, { advisers: { A2: { stores: ['S1'], skills: ['fleet'] } } });
  t.equal(await drain(s), 1);
  t.match(await s.get(`/v1/leads/${lead_id}`), { owner: 'A2', skill: 'fleet' });
});

t.test('what a rule asks for is asked for when its owner leaves', async (t) => {
  const s = await working(t, { A2: { skills: ['fleet'] }, A3: { skills: ['fleet'] } });
  const ids: string[] = [];
  for (let n = 0; n < 6; n += 1) ids.push((await s.capture1(phoneOf(n), FLEET)).lead_id);
  t.strictSame(await ownersOf(s, ids), { A2: 3, A3: 3 });
  await staff(s.db, { advisers: { A2: { stores: ['S1'], skills: ['fleet'], active: false } } });
  t.match(await s.post('/v1/advisers/A2/reassign', {}), { given: 3, pooled: 0 });
  t.strictSame(await ownersOf(s, ids), { A3: 6 }, 'never to A1');
});

t.test('what nobody can have holds nobody up', async (t) => {
  const s = await working(t, FULL);
  const stuck: string[] = [];
  for (let n = 0; n < 120; n += 1) stuck.push((await s.capture1(phoneOf(n), FLEET)).lead_id);
  s.setClock(NOON + 1_000);
  const plain = [await s.capture1(phoneOf(500), { store: 'S1' })];
  s.setClock(NOON + 1_500);
  plain.push(await s.capture1(phoneOf(501), { store: 'S1' }));
  await staff(s.db, { advisers: { A1: { stores: ['S1'], openCap: 1 } } });
  t.equal(await drain(s, NOON + 2_000), 1);
  t.strictSame(
    await Promise.all(plain.map(async ({ lead_id }) => (await s.get(`/v1/leads/${lead_id}`)).owner)),
    ['A1', null],
    'the oldest of them',
  );
  t.strictSame(await ownersOf(s, stuck.slice(0, 5)), { null: 5 });
});

t.test('however many nobody can have, what lies behind them has its turn in some rounds', async (t) => {
  const s = await working(t, FULL);
  await s.capture1(phoneOf(0), FLEET);
  // More than a round looks at: 2,000 from the head, and 2,000 from where the last one stopped.
  await sql`insert into lead select (jsonb_populate_record(l, jsonb_build_object(
      'id', gen_random_uuid(), 'customer_id', gen_random_uuid(), 'phone', null, 'task', null))).*
    from lead l, generate_series(1, 5000)`.execute(s.db);
  s.setClock(NOON + 1_000);
  const { lead_id } = await s.capture1(phoneOf(500), { store: 'S1' });
  await staff(s.db, { advisers: { A1: { stores: ['S1'] } } });
  const book = createDrainBook();
  const rounds: number[] = [];
  for (let n = 0; n < 3; n += 1) rounds.push(await drain(s, NOON + 2_000, book));
  t.strictSame(rounds, [0, 1, 0], 'the first round has looked at 4,000 of 5,001');
  t.equal((await s.get(`/v1/leads/${lead_id}`)).owner, 'A1');
});

t.test('of no store: a region that is full holds no other region up', async (t) => {
  const s = await working(t);
  await staff(s.db, {
    regions: { east: ['苏州'], west: ['成都'] },
    advisers: { E1: { regions: ['east'], openCap: 0 }, W1: { regions: ['west'], openCap: 0 } },
  });
  for (let n = 0; n < 110; n += 1) await s.capture1(phoneOf(n), {}, { city: '苏州' });
  s.setClock(NOON + 1_000);
  const { lead_id } = await s.capture1(phoneOf(500), {}, { city: '成都市' });
  await staff(s.db, { advisers: { W1: { regions: ['west'] } } });
  t.equal(await drain(s, NOON + 2_000), 1);
  t.equal((await s.get(`/v1/leads/${lead_id}`)).owner, 'W1');
});

t.test('what counts as dormant holds nobody up, though no sweep has come by', async (t) => {
  const s = await working(t, FULL);
  s.setClock(NOON - 40 * 86_400_000);
  const old: string[] = [];
  for (let n = 0; n < 101; n += 1) old.push((await s.capture1(phoneOf(n), { store: 'S1' })).lead_id);
  s.setClock(NOON + 1_000);
  const { lead_id } = await s.capture1(phoneOf(500), { store: 'S1' });
  await staff(s.db, { advisers: { A1: { stores: ['S1'] } } });
  t.equal(await drain(s, NOON + 2_000), 1);
  t.equal((await s.get(`/v1/leads/${lead_id}`)).owner, 'A1');
});

t.test('a drain that hangs stops neither captures nor claims, and one that dies no other drain', async (t) => {
  const s = await working(t, FULL);
  const [one, two] = [await s.capture1(phoneOf(1), { store: 'S1' }), await s.capture1(phoneOf(2), { store: 'S1' })];
  await staff(s.db, { advisers: { A1: { stores: ['S1'] } } });
  const hanging = new pg.Client({ connectionString: s.databaseUrl });
  hanging.on('error', () => {}); // it is ended from outside
  await hanging.connect();
  await hanging.query('begin');
  await hanging.query('select pg_advisory_xact_lock($1::integer, $2::integer)', [...advisoryKey('pools')]);
  t.equal(await drain(s), 0, 'one drains at a time');
  t.equal((await s.capture1(phoneOf(3), { store: 'S1' })).owner.adviser, 'A1');
  t.match(await s.post(`/v1/leads/${one.lead_id}/claim`, { adviser: 'A1' }), { owner: 'A1' });
  const { rows } = await hanging.query<{ pid: number }>('select pg_backend_pid() as pid');
  await sql`select pg_terminate_backend(${rows[0]?.pid}, 5000)`.execute(s.db);
  t.equal(await drain(s), 1);
  t.equal((await s.get(`/v1/leads/${two.lead_id}`)).owner, 'A1');
});

t.test('an old sign-up that found no room waits like any other, until it has been here for thirty days', async (t) => {
  const s = await working(t, FULL);
  const old = { store: 'S1', occurred_at: '2026-04-20T12:00:00+08:00' };
  const [one, two, three] = [
    await s.capture1(phoneOf(1), old),
    await s.capture1(phoneOf(2), old),
    await s.capture1(phoneOf(3), old),
  ];
  await staff(s.db, { advisers: { A1: { stores: ['S1'] }, A2: { stores: ['S1'] } } });
  t.match(await s.post(`/v1/leads/${one.lead_id}/claim`, { adviser: 'A1' }), { owner: 'A1' });
  t.equal(await drain(s), 2, 'the others are given in turn');
  const owners = await Promise.all(
    [one, two, three].map(async ({ lead_id }) => (await s.get(`/v1/leads/${lead_id}`)).owner),
  );
  t.notOk(owners.includes(null), JSON.stringify(owners));
  t.match(await s.post(`/v1/leads/${one.lead_id}/release`, {}), { owner: null });
  const A2 = await s.post('/v1/advisers/A2/reassign', {});
  t.equal(A2.given + A2.pooled, owners.filter((owner) => owner === 'A2').length, 'none stays with who leaves');
});

t.test('a lead in no store is claimed by who takes leads of its city', async (t) => {
  const s = await startWorking(t);
  s.setClock(NOON);
  await staff(s.db, {
    regions: { north: ['北京'], east: ['南京'] },
    advisers: { N1: { regions: ['north'], openCap: 0 }, E1: { regions: ['east', 'north'] }, E2: { regions: ['east'] } },
  });
  await staff(s.db, { advisers: { E1: { regions: ['east', 'north'], active: false } } });
  const { lead_id, owner } = await s.capture1(phoneOf(1), {}, { city: '北京' });
  t.equal(owner.adviser, null);
  const claim = (adviser: string) => s.call('POST', `/v1/leads/${lead_id}/claim`, { body: { adviser } });
  t.match(await claim('E2'), { status: 409, body: { why: 'not_in_pool' } });
  await staff(s.db, { advisers: { E1: { regions: ['east', 'north'] } } });
  t.match(await claim('E1'), { status: 200, body: { owner: 'E1' } });
});

t.test('whose second identity is of somebody with an open lead takes the next turn all the same', async (t) => {
  const s = await working(t, { A3: { active: false } });
  const first = await s.capture1(phoneOf(1), { store: 'S1' }, { wechat: 'wx-of-two' });
  t.equal(first.owner.adviser, 'A1');
  const second = await s.capture1(phoneOf(2), { store: 'S1' }, { wechat: 'wx-of-two' });
  t.match(second, { decision: 'created', owner: { adviser: 'A2' } });
  t.equal((await s.capture1(phoneOf(3), { store: 'S1' })).owner.adviser, 'A1', 'and the wheel has gone on');
});
