import t from 'tap';
import { MODEL, startScoring } from '../helpers/scoring.ts';
import { P, P2 } from '../helpers/working.ts';

const DIRECTOR = { job_title: 'director' };

t.test('scenario 114: the threshold is strict, and crossing it is told once', async (t) => {
  const s = await startScoring(t);
  await s.activate(MODEL);
  const { lead_id } = await s.capture1(P, {}, DIRECTOR);
  for (let n = 0; n < 5; n += 1) await s.post('/v1/behaviours', { id: `p${n}`, type: 'pricing_page', phone: P });
  await s.sweep();
  const fifty = await s.scoreOf(lead_id);
  t.match(fifty, { explicit: 10, implicit: 40, total: 50, band: 'mql', leaves_band_at: String });
  t.strictSame(await s.crossingsOf(lead_id), ['lead.left_nurture']);
  await s.post('/v1/behaviours', { id: 'm1', type: 'email_open', phone: P });
  await s.sweep();
  await s.sweep();
  t.strictSame(await s.crossingsOf(lead_id), ['lead.left_nurture', 'lead.qualified']);
  const told = (await s.eventsOf(lead_id)).find(({ type }) => type === 'lead.qualified')?.data;
  t.match(told, {
    total: 52,
    threshold: 50,
    band: 'sql',
    attributes: [{ name: 'director', field: 'person.job_title', points: 10 }],
    groups: [
      { group: 'web', events: 5, raw: 40, capped: 40 },
      { group: 'mail', events: 1, raw: 2, capped: 2 },
    ],
    first_source: { channel: 'douyin' },
  });
  t.equal((await s.get('/v1/leads?band=sql')).items.length, 1);
  t.equal((await s.get('/v1/leads?band=nurture')).items.length, 0);
});

t.test('scenario 116: decay is exact, spares attributes, and lowers the band and no state', async (t) => {
  const s = await startScoring(t);
  const director = { ...MODEL.attributes[0], points: 30 };
  await s.activate({ ...MODEL, attributes: [director] });
  const { lead_id } = await s.capture1(P, {}, DIRECTOR);
  for (let n = 0; n < 5; n += 1) await s.post('/v1/behaviours', { id: `p${n}`, type: 'pricing_page', phone: P });
  await s.sweep();
  t.match(await s.scoreOf(lead_id), { total: 70, band: 'sql', leaves_band_at: '2026-07-01T04:00:00.000Z' });
  const { state } = (await s.get(`/v1/leads/${lead_id}`)) as { state: string };
  s.at('2026-07-01T11:59:59.999+08:00');
  t.equal(await s.sweep(), 0, 'nothing is due a millisecond before');
  s.at('2026-07-01T12:00:00+08:00');
  t.equal(await s.sweep(), 1);
  t.match(await s.scoreOf(lead_id), { explicit: 30, implicit: 20, total: 50, band: 'mql' });
  t.equal((await s.get('/v1/leads?band=mql')).items.length, 1);
  t.equal((await s.get(`/v1/leads/${lead_id}`)).state, state);
  t.strictSame(await s.crossingsOf(lead_id), ['lead.left_nurture', 'lead.qualified'], 'falling is not told');
});

t.test('a crossing is told again only after falling 5 below, whenever the sweep came by', async (t) => {
  const s = await startScoring(t);
  await s.activate(MODEL);
  const { lead_id } = await s.capture1(P);
  const visit = async (...ids: string[]) => {
    const events = ids.map((id) => ({ id, type: 'pricing_page', phone: P }));
    await s.post('/v1/behaviours/batch', { events });
  };
  await visit('1', '2', '3', '4', '5', '6', '7');
  await s.sweep();
  s.at('2026-06-07T12:00:00+08:00'); // 48.75: below the line, and not by 5
  await visit('8');
  await s.sweep();
  t.strictSame(await s.crossingsOf(lead_id), ['lead.left_nurture', 'lead.qualified']);
  s.at('2026-06-20T12:00:00+08:00'); // 56.75 × 2^(−13/30) = 42: no sweep came by
  await visit('9', '10');
  await s.sweep();
  t.strictSame(await s.crossingsOf(lead_id), ['lead.left_nurture', 'lead.qualified', 'lead.qualified']);
});

t.test('scenario 118: a group counts up to its cap', async (t) => {
  const s = await startScoring(t);
  await s.activate(MODEL);
  const { lead_id } = await s.capture1(P);
  const events = Array.from({ length: 200 }, (_, n) => ({ id: `m${n}`, type: 'email_open', phone: P }));
  await s.post('/v1/behaviours/batch', { events });
  t.match(await s.scoreOf(lead_id), { implicit: 20, total: 20, groups: [{}, { events: 200, raw: 400, capped: 20 }] });
});

t.test('scenarios 29 and 30: scores are not added, and come apart again', async (t) => {
  const s = await startScoring(t);
  await s.activate(MODEL);
  const one = await s.capture1(P);
  const two = await s.capture1(P2);
  await s.post('/v1/behaviours', { id: 'open', type: 'email_open', phone: P });
  await s.post('/v1/behaviours', { id: 'open', type: 'email_open', phone: P2 });
  await s.post('/v1/behaviours', { id: 'load', type: 'download', phone: P });
  await s.sweep();
  t.match([await s.scoreOf(one.lead_id), await s.scoreOf(two.lead_id)], [{ implicit: 10 }, { implicit: 2 }]);
  const path = `/v1/customers/${one.customer_id}`;
  const { merge_id } = await s.post(`${path}/merge`, { customer_id: two.customer_id, reason: 'one person' });
  t.match(await s.scoreOf(one.lead_id), { implicit: 10 });
  await s.post('/v1/behaviours', { id: 'late', type: 'download', phone: P2 });
  t.match(await s.scoreOf(one.lead_id), { implicit: 18 });
  await s.post(`${path}/unmerge`, { merge_id });
  t.match([await s.scoreOf(one.lead_id), await s.scoreOf(two.lead_id)], [{ implicit: 10 }, { implicit: 10 }]);
});

t.test('scenario 120: a shadow routes nothing, and activation tells crossings only when asked', async (t) => {
  for (const emit of [false, true]) {
    const s = await startScoring(t);
    const crossed = ['lead.left_nurture', 'lead.qualified'];
    const first = await s.activate(MODEL);
    const { lead_id } = await s.capture1(P);
    const other = await s.capture1(P2);
    await s.post('/v1/behaviours', { id: '1', type: 'pricing_page', phone: P });
    await s.sweep();
    const events = { ...MODEL.events, pricing_page: { points: 60, group: 'web' } };
    const { version } = await s.post('/v1/score-models', { name: 'next', document: { ...MODEL, events } });
    await s.post(`/v1/score-models/${version}/shadow`, {});
    const read = await s.get(`/v1/leads/${lead_id}/score`);
    t.match(read, { active: { model: first, total: 8 }, shadows: [{ model: version, total: 60, band: 'sql' }] });
    t.strictSame(await s.crossingsOf(lead_id), []);
    const path = `/v1/score-models/${version}/activate`;
    const counted = await s.post(path, { expected_active: first, dry_run: true });
    t.match(counted, { dry_run: true, leads: 2, upward: 1, downward: 0, model: { state: 'shadow' } });
    const refused = await s.call('POST', path, { body: { expected_active: null } });
    t.match(refused, { status: 409, body: { code: 'state_conflict', active: first } });
    s.at('2026-06-01T12:00:01+08:00');
    t.match(await s.post(path, { expected_active: first, emit }), { upward: 1, model: { rescoring: true } });
    s.at('2026-06-01T12:00:02+08:00');
    // What comes between the activation and the scoring is told, whatever the activation brings.
    await s.post('/v1/behaviours', { id: '2', type: 'pricing_page', phone: P2 });
    await s.sweep();
    t.match(await s.get(`/v1/score-models/${version}`), { state: 'active', rescoring: false });
    t.strictSame(await s.crossingsOf(other.lead_id), crossed, 'an own crossing is told');
    t.match(await s.get(`/v1/score-models/${first}`), { state: 'retired' });
    t.strictSame(await s.crossingsOf(lead_id), emit ? crossed : [], `emit=${emit}`);
    t.equal((await s.get('/v1/leads?band=sql')).items.length, 2);
    s.at('2026-06-01T12:00:03+08:00');
    await s.sweep();
    t.strictSame(await s.crossingsOf(lead_id), emit ? crossed : []);
  }
});
