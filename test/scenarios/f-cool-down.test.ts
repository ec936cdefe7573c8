import t, { type Test } from 'tap';
import { createSeedSource } from '../../src/flows/seed.ts';
import { ladderWorker } from '../../src/workers/ladder.ts';
import { phoneOf } from '../helpers/captured.ts';
import { drain } from '../helpers/drain.ts';
import { NOON, staff, staffTwoStores } from '../helpers/staffed.ts';
import { P, startWorking, type Working } from '../helpers/working.ts';

t.setTimeout(120_000);

const DAY = 86_400_000;

async function working(t: Test): Promise<Working> {
  const s = await startWorking(t);
  s.setClock(NOON);
  await staffTwoStores(s.db);
  return s;
}

/** Lets the deadline pass by so much that the ladder takes the lead back, and answers when that was. */
async function recycle(s: Working, lead: string, at: number): Promise<number> {
  s.setClock(at);
  await ladderWorker(s.db, s.vault, createSeedSource(), () => at).round();
  const { owner, pooled_since } = await s.get(`/v1/leads/${lead}`);
  if (owner !== null || Date.parse(pooled_since) !== at) throw new Error('it was not recycled');
  return at;
}

const ownerOf = async (s: Working, lead: string): Promise<string | null> => (await s.get(`/v1/leads/${lead}`)).owner;

t.test('recycled from A1, then from A2: neither gets it back in the window', async (t) => {
  const s = await working(t);
  const { lead_id, owner } = await s.capture1(P, { store: 'S1' });
  t.equal(owner.adviser, 'A1');
  let at = await recycle(s, lead_id, NOON + 4 * DAY);
  await drain(s, at);
  t.equal(await ownerOf(s, lead_id), 'A2');
  at = await recycle(s, lead_id, at + 4 * DAY - 1);
  await staff(s.db, { advisers: { A3: { stores: ['S1'], openCap: 0 } } });
  t.equal(await drain(s, at - 1), 0);
  for (const adviser of ['A1', 'A2']) {
    const claim = await s.call('POST', `/v1/leads/${lead_id}/claim`, { body: { adviser } });
    t.match(claim, { status: 409, body: { why: 'cool_down' } });
  }
});

t.test('whoever had it by hand in the window does not get it back either, after it was recycled twice', async (t) => {
  const s = await working(t);
  const { lead_id } = await s.capture1(P, { store: 'S1' });
  s.setClock(NOON + DAY);
  await s.post(`/v1/leads/${lead_id}/assign`, { owner: 'A2' });
  t.equal(await recycle(s, lead_id, NOON + 4 * DAY), NOON + 4 * DAY);
  await drain(s, NOON + 4 * DAY);
  t.equal(await ownerOf(s, lead_id), 'A3', 'A1 had it three days ago');
  const last = await recycle(s, lead_id, NOON + 7.5 * DAY);
  t.equal(await drain(s, last), 0, 'A1 had it six and a half days ago, A2 three and a half');
  const claim = (adviser: string) => s.call('POST', `/v1/leads/${lead_id}/claim`, { body: { adviser } });
  for (const adviser of ['A1', 'A2', 'A3']) t.match(await claim(adviser), { status: 409, body: { why: 'cool_down' } });
  s.setClock(NOON + 8 * DAY);
  t.equal(await drain(s, NOON + 8 * DAY), 1);
  t.equal(await ownerOf(s, lead_id), 'A1', 'seven days after they had it last');
});

t.test('taken away by hand: the pool does not give it back a second later', async (t) => {
  const s = await working(t);
  await staff(s.db, { advisers: { A2: { stores: ['S1'], openCap: 0 }, A3: { stores: ['S1'], openCap: 0 } } });
  const { lead_id, owner } = await s.capture1(P, { store: 'S1' });
  t.equal(owner.adviser, 'A1');
  await s.post(`/v1/leads/${lead_id}/owner`, { owner: null });
  t.equal(await drain(s), 0);
  t.equal(await ownerOf(s, lead_id), null);
  await s.post(`/v1/leads/${lead_id}/assign`, { owner: 'A1' });
  t.equal(await ownerOf(s, lead_id), 'A1', 'a manager may');
});

t.test('given back twice: both cool down, and a lead that was never theirs is theirs to have', async (t) => {
  const s = await working(t);
  const { lead_id } = await s.capture1(P, { store: 'S1' });
  for (const next of ['A2', 'A3', null]) {
    await s.post(`/v1/leads/${lead_id}/release`, {});
    await drain(s);
    t.equal(await ownerOf(s, lead_id), next);
  }
  t.equal((await s.capture1(phoneOf(1), { store: 'S1' })).owner.adviser, 'A1');
});

t.test('a time that was agreed by hand does not begin anew because the lead was moved before', async (t) => {
  const s = await working(t);
  const { lead_id } = await s.capture1(P, { store: 'S1' });
  s.setClock(NOON + 60_000);
  await s.post(`/v1/leads/${lead_id}/assign`, { owner: 'A2' });
  const { task } = await s.get(`/v1/leads/${lead_id}`);
  await s.post(`/v1/leads/${lead_id}/release`, {});
  s.setClock(NOON + 120_000);
  await s.post(`/v1/leads/${lead_id}/claim`, { adviser: 'A3' });
  t.equal((await s.get(`/v1/leads/${lead_id}`)).task.due_at, task.due_at);
});
