import t, { type Test } from 'tap';
import { phoneOf } from '../helpers/captured.ts';
import { NOON, shifts, staff, staffTwoStores } from '../helpers/staffed.ts';
import { startWorking, type Working } from '../helpers/working.ts';

t.setTimeout(120_000);

/** S2 has one adviser, B1, who is given two leads a day. */
async function working(t: Test): Promise<Working> {
  const s = await startWorking(t);
  s.setClock(NOON);
  await staffTwoStores(s.db, { B1: { dailyCap: 2 }, B2: { active: false } });
  return s;
}

let next = 0;
const given = async (s: Working, more: object = {}): Promise<{ lead: string; adviser: string | null }> => {
  next += 1;
  const { lead_id, owner } = await s.capture1(phoneOf(next), { store: 'S2', ...more });
  return { lead: lead_id, adviser: owner.adviser };
};

t.test('a lead that was given today and is theirs no more counts for today', async (t) => {
  const s = await working(t);
  const [one, two] = [await given(s), await given(s)];
  t.strictSame([one.adviser, two.adviser], ['B1', 'B1']);
  await s.post(`/v1/leads/${one.lead}/assign`, { owner: 'A1', store: 'S1' });
  await s.post(`/v1/leads/${two.lead}/release`, {});
  t.equal((await given(s)).adviser, null, 'two were given');
  s.setClock(Date.parse('2026-06-11T00:00:00+08:00'));
  t.equal((await given(s)).adviser, 'B1', 'and tomorrow is another day');
});

t.test(
  'what is given by hand, claimed or drained counts; what changes store or comes back to them does once',
  async (t) => {
    const s = await working(t);
    await staff(s.db, { advisers: { B1: { stores: ['S2'], dailyCap: 3 } } });
    const { lead_id } = await s.capture1(phoneOf(900), { store: 'S1' });
    await s.post(`/v1/leads/${lead_id}/assign`, { owner: 'B1', store: 'S2' });
    await s.post(`/v1/leads/${lead_id}/assign`, { owner: 'B1', store: 'S1' });
    await s.post(`/v1/leads/${lead_id}/assign`, { owner: 'A1' });
    await s.post(`/v1/leads/${lead_id}/assign`, { owner: 'B1' });
    t.strictSame([(await given(s)).adviser, (await given(s)).adviser, (await given(s)).adviser], ['B1', 'B1', null]);
  },
);

t.test('a named owner counts, and old data does not', async (t) => {
  const s = await working(t);
  const old = { channel: 'douyin', store: 'S2', owner: 'B1', person: { phone: phoneOf(901) } };
  await s.post('/v1/leads?mode=history', old);
  t.equal((await given(s, { owner: 'B1' })).adviser, 'B1');
  t.strictSame([(await given(s)).adviser, (await given(s)).adviser], ['B1', null]);
});

t.test('a cap that is set at noon knows of the morning', async (t) => {
  const s = await working(t);
  await staff(s.db, { advisers: { B1: { stores: ['S2'] } } });
  for (let n = 0; n < 3; n += 1) await given(s);
  await staff(s.db, { advisers: { B1: { stores: ['S2'], dailyCap: 3 } } });
  t.equal((await given(s)).adviser, null);
});

t.test("a day is the adviser's own: that of their shifts, else of their first store", async (t) => {
  const s = await working(t);
  const always = { ...shifts('00:00', '24:00'), zone: 'America/New_York' };
  await staff(s.db, { advisers: { B1: { stores: ['S2'], dailyCap: 1, shifts: always } } });
  t.strictSame([(await given(s)).adviser, (await given(s)).adviser], ['B1', null]);
  s.setClock(Date.parse('2026-06-11T00:00:00+08:00'));
  t.equal((await given(s)).adviser, null, 'it is noon of the same day in New York');
  s.setClock(Date.parse('2026-06-11T00:00:00-04:00'));
  t.equal((await given(s)).adviser, 'B1');
});
