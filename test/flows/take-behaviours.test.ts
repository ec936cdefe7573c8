import t from 'tap';
import { behavioursRetentionWorker } from '../../src/workers/behaviours-retention.ts';
import { MODEL, startScoring } from '../helpers/scoring.ts';
import { P, P2 } from '../helpers/working.ts';

t.test('a behaviour counts once, is answered by itself, and makes nobody', async (t) => {
  const s = await startScoring(t);
  const visit = { id: '1', type: 'pricing_page', phone: P };
  t.strictSame(await s.post('/v1/behaviours', visit), { outcome: 'recorded' });
  t.strictSame(await s.post('/v1/behaviours', visit), { outcome: 'duplicate' });
  const unknown = '0197a3c2-5d10-7abc-8def-0123456789ab';
  const { items } = await s.post('/v1/behaviours/batch', {
    events: [
      visit,
      { ...visit, id: '2' },
      { ...visit, id: '2' },
      { id: '3', type: 'pricing_page', lead_id: unknown },
      { id: '4', type: 'pricing_page' },
      { id: '5', type: 'pricing_page', phone: '123' },
      { id: '6', type: 'no good', phone: P },
      { id: '7', type: 'pricing_page', visitor_id: 'v1', page: 'https://a.cn/b?phone=13800138000#x', props: { n: 1 } },
    ],
  });
  t.match(items, [
    { index: 0, status: 200, outcome: 'duplicate' },
    { outcome: 'recorded' },
    { outcome: 'duplicate' },
    { outcome: 'unknown' },
    { status: 422, problem: { code: 'body_invalid' } },
    { status: 422, problem: { code: 'phone_invalid' } },
    { status: 422, problem: { code: 'body_invalid', errors: [{ path: '/type' }] } },
    { status: 200, outcome: 'recorded' },
  ]);
  const kept = await s.db.selectFrom('behaviour').select(['key', 'page']).orderBy('key').execute();
  t.strictSame(kept, [
    { key: '1', page: null },
    { key: '2', page: null },
    { key: '7', page: 'https://a.cn/b' },
  ]);
  t.strictSame(await s.db.selectFrom('customer').select('id').execute(), []);
});

t.test('a bound key tells nothing of leads beyond its reach by their ids', async (t) => {
  const s = await startScoring(t);
  const [mine, theirs] = [await s.capture1(P, { store: 'S1' }), await s.capture1(P2, { store: 'S2' })];
  const { secret } = await s.makeKey({ scopes: ['leads:write'], stores: ['S1'] });
  const events = [mine, theirs].flatMap(({ lead_id, customer_id }, n) => [
    { id: `l${n}`, type: 'download', lead_id },
    { id: `c${n}`, type: 'download', customer_id },
  ]);
  const outcomes = async (key?: string) => {
    const { items } = await s.post('/v1/behaviours/batch', { events }, key === undefined ? {} : { key });
    return items.map(({ outcome }: { outcome: string }) => outcome);
  };
  t.strictSame(await outcomes(secret), ['recorded', 'recorded', 'unknown', 'unknown']);
  t.strictSame(await outcomes(), ['recorded', 'recorded', 'recorded', 'recorded'], 'another key, another source');
});

t.test('concurrent requests and repeats of them count each behaviour once', async (t) => {
  const s = await startScoring(t);
  await s.activate(MODEL);
  const { lead_id } = await s.capture1(P);
  const sent = Array.from({ length: 60 }, (_, n) => ({ id: `k${n % 20}`, type: 'download', phone: P }));
  const outcomes = await Promise.all(sent.map((body) => s.post('/v1/behaviours', body)));
  t.equal(outcomes.filter(({ outcome }) => outcome === 'recorded').length, 20);
  await Promise.all([s.sweep(), s.sweep(), s.sweep()]);
  t.match(await s.scoreOf(lead_id), { implicit: 100 });
  t.strictSame(await s.crossingsOf(lead_id), ['lead.left_nurture', 'lead.qualified', 'lead.hot'], 'each once');
});

t.test('what a phone or a visitor did before is theirs from their first submission on, already decayed', async (t) => {
  const s = await startScoring(t);
  await s.activate(MODEL);
  await s.post('/v1/behaviours', { id: 'a', type: 'download', phone: P });
  for (let n = 0; n < 7; n += 1) await s.post('/v1/behaviours', { id: `v${n}`, type: 'download', visitor_id: 'v1' });
  await s.sweep();
  s.at('2026-07-01T12:00:00+08:00');
  const first = await s.capture1(P, { extra: { visitor_id: 'v1' } });
  await s.sweep();
  t.match(await s.scoreOf(first.lead_id), { implicit: 32 });
  t.strictSame(await s.crossingsOf(first.lead_id), ['lead.left_nurture'], 'nothing is told of the past');
  const second = await s.capture1(P2, { extra: { visitor_id: 'v1' } });
  t.match(await s.scoreOf(second.lead_id), { implicit: 0 }, 'a shared browser stays with the first');
  await s.post('/v1/behaviours', {
    id: 'b',
    type: 'download',
    visitor_id: 'v1',
    occurred_at: '2026-06-01T12:00:00+08:00',
  });
  t.match(await s.scoreOf(first.lead_id), { implicit: 36 }, 'a late event arrives decayed');
});

t.test('erasing a person takes behaviours, visitor ids and scores away', async (t) => {
  const s = await startScoring(t);
  await s.activate(MODEL);
  const { lead_id, customer_id } = await s.capture1(P, { extra: { visitor_id: 'v1' } });
  for (const person of [{ phone: P }, { visitor_id: 'v1' }, { lead_id }, { customer_id }]) {
    await s.post('/v1/behaviours', { id: '1', type: 'download', ...person });
  }
  await s.post('/v1/behaviours', { id: '1', type: 'download', phone: P2 });
  await s.sweep();
  t.match(await s.scoreOf(lead_id), { implicit: 8 }, 'one event, whatever it came by');
  const erased = { reason: 'asked for it', do_not_contact: true };
  const reply = await s.call('POST', `/v1/customers/${customer_id}/erase`, { body: erased });
  t.ok(reply.status < 300, reply.text);
  for (const table of ['visitor_link', 'score', 'lead_band', 'score_due'] as const) {
    t.strictSame(await s.db.selectFrom(table).selectAll().execute(), [], table);
  }
  t.match(await s.db.selectFrom('behaviour').select('subject').execute(), [{ subject: 'phone:+8613900139000' }]);
  const later = await s.post('/v1/behaviours/batch', {
    events: [
      { id: '2', type: 'download', phone: P },
      { id: '2', type: 'download', lead_id },
    ],
  });
  t.match(later.items, [{ outcome: 'suppressed' }, { outcome: 'unknown' }]);
});

t.test('behaviours go with their retention', async (t) => {
  const s = await startScoring(t);
  await s.post('/v1/behaviours', { id: '1', type: 'download', phone: P });
  const at = Date.parse('2026-06-02T11:59:59+08:00');
  const round = (now: number, days: number | null) =>
    behavioursRetentionWorker(s.db, () => now, { behaviourRetentionDays: days }).round();
  t.equal(await round(at, null), 0);
  t.equal(await round(at, 1), 0);
  t.equal(await round(at + 1, 1), 1);
});
