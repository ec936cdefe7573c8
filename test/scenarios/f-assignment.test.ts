import t, { type Test } from 'tap';
import { assignBy } from '../helpers/assign-by.ts';
import { phoneOf } from '../helpers/captured.ts';
import { NOON, shifts, staff, staffTwoStores, tally } from '../helpers/staffed.ts';
import { type Outcome, P, startWorking, type Working } from '../helpers/working.ts';

t.setTimeout(180_000);

/** A service with S1 (A1, A2, A3) and S2 (B1, B2), at noon of 10 June. */
async function working(t: Test, more: Parameters<typeof staffTwoStores>[1] = {}): Promise<Working> {
  const s = await startWorking(t);
  s.setClock(NOON);
  await staffTwoStores(s.db, more);
  return s;
}

const many = (s: Working, count: number, more: object, from = 0): Promise<readonly Outcome[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => s.capture1(phoneOf(from + n), more)));

const inTurn = async (s: Working, count: number, more: object, from = 0): Promise<readonly Outcome[]> => {
  const outcomes: Outcome[] = [];
  for (let n = 0; n < count; n += 1) outcomes.push(await s.capture1(phoneOf(from + n), more));
  return outcomes;
};

const advisers = (outcomes: readonly Outcome[]) => outcomes.map(({ owner }) => owner.adviser);

t.test('scenario 65: a fair wheel under parallel load', async (t) => {
  const s = await working(t);
  const first = await many(s, 100, { store: 'S1' });
  t.strictSame(Object.values(tally(advisers(first))).sort(), [33, 33, 34]);
  const more = await many(s, 102, { store: 'S1' }, 100);
  t.strictSame(tally(advisers(more)), { A1: 34, A2: 34, A3: 34 });
  t.strictSame([...new Set(more.map(({ owner }) => owner.reason))], ['wheel']);
});

t.test('a lead with an owner is told, with the rule and the pool', async (t) => {
  const s = await working(t);
  const { lead_id, owner } = await s.capture1(P, { store: 'S1' });
  t.strictSame(owner, { adviser: 'A1', store: 'S1', reason: 'wheel' });
  t.match(await s.get(`/v1/leads/${lead_id}`), { state: 'assigned', owner: 'A1', store: 'S1' });
  const [created, assigned] = (await s.eventsOf(lead_id)).filter(({ type }) => !type.startsWith('task.'));
  t.equal(created?.type, 'lead.created');
  t.match(assigned, {
    type: 'lead.assigned',
    data: { owner: 'A1', owner_reason: 'wheel', assignment_rule: 'capture_store', pool: 'store:S1', state: 'assigned' },
  });
});

t.test('scenario 17: a hundred at once are one owner', async (t) => {
  const s = await working(t);
  const outcomes = await Promise.all(
    Array.from({ length: 100 }, (_, n) =>
      s.capture1(P, { store: n % 2 === 0 ? 'S1' : 'S2', external_id: `x${n}` }, { name: `n${n}` }),
    ),
  );
  t.strictSame(tally(outcomes.map(({ decision }) => decision)), { created: 1, merged: 99 });
  t.equal(new Set(advisers(outcomes)).size, 1);
  const [{ lead_id } = { lead_id: '' }] = outcomes;
  const told = (await s.eventsOf(lead_id)).filter(({ type }) => type === 'lead.assigned');
  t.equal(told.length, 1);
});

t.test('scenario 22: a duplicate at another store changes nothing', async (t) => {
  const s = await working(t);
  const first = await s.capture1(P, { store: 'S1' });
  const again = await s.capture1(P, { store: 'S2', channel: 'xhs' });
  t.match(again, { decision: 'merged', lead_id: first.lead_id, owner: { adviser: 'A1', reason: 'unchanged' } });
  const [next] = await inTurn(s, 1, { store: 'S2' });
  t.equal(next?.owner.adviser, 'B1', 'nor was anybody of S2 passed by');
});

async function dormant(s: Working): Promise<string> {
  s.setClock(Date.parse('2026-02-01T12:00:00+08:00'));
  const { lead_id, owner } = await s.capture1(P, { store: 'S1' });
  if (owner.adviser !== 'A1') throw new Error('it is to be of A1');
  s.setClock(Date.parse('2026-03-01T12:00:00+08:00'));
  await s.post(`/v1/leads/${lead_id}/state`, { state: 'dormant' });
  s.setClock(Date.parse('2026-04-10T12:00:00+08:00'));
  return lead_id;
}

t.test('scenario 32: the basic rule', async (t) => {
  const s = await working(t);
  const lead = await dormant(s);
  const woken = await s.capture1(P, { store: 'S2' });
  t.match(woken, { decision: 'reactivated', lead_id: lead, owner: { adviser: 'B1', store: 'S2', reason: 'wheel' } });
  t.match(await s.get(`/v1/leads/${lead}`), { cycle: 2, owner: 'B1', former_owner: 'A1', former_store: 'S1' });
  const told = (await s.eventsOf(lead)).findLast(({ type }) => type === 'lead.assigned');
  t.match(told?.data, { owner: 'B1', former_owner: 'A1', former_store: 'S1', cycle: 2 });
});

t.test('scenario 33: the same store, the former owner; the wheel stands still', async (t) => {
  const s = await working(t);
  const lead = await dormant(s);
  const woken = await s.capture1(P, { store: 'S1' });
  t.match(woken, { decision: 'reactivated', lead_id: lead, owner: { adviser: 'A1', reason: 'former_owner' } });
  t.strictSame(advisers(await inTurn(s, 1, { store: 'S1' })), ['A2']);
});

t.test('scenario 33: taken for neglect, the next of the others', async (t) => {
  const s = await working(t);
  const lead = await dormant(s);
  const at = Date.parse('2026-04-09T12:00:00+08:00');
  await s.db
    .updateTable('lead')
    .set({
      owner_taken: true,
      taken_from: JSON.stringify([
        { owner: 'A1', at },
        { owner: 'A2', at },
      ]),
    })
    .where('id', '=', lead)
    .execute();
  const woken = await s.capture1(P, { store: 'S1' });
  t.match(woken, { owner: { adviser: 'A3', reason: 'wheel' } }, 'everybody of the window cools down');
  t.match((await s.eventsOf(lead)).findLast(({ type }) => type === 'lead.assigned')?.data.passed_over, [
    'A1:cool_down',
    'A2:cool_down',
  ]);
});

t.test('scenario 33: taken for neglect long ago, still not to who neglected it', async (t) => {
  const s = await working(t);
  const lead = await dormant(s);
  await s.db
    .updateTable('lead')
    .set({ owner: null, owner_since: null, former_owner: 'A1', former_store: 'S1', owner_taken: true })
    .where('id', '=', lead)
    .execute();
  t.strictSame(advisers(await inTurn(s, 2, { store: 'S1' })), ['A2', 'A3']);
  const woken = await s.capture1(P, { store: 'S1' });
  t.match(woken, { decision: 'reactivated', owner: { adviser: 'A2', reason: 'wheel' } }, 'whose turn it was: A1');
});

t.test('a former owner who is there no more does not keep it', async (t) => {
  const s = await working(t);
  await dormant(s);
  await staff(s.db, { advisers: { A1: { stores: ['S1'], active: false } } });
  t.match(await s.capture1(P, { store: 'S1' }), { owner: { adviser: 'A2', reason: 'wheel' } });
});

t.test('woken without a store: by city, else the former one', async (t) => {
  const s = await working(t);
  await staff(s.db, { stores: { S2: { cities: ['南京'] } } });
  await dormant(s);
  const woken = await s.capture1(P, {}, { city: '南京市' });
  t.match(woken, { decision: 'reactivated', owner: { adviser: 'B1', store: 'S2', reason: 'wheel' } });
  const other = await working(t);
  await dormant(other);
  t.match(await other.capture1(P), { owner: { adviser: 'A1', store: 'S1', reason: 'former_owner' } });
});

t.test('scenario 35: two wake-ups at once', async (t) => {
  const s = await working(t);
  const lead = await dormant(s);
  const outcomes = await Promise.all(
    Array.from({ length: 10 }, (_, n) =>
      s.capture1(P, { store: n % 2 === 0 ? 'S1' : 'S2', external_id: `w${n}` }, { name: `n${n}` }),
    ),
  );
  t.strictSame(tally(outcomes.map(({ decision }) => decision)), { reactivated: 1, merged: 9 });
  t.equal(new Set(advisers(outcomes)).size, 1);
  t.equal((await s.get(`/v1/leads/${lead}`)).cycle, 2);
});

/** P won on 1 May by A2 of S1. */
async function won(s: Working): Promise<string> {
  s.setClock(Date.parse('2026-05-01T12:00:00+08:00'));
  const { lead_id } = await s.capture1(P, { store: 'S1', owner: 'A2' });
  await s.post(`/v1/leads/${lead_id}/state`, { state: 'won', amount: 1, currency: 'CNY' });
  s.setClock(Date.parse('2026-08-20T12:00:00+08:00'));
  return lead_id;
}

t.test('scenarios 39 and 40: a repurchase goes to the closer, even over cap', async (t) => {
  const s = await working(t, { A2: { openCap: 1 } });
  const lead = await won(s);
  await s.capture1(phoneOf(1), { store: 'S1', owner: 'A2' });
  const again = await s.capture1(P, { store: 'S2' });
  t.match(again, { decision: 'repurchase', owner: { adviser: 'A2', store: 'S1', reason: 'repurchase_sticky' } });
  t.match(await s.get(`/v1/leads/${again.lead_id}`), { repurchase_of: lead, owner: 'A2' });
  t.match(await s.get(`/v1/leads/${lead}`), { state: 'won', owner: 'A2' });
  t.notOk(advisers(await inTurn(s, 4, { store: 'S1' }, 10)).includes('A2'), 'it counts for the cap');
});

t.test("scenario 41: the closer has left, the store's wheel", async (t) => {
  const s = await working(t);
  await won(s);
  await staff(s.db, { advisers: { A2: { stores: ['S1'], active: false } } });
  t.match(await s.capture1(P, { store: 'S2' }), {
    decision: 'repurchase',
    owner: { adviser: 'A1', store: 'S1', reason: 'previous_owner_inactive' },
  });
});

t.test('scenario 45: after lost, the rules for the capturing store', async (t) => {
  const s = await working(t);
  s.setClock(Date.parse('2026-04-20T12:00:00+08:00'));
  const first = await s.capture1(P, { store: 'S1' });
  s.setClock(Date.parse('2026-05-01T12:00:00+08:00'));
  await s.post(`/v1/leads/${first.lead_id}/state`, { state: 'lost', reason: 'bought a competitor' });
  s.setClock(Date.parse('2026-05-20T12:00:00+08:00'));
  const again = await s.capture1(P, { store: 'S2' });
  t.match(again, { decision: 'after_lost', owner: { adviser: 'B1', store: 'S2', reason: 'wheel' } });
  t.equal((await s.get(`/v1/leads/${again.lead_id}`)).previous_lead, first.lead_id);
});

t.test('scenario 68: everybody is full', async (t) => {
  const s = await working(t, { A1: { openCap: 1 }, A2: { openCap: 1 }, A3: { openCap: 1 } });
  const full = await many(s, 20, { store: 'S1' });
  t.strictSame(tally(advisers(full)), { A1: 1, A2: 1, A3: 1, null: 17 }, 'under parallel load too');
  const waiting = full.find(({ owner }) => owner.adviser === null);
  t.match(waiting?.owner, { store: 'S1', reason: 'pool' });
  const told = (await s.eventsOf(waiting?.lead_id ?? '')).filter(({ type }) => type === 'assignment.exhausted');
  t.match(told, [{ data: { store: 'S1', passed_over: ['A1:open_cap', 'A2:open_cap', 'A3:open_cap'] } }]);
  t.equal(told.length, 1);
});

t.test('somebody in two stores is never given more than their cap, whatever comes at once', async (t) => {
  const s = await working(t, { B1: { openCap: 0 }, B2: { openCap: 0 } });
  await staff(s.db, {
    advisers: {
      A1: { stores: ['S1', 'S2'], openCap: 5 },
      A2: { stores: ['S1', 'S2'], dailyCap: 3 },
      A3: { stores: ['S1'], openCap: 2 },
    },
  });
  const [one, two] = await Promise.all([many(s, 30, { store: 'S1' }), many(s, 30, { store: 'S2' }, 100)]);
  t.match(tally(advisers([...one, ...two])), { A1: 5, A2: 3, A3: 2, null: 50 });
});

t.test('a daily cap begins anew in the morning of the store', async (t) => {
  const s = await working(t, { B1: { dailyCap: 2 }, B2: { openCap: 0 } });
  t.strictSame(tally(advisers(await inTurn(s, 3, { store: 'S2' }))), { B1: 2, null: 1 });
  s.setClock(Date.parse('2026-06-10T23:59:59+08:00'));
  t.strictSame(advisers(await inTurn(s, 1, { store: 'S2' }, 10)), [null]);
  s.setClock(Date.parse('2026-06-11T00:00:00+08:00'));
  t.strictSame(advisers(await inTurn(s, 1, { store: 'S2' }, 20)), ['B1']);
});

t.test('scenario 69: nobody on shift; it waits, unless the policy says otherwise', async (t) => {
  const on = shifts('09:00', '18:00');
  const s = await working(t, { B1: { shifts: on }, B2: { shifts: on } });
  s.setClock(Date.parse('2026-06-10T20:00:00+08:00'));
  const [late] = await inTurn(s, 1, { store: 'S2' });
  t.match(late?.owner, { adviser: null, store: 'S2', reason: 'pool' });
  await assignBy(s, () => ({ off_shift: 'assign' }));
  t.strictSame(advisers(await inTurn(s, 1, { store: 'S2' }, 10)), ['B1']);
});

t.test('scenario 71: a newcomer', async (t) => {
  const s = await working(t);
  await many(s, 31, { store: 'S1' });
  await staff(s.db, { advisers: { A0: { stores: ['S1'] } } });
  t.strictSame(tally(advisers(await inTurn(s, 8, { store: 'S1' }, 100))), { A0: 2, A1: 2, A2: 2, A3: 2 });
});

t.test('scenario 72: weights', async (t) => {
  const s = await working(t);
  await staff(s.db, {
    stores: { S2: { pick: 'weighted' } },
    advisers: { B1: { stores: ['S2'], weight: 3 }, B2: { stores: ['S2'], weight: 1 } },
  });
  const given = advisers(await inTurn(s, 8, { store: 'S2' }));
  t.strictSame(tally(given), { B1: 6, B2: 2 });
  t.strictSame(tally(given.slice(0, 4)), { B1: 3, B2: 1 });
});

t.test('least loaded: whoever has the fewest open leads', async (t) => {
  const s = await working(t);
  await staff(s.db, { stores: { S2: { pick: 'least_loaded' } } });
  for (let n = 0; n < 3; n += 1) await s.capture1(phoneOf(50 + n), { store: 'S2', owner: 'B1' });
  t.strictSame(advisers(await inTurn(s, 4, { store: 'S2' })), ['B2', 'B2', 'B2', 'B1']);
});

t.test('scenario 77: the order of rules, and why others were skipped', async (t) => {
  const s = await working(t);
  await assignBy(s, () => ({
    rules: [
      { name: 'vip', when: { campaign: ['vip'] }, give: { to: 'adviser', adviser: 'A1' } },
      { name: 'nobody', when: {}, give: { to: 'store', store: 'S9' } },
      { name: 'nanjing', when: { city: ['南京'] }, give: { to: 'store', store: 'S2' } },
      { name: 'else', when: {}, give: { to: 'store', store: 'S1' } },
    ],
  }));
  const nanjing = { city: '南京市' };
  const vip = await s.post('/v1/leads', {
    channel: 'douyin',
    person: { phone: phoneOf(1), ...nanjing },
    campaign: { id: 'vip' },
  });
  t.match(vip, { owner: { adviser: 'A1', reason: 'rule' }, assignment: { rule: 'vip', skipped: [] } });
  const plain = await s.post('/v1/leads', { channel: 'douyin', person: { phone: phoneOf(2), ...nanjing } });
  t.match(plain, {
    owner: { adviser: 'B1', store: 'S2' },
    assignment: {
      rule: 'nanjing',
      skipped: [
        { rule: 'vip', why: 'no_match' },
        { rule: 'nobody', why: 'store_unknown' },
      ],
    },
  });
  const other = await s.post('/v1/leads', { channel: 'douyin', person: { phone: phoneOf(3) } });
  t.match(other, { owner: { adviser: 'A1', store: 'S1', reason: 'wheel' }, assignment: { rule: 'else' } });
  await staff(s.db, { advisers: { A1: { stores: ['S1'], active: false } } });
  const gone = await s.post('/v1/leads', {
    channel: 'douyin',
    person: { phone: phoneOf(4), ...nanjing },
    campaign: { id: 'vip' },
  });
  t.match(gone, {
    owner: { store: 'S2' },
    assignment: { rule: 'nanjing', skipped: [{ rule: 'vip', why: 'inactive' }, {}] },
  });
});

t.test('territory: the stores of a city in turn, else its region, else HQ', async (t) => {
  const s = await working(t);
  await staff(s.db, {
    regions: { east: ['无锡'] },
    stores: { S1: { cities: ['苏州'] }, S2: { cities: ['苏州市'] } },
    advisers: { R1: { regions: ['east'] }, H1: { hq: true } },
  });
  const at = (n: number, city: string) => s.capture1(phoneOf(n), {}, { city });
  const suzhou = [await at(1, '苏州'), await at(2, '苏州市'), await at(3, '苏州')];
  t.strictSame(
    suzhou.map(({ owner }) => [owner.store, owner.adviser]),
    [
      ['S1', 'A1'],
      ['S2', 'B1'],
      ['S1', 'A2'],
    ],
  );
  t.match((await at(4, '无锡')).owner, { store: null, adviser: 'R1', reason: 'wheel' });
  t.match((await at(5, '拉萨')).owner, { store: null, adviser: 'H1', reason: 'wheel' });
});

t.test('what a store cannot take its region can, then HQ', async (t) => {
  const s = await startWorking(t);
  s.setClock(NOON);
  await staff(s.db, {
    regions: { east: [] },
    stores: { S1: { region: 'east' } },
    advisers: {
      A1: { stores: ['S1'], openCap: 1 },
      R1: { regions: ['east'], openCap: 1 },
      H1: { hq: true, openCap: 1 },
    },
  });
  t.strictSame(advisers(await inTurn(s, 4, { store: 'S1' })), ['A1', 'R1', 'H1', null]);
});

t.test('a skill has a wheel of its own', async (t) => {
  const s = await working(t, { A2: { skills: ['fleet'] }, A3: { skills: ['fleet'] } });
  await assignBy(s, ({ rules }) => ({
    rules: [{ name: 'fleet', when: { campaign: ['fleet'] }, give: { to: 'capture_store', skill: 'fleet' } }, ...rules],
  }));
  const fleet = { store: 'S1', campaign: { id: 'fleet' } };
  t.strictSame(advisers(await inTurn(s, 3, fleet)), ['A2', 'A3', 'A2']);
  t.strictSame(advisers(await inTurn(s, 2, { store: 'S1' }, 10)), ['A1', 'A2']);
});

t.test('scenario 78: a dry run answers what the real call then does, and moves nothing', async (t) => {
  const s = await working(t);
  await s.capture1(phoneOf(1), { store: 'S1' });
  const body = { channel: 'douyin', store: 'S1', person: { phone: P } };
  const dry = await s.call('POST', '/v1/leads?dry_run=true', { body });
  const again = await s.call('POST', '/v1/leads?dry_run=true', { body });
  const real = await s.post('/v1/leads', body);
  const told = ({ decision, rule, owner, assignment }: typeof real) => ({ decision, rule, owner, assignment });
  t.strictSame(told(dry.body), told(real));
  t.strictSame(told(again.body), told(real));
  t.match(real, { owner: { adviser: 'A2' }, assignment: { rule: 'capture_store', skipped: [], passed_over: [] } });
});

t.test('history and named owners move no wheel; an empty directory assigns nobody', async (t) => {
  const s = await working(t);
  const old = await s.post('/v1/leads?mode=history', {
    channel: 'douyin',
    store: 'S1',
    person: { phone: phoneOf(1) },
  });
  t.match(old.owner, { adviser: null, reason: 'none' });
  t.match((await s.capture1(phoneOf(2), { store: 'S1', owner: 'A1' })).owner, { adviser: 'A1', reason: 'named' });
  t.match((await s.capture1(phoneOf(3), { store: 'S1' })).owner, { adviser: 'A1', reason: 'wheel' });
  const empty = await startWorking(t);
  const alone = await empty.capture1(P, { store: 'S1' });
  t.match(alone.owner, { adviser: null, store: 'S1', reason: 'pool' });
  t.strictSame(
    (await empty.eventsOf(alone.lead_id)).filter(({ type }) => type.startsWith('assignment')),
    [],
  );
});
