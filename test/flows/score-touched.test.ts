import t from 'tap';
import type { IngestConnection, Session } from '../../src/store/session.ts';
import { MODEL, startScoring } from '../helpers/scoring.ts';
import { P, P2 } from '../helpers/working.ts';

const HEAVY = { ...MODEL, attributes: [{ ...MODEL.attributes[0], points: 60 }] };
const DIRECTOR = { job_title: 'director' };
const CROSSED = ['lead.left_nurture', 'lead.qualified'];

t.test('a touch is scored in the transaction that takes it in', async (t) => {
  const s = await startScoring(t);
  await s.activate(HEAVY);
  const first = await s.capture1(P, {}, DIRECTOR);
  t.strictSame(await s.crossingsOf(first.lead_id), CROSSED, 'an attribute crosses at once');
  const events = await s.db
    .selectFrom('event')
    .selectAll()
    .where('lead_id', '=', first.lead_id)
    .orderBy('sequence')
    .execute();
  const { request_id: request } = events[0] ?? {};
  for (const event of events.filter(({ type }) => CROSSED.includes(type))) {
    t.match(event, { actor: 'score', submission_id: first.submission_id, request_id: request, rule: /^score\./ });
  }
  t.strictSame(
    events.map(({ sequence }) => sequence),
    events.map((_, index) => index + 1),
    'numbered behind what the touch itself told',
  );
  t.equal((await s.get('/v1/leads?band=sql')).items.length, 1);
  t.strictSame(await s.db.selectFrom('score_due').select('subject').execute(), [], 'nothing is left to the worker');
  await s.sweep();
  t.strictSame(await s.crossingsOf(first.lead_id), CROSSED);

  for (let n = 0; n < 7; n += 1) await s.post('/v1/behaviours', { id: `v${n}`, type: 'download', visitor_id: 'v1' });
  const second = await s.capture1(P2, { extra: { visitor_id: 'v1' } });
  t.strictSame(await s.crossingsOf(second.lead_id), CROSSED, 'so does what the visitor did before');
});

t.test('a batch with a person twice tells a crossing once, with the touch that came last', async (t) => {
  const s = await startScoring(t);
  await s.activate(HEAVY);
  const person = { phone: P, ...DIRECTOR };
  const { items } = await s.post('/v1/leads/batch', {
    items: [
      { channel: 'douyin', person: { phone: P } },
      { channel: 'search', person },
      { channel: 'douyin', person: { phone: P2 } },
    ],
  });
  t.strictSame(await s.crossingsOf(items[0].lead_id), CROSSED);
  t.strictSame(await s.crossingsOf(items[2].lead_id), []);
  const told = await s.db.selectFrom('event').select('submission_id').where('type', '=', 'lead.qualified').execute();
  t.strictSame(told, [{ submission_id: items[1].submission_id }]);
});

t.test('what a touch takes away is scored too', async (t) => {
  const s = await startScoring(t);
  await s.activate(MODEL);
  const { lead_id } = await s.capture1(P, {}, DIRECTOR);
  t.match(await s.scoreOf(lead_id), { explicit: 10 });
  s.at('2026-06-01T13:00:00+08:00');
  await s.capture1(P, { channel: 'search' }, { job_title: 'intern' });
  t.match(await s.scoreOf(lead_id), { explicit: 0 });
  const row = await s.db.selectFrom('score').select('total').executeTakeFirstOrThrow();
  t.equal(row.total, 0, 'the row says what the answer says');
});

t.test('a model that becomes active between the reading and the scoring leaves it to the worker', async (t) => {
  let meanwhile: (() => Promise<unknown>) | null = null;
  const s = await startScoring(t, {
    wrapLane: (lane) => ({
      ...lane,
      connection: async () =>
        between(await lane.connection(), async () => {
          const once = meanwhile;
          meanwhile = null;
          await once?.();
        }),
    }),
  });
  await s.activate(MODEL);
  const { version } = await s.post('/v1/score-models', { name: 'next', document: HEAVY });
  const expected = version - 1;
  meanwhile = () => s.post(`/v1/score-models/${version}/activate`, { expected_active: expected, emit: true });
  const { lead_id } = await s.capture1(P, {}, DIRECTOR);
  t.equal(meanwhile, null, 'it became active within the capture');
  t.strictSame(await s.crossingsOf(lead_id), [], 'the former model has said nothing');
  t.strictSame(await s.db.selectFrom('lead_band').select('lead_id').execute(), []);
  await s.sweep();
  t.strictSame(await s.crossingsOf(lead_id), CROSSED);
  const [band] = await s.db.selectFrom('lead_band').select(['model', 'band']).execute();
  t.strictSame(band, { model: version, band: 'sql' });
});

t.test(
  'while everybody is scored anew by a model that has just become active, a touch is left to the worker',
  async (t) => {
    const s = await startScoring(t);
    const { lead_id } = await s.capture1(P, {}, DIRECTOR);
    const { version } = await s.post('/v1/score-models', { name: 'first', document: HEAVY });
    await s.post(`/v1/score-models/${version}/activate`, { expected_active: null });
    s.at('2026-06-01T12:00:01+08:00');
    await s.capture1(P, { channel: 'search' });
    t.strictSame(await s.crossingsOf(lead_id), []);
    await s.sweep();
    t.strictSame(await s.crossingsOf(lead_id), [], 'what the activation brings is not told');
    t.equal((await s.get('/v1/leads?band=sql')).items.length, 1);
  },
);

t.test('what was done a thousand half-lives ago counts for nothing, and keeps no lead out', async (t) => {
  const s = await startScoring(t);
  const short = { ...MODEL, groups: { ...MODEL.groups, web: { cap: 100, half_life_days: 0.01 } } };
  await s.activate(short);
  const long = { id: 'old', type: 'download', phone: P, occurred_at: '2000-01-02T00:00:00Z' };
  t.match(await s.post('/v1/behaviours', long), { outcome: 'recorded' });
  await s.post('/v1/behaviours', { id: 'new', type: 'download', phone: P });
  const { lead_id, decision } = await s.capture1(P);
  t.equal(decision, 'created');
  t.match(await s.scoreOf(lead_id), { implicit: 8, groups: [{ events: 2 }, {}] });
  await s.post('/v1/behaviours', { ...long, id: 'older' });
  t.ok((await s.sweep()) > 0);
  t.strictSame(await s.db.selectFrom('score_due').select('subject').execute(), []);
});

t.test('history is scored, and nobody is told', async (t) => {
  const s = await startScoring(t);
  await s.activate(HEAVY);
  const { lead_id } = await s.post('/v1/leads?mode=history', {
    channel: 'douyin',
    occurred_at: '2026-05-30T12:00:00+08:00',
    person: { phone: P, ...DIRECTOR },
  });
  const told = (await s.eventsOf(lead_id)).filter(({ type }) => CROSSED.includes(type));
  t.equal(told.length, 2);
  for (const { data } of told) t.equal(data['mode'], 'history', 'which makes no delivery');
  await s.capture1(P, { channel: 'search' });
  t.strictSame(await s.crossingsOf(lead_id), CROSSED, 'not told by the next touch either');
});

t.test('an id that every page has by mistake is nobody', async (t) => {
  const s = await startScoring(t);
  await s.activate(MODEL);
  await s.capture1(P, { visitor_id: 'undefined' });
  t.strictSame(await s.db.selectFrom('visitor_link').select('visitor_id').execute(), []);
});

/** A connection that does something else between the first statements and those behind them. */
function between(connection: IngestConnection, meanwhile: () => Promise<void>): IngestConnection {
  const run: Session['run'] = async (statement, values) => {
    const rows = await connection.run(statement, values);
    if (statement.name === 'read_rules') await meanwhile();
    return rows as never;
  };
  return { ...connection, run };
}
