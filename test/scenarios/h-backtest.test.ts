import t from 'tap';
import { MODEL, type Scoring, startScoring } from '../helpers/scoring.ts';
import { P, P2 } from '../helpers/working.ts';

const DIRECTOR = { job_title: 'director' };
const AS_OF = '2026-05-01T00:00:00+08:00';

async function draft(s: Scoring, document: object): Promise<number> {
  return (await s.post('/v1/score-models', { name: 'tested', document })).version;
}

function tester(s: Scoring, version: number) {
  return (more: object = {}) => s.post(`/v1/score-models/${version}/backtest`, { as_of: AS_OF, ...more });
}

/** The score that a back-test of one lead rests on. */
function only(report: { deciles: { highest: number | null }[] }): number | null {
  return report.deciles.map(({ highest }) => highest).find((highest) => highest !== null) ?? null;
}

t.test('scenario 121: what was received after the day is not looked at, whenever it happened', async (t) => {
  const s = await startScoring(t);
  const test = tester(s, await draft(s, MODEL));
  s.at('2026-04-10T12:00:00+08:00');
  await s.capture1(P);
  s.at('2026-04-30T23:00:00+08:00');
  await s.post('/v1/behaviours', {
    id: 'in-time',
    type: 'email_open',
    phone: P,
    occurred_at: '2026-04-30T23:00:00+08:00',
  });
  s.at('2026-05-03T12:00:00+08:00');
  await s.post('/v1/behaviours', { id: 'late', type: 'download', phone: P, occurred_at: '2026-04-30T23:00:00+08:00' });
  const left = 2 * 2 ** (-1 / 24 / 30); // an hour old, of a half-life of 30 days
  t.match(await test(), { leads: 1, wins: 0, immature: true, elapsed_days: 2, sampled_share: 1, compared_with: null });
  t.ok(Math.abs((only(await test()) ?? 0) - left) < 1e-9, 'the download was received on 3 May');
  const later = only(await test({ as_of: '2026-05-03T12:00:00+08:00' })) ?? 0;
  t.ok(later > 9, 'from then on it counts');
});

t.test('nor are touches, values, visitors, merges, voids and states of later', async (t) => {
  const s = await startScoring(t);
  const test = tester(
    s,
    await draft(s, {
      ...MODEL,
      attributes: [
        ...MODEL.attributes,
        { name: 'budget', field: 'intent.budget', when: { is: 'exists' }, points: 20 },
        { name: 'acme', field: 'person.company', when: { is: 'equals', value: 'acme' }, points: 7 },
      ],
    }),
  );
  const at = '2026-04-20T12:00:00+08:00';
  s.at('2026-04-10T12:00:00+08:00');
  const one = await s.capture1(P, { occurred_at: '2026-04-10T12:00:00+08:00' });
  await s.post('/v1/behaviours', { id: 'seen', type: 'download', visitor_id: 'v1' });
  t.equal(only(await test({ as_of: '2026-04-10T12:00:00+08:00' })), 0, 'the visitor is nobody yet');

  s.at('2026-05-02T12:00:00+08:00');
  const later = await s.capture1(
    P,
    { occurred_at: at, channel: 'search', intent: { budget: 300_000 }, extra: { visitor_id: 'v1' } },
    DIRECTOR,
  );
  t.equal(only(await test()), 0, 'a touch of 20 April that was received on 2 May, and the visitor that it named');
  const second = only(await test({ as_of: '2026-05-02T12:00:00+08:00' })) ?? 0;
  t.ok(second > 30 && second < 38, `director, budget, and what is left of a download: ${second}`);

  s.at('2026-05-03T12:00:00+08:00');
  const two = await s.capture1(P2, {}, { company: 'acme' });
  s.at('2026-05-04T12:00:00+08:00');
  const merged = await s.post(`/v1/customers/${one.customer_id}/merge`, {
    customer_id: two.customer_id,
    reason: 'one',
  });
  const apart = await test({ as_of: '2026-05-03T12:00:00+08:00' });
  t.equal(apart.leads, 2, 'they were two then');
  t.strictSame(
    apart.deciles
      .flatMap(({ highest }: { highest: number | null }) => highest ?? [])
      .map(Math.floor)
      .sort(),
    [34, 7],
  );
  const together = await test({ as_of: '2026-05-04T12:00:00+08:00' });
  t.equal(together.leads, 1);
  t.equal(Math.floor(only(together) ?? 0), 21, 'director, company and download; the newest touch names no budget');
  s.at('2026-05-05T12:00:00+08:00');
  await s.post(`/v1/customers/${one.customer_id}/unmerge`, { merge_id: merged.merge_id });
  t.strictSame(
    await test({ as_of: '2026-05-04T12:00:00+08:00' }),
    { ...together, elapsed_days: 1 },
    'they were one then',
  );
  t.match(await test({ as_of: '2026-05-05T12:00:00+08:00' }), { leads: 2 });

  s.at('2026-05-06T12:00:00+08:00');
  await s.post(`/v1/touches/${later.touch_id}/void`, { reason: 'a test of ours' });
  const stood = (report: { deciles: { highest: number | null }[] }) =>
    report.deciles.map(({ highest }) => Math.floor(highest ?? 0)).filter((total) => total > 0);
  t.strictSame(stood(await test({ as_of: '2026-05-05T12:00:00+08:00' })), [34, 7], 'a touch stands until it is voided');
  t.strictSame(stood(await test({ as_of: '2026-05-06T12:00:00+08:00' })), [7, 4]);
});

t.test('who was open then, by what was recorded, and who was won within the horizon', async (t) => {
  const s = await startScoring(t);
  const test = tester(s, await draft(s, MODEL));
  const phones = Array.from({ length: 8 }, (_, n) => `1380013800${n}`);
  const leads: string[] = [];
  s.at('2026-04-10T12:00:00+08:00');
  for (const phone of phones.slice(0, 7)) leads.push((await s.capture1(phone)).lead_id);
  const state = (n: number, body: object) => s.post(`/v1/leads/${leads[n]}/state`, body);
  const win = { state: 'won', amount: 100, currency: 'CNY' };
  s.at('2026-04-20T12:00:00+08:00');
  await state(0, { state: 'lost', reason: 'price' }); // closed before the day
  s.at('2026-05-02T12:00:00+08:00');
  await state(1, { state: 'lost', reason: 'price', occurred_at: '2026-04-29T12:00:00+08:00' }); // told after it
  await state(2, { ...win, won_at: '2026-04-30T12:00:00+08:00' }); // so is this
  s.at('2026-05-11T00:00:00+08:00');
  await state(3, win); // at the end of ten days
  s.at('2026-05-11T00:00:01+08:00');
  await state(4, win); // a second behind it
  s.at('2026-05-12T12:00:00+08:00');
  await s.capture1(phones[7] ?? ''); // came later
  await state(6, { ...win, won_at: '2026-05-05T12:00:00+08:00' }); // within the ten days, and told after them
  const { customer_id } = await s.get(`/v1/leads/${leads[5]}`);
  t.match(await test({ horizon_days: 10 }), { leads: 6, wins: 3, base_rate: 3 / 6, immature: false, elapsed_days: 10 });
  t.match(await test({ horizon_days: 11 }), { leads: 6, wins: 4, immature: false });
  t.match(await test(), { leads: 6, wins: 4, immature: true, elapsed_days: 11, horizon_days: 90 });
  await s.post(`/v1/leads/${leads[3]}/state/void`, { reason: 'typed wrongly' });
  t.match(await test({ horizon_days: 10 }), { leads: 6, wins: 2 }, 'a win that was voided is none');
  await s.post(`/v1/customers/${customer_id}/erase`, { reason: 'asked' });
  t.match(await test({ horizon_days: 10 }), { leads: 5, wins: 2 }, 'erased people are left out');
});

t.test('as of this moment it says what the scores say, and compares with the active version', async (t) => {
  const s = await startScoring(t);
  const first = await s.activate(MODEL);
  const { lead_id } = await s.capture1(P, { extra: { visitor_id: 'v1' } }, DIRECTOR);
  for (let n = 0; n < 6; n += 1) await s.post('/v1/behaviours', { id: `v${n}`, type: 'download', visitor_id: 'v1' });
  await s.capture1(P2);
  const next = await draft(s, { ...MODEL, bands: { mql: 20, sql: 30, hot: 57, rearm: 5 } });
  const now = '2026-06-01T12:00:00+08:00';
  const report = await tester(s, next)({ as_of: now });
  t.equal(report.deciles.at(-1).highest, 0);
  t.equal(
    Math.max(...report.deciles.map(({ highest }: { highest: number }) => highest)),
    (await s.scoreOf(lead_id)).total,
  );
  t.match(report, { leads: 2, compared_with: first, would_cross: { mql: 0, sql: 0, hot: 1 } });
  t.match(await tester(s, first)({ as_of: now }), { version: first, would_cross: { mql: 0, sql: 0, hot: 0 } });
});

t.test('of more leads than asked a sample is looked at, and says so; what is wrong is refused', async (t) => {
  const s = await startScoring(t);
  const version = await draft(s, MODEL);
  const items = Array.from({ length: 200 }, (_, n) => ({
    channel: 'douyin',
    person: { phone: `13800${100_000 + n}` },
  }));
  await s.post('/v1/leads/batch', { items });
  const now = '2026-06-01T11:59:59+08:00';
  const all = await tester(s, version)({ as_of: now });
  t.match(all, { leads: 200, sampled_share: 1 });
  const some = await tester(s, version)({ as_of: now, leads_max: 50 });
  t.equal(some.sampled_share, 0.25);
  t.ok(some.leads > 0 && some.leads < 200, `${some.leads}`);
  t.strictSame(await tester(s, version)({ as_of: now, leads_max: 50 }), some, 'the same ones every time');
  const path = `/v1/score-models/${version}/backtest`;
  t.match(await s.call('POST', path, { body: { as_of: '2026-06-02T00:00:00+08:00' } }), {
    status: 422,
    body: { code: 'body_invalid' },
  });
  t.match(await s.call('POST', path, { body: { as_of: 'May' } }), { status: 422, body: { code: 'date_invalid' } });
  t.match(await s.call('POST', path, { body: { as_of: now, horizon_days: 0 } }), { status: 422 });
  t.match(await s.call('POST', '/v1/score-models/99/backtest', { body: { as_of: now } }), { status: 404 });
});
