import t from 'tap';
import { createSeedSource } from '../../src/flows/seed.ts';
import { sweepDormancy } from '../../src/flows/sweep-dormancy.ts';
import { type Stage, stage } from '../helpers/stage.ts';

/** A lead of S1 and A1, made dormant by its adviser on 1 March. */
async function dormant(s: Stage) {
  const first = await s.capture('douyin', '13800138000', { at: '2026-02-01', store: 'S1', owner: 'A1' });
  const slept = await s.post(`/v1/leads/${first.body.lead_id}/state`, {
    state: 'dormant',
    occurred_at: '2026-03-01T12:00:00+08:00',
  });
  return { lead: first.body.lead_id as string, slept };
}

t.test('scenario 32: the basic rule, as far as it needs no wheel', async (t) => {
  const s = await stage(t, '2026-04-10');
  const { lead, slept } = await dormant(s);
  t.equal(slept.status, 200);
  const woken = await s.capture('xhs', '13800138000', { at: '2026-04-10', store: 'S2' });
  t.match(woken.body, {
    decision: 'reactivated',
    lead_id: lead,
    owner: { adviser: null, store: 'S2', reason: 'pool' },
  });
  const seen = (await s.get(`/v1/leads/${lead}`)).body;
  t.match(seen, { cycle: 2, state: 'new', owner: null, former_owner: 'A1', former_store: 'S1', store: 'S2' });
  const { items } = (await s.get(`/v1/leads/${lead}/events`)).body;
  const told = items.find((event: { type: string }) => event.type === 'lead.reactivated');
  t.equal(told.data.former_owner, 'A1', 'A1 can be informed, and the history keeps their period');
});

t.test('scenario 33: the same store, the former owner', async (t) => {
  const s = await stage(t, '2026-04-10');
  const { lead } = await dormant(s);
  const woken = await s.capture('xhs', '13800138000', { at: '2026-04-10', store: 'S1' });
  t.match(woken.body, { decision: 'reactivated', lead_id: lead, owner: { adviser: 'A1', reason: 'former_owner' } });
  t.match((await s.get(`/v1/leads/${lead}`)).body, { state: 'assigned', owner: 'A1', cycle: 2 });
});

t.test('scenario 33: taken for neglect, not the former owner', async (t) => {
  const s = await stage(t, '2026-04-10');
  const { lead } = await dormant(s);
  await s.service.db.updateTable('lead').set({ owner_taken: true }).where('id', '=', lead).execute();
  const woken = await s.capture('xhs', '13800138000', { at: '2026-04-10', store: 'S1' });
  t.match(woken.body, { decision: 'reactivated', owner: { adviser: null, store: 'S1', reason: 'pool' } });
});

t.test('scenario 37: automatic dormancy', async (t) => {
  const s = await stage(t, '2026-03-01 12:00:00');
  const first = await s.capture('douyin', '13800138000');
  const lead = first.body.lead_id;
  await s.post(`/v1/leads/${lead}/state`, { state: 'following' });
  const sweep = (time: string) =>
    sweepDormancy(
      s.service.db,
      s.service.vault,
      createSeedSource(),
      Date.parse(`2026-03-31T${time}+08:00`),
      null,
      1000,
    );
  t.equal((await sweep('11:59:59')).slept, 0);
  t.equal((await s.get(`/v1/leads/${lead}`)).body.state, 'following');
  t.equal((await sweep('12:00:00')).slept, 1);
  t.match((await s.get(`/v1/leads/${lead}`)).body, {
    state: 'dormant',
    dormant_by: 'auto',
    closed_at: '2026-03-31T04:00:00.000Z',
  });
  t.equal((await sweep('12:00:00')).slept, 0, 'once');
});

t.test('a touch from before the automatic sleep reopens the lead as if it had not happened', async (t) => {
  const s = await stage(t, '2026-03-01 12:00:00');
  const first = await s.capture('douyin', '13800138000', { store: 'S1', owner: 'A1' });
  const lead = first.body.lead_id;
  await sweepDormancy(
    s.service.db,
    s.service.vault,
    createSeedSource(),
    Date.parse('2026-04-02T12:00:00+08:00'),
    null,
    1000,
  );
  t.equal((await s.get(`/v1/leads/${lead}`)).body.state, 'dormant');
  s.service.setClock(Date.parse('2026-04-03T12:00:00+08:00'));
  const late = await s.capture('xhs', '13800138000', { at: '2026-03-20' });
  t.match(late.body, { decision: 'merged', lead_id: lead, rule: 'merged.provisional_dormancy' });
  t.match((await s.get(`/v1/leads/${lead}`)).body, { state: 'assigned', owner: 'A1', cycle: 1, closed_at: null });
});

t.test('an old sign-up list is not put to sleep on arrival', async (t) => {
  const s = await stage(t, '2026-06-01');
  await s.capture('event', '13800138000', { at: '2026-01-10' });
  const sweep = (day: string) =>
    sweepDormancy(s.service.db, s.service.vault, createSeedSource(), Date.parse(`${day}T12:00:00+08:00`), null, 1000);
  t.equal((await sweep('2026-06-02')).slept, 0);
  t.equal((await sweep('2026-07-01')).slept, 1, '30 days after it was received');
});
