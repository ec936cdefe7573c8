import t from 'tap';
import { stage } from '../helpers/stage.ts';

t.test('scenario 11: replay', async (t) => {
  const s = await stage(t, '2026-06-10');
  const body = { external_id: 'dy-1' };
  const first = await s.capture('douyin', '13800138000', body);
  t.equal(first.status, 201);
  for (const day of ['2026-06-10', '2026-06-11', '2026-06-12']) {
    s.service.setClock(Date.parse(`${day}T13:00:00+08:00`));
    const again = await s.capture('douyin', '13800138000', body);
    t.equal(again.status, 200);
    t.match(again.body, {
      decision: 'replayed',
      original_decision: 'created',
      lead_id: first.body.lead_id,
      submission_id: first.body.submission_id,
    });
  }
  t.equal(await s.count('submission'), 1);
  t.equal(await s.count('touch'), 1);
  t.equal(await s.count('event'), 1, 'one lead.created and nothing more');
});

t.test('the same key with other content is a conflict', async (t) => {
  const s = await stage(t);
  await s.capture('douyin', '13800138000', { external_id: 'dy-1' });
  const other = await s.capture('douyin', '13800138000', { external_id: 'dy-1', person: { name: '王芳' } });
  t.equal(other.status, 422);
  t.equal(other.body.code, 'idempotency_conflict');
  t.equal(await s.count('submission'), 1, 'nothing else changes');
});

t.test('Idempotency-Key stands for one request, and for key#index in a batch', async (t) => {
  const s = await stage(t);
  const send = (path: string, body: object) =>
    s.service.call('POST', path, { body, headers: { 'idempotency-key': 'k-1' } });
  const body = { channel: 'douyin', person: { phone: '13800138000' } };
  const first = await send('/v1/leads', body);
  const again = await send('/v1/leads', body);
  t.equal(again.body.decision, 'replayed');
  t.equal(again.body.lead_id, first.body.lead_id);
  t.equal((await send('/v1/leads', { ...body, channel: 'xhs' })).status, 422);
  const items = [body, { channel: 'douyin', person: { phone: '13900139000' } }];
  const batch = await send('/v1/leads/batch', { items });
  t.strictSame(
    batch.body.items.map((one: { decision: string }) => one.decision),
    ['noise', 'created'],
  );
  const replayed = await send('/v1/leads/batch', { items });
  t.strictSame(
    replayed.body.items.map((one: { decision: string }) => one.decision),
    ['replayed', 'replayed'],
  );
});

t.test('scenario 13: a double click', async (t) => {
  const s = await stage(t, '2026-06-10');
  const person = { name: '王芳' };
  const first = await s.capture('douyin', '13800138000', { at: '2026-06-01 10:00:00', person });
  const second = await s.capture('douyin', '13800138000', { at: '2026-06-01 10:00:02', person });
  t.equal(second.status, 200);
  t.equal(second.body.decision, 'noise');
  t.equal(second.body.lead_id, first.body.lead_id);
  t.strictSame([await s.count('lead'), await s.count('touch'), await s.count('submission')], [1, 1, 2]);
});

t.test('the noise window ends at 300 seconds, inclusive, and noise does not extend it', async (t) => {
  const s = await stage(t, '2026-06-10');
  const at = async (time: string) =>
    (await s.capture('douyin', '13800138000', { at: `2026-06-01 ${time}` })).body.decision;
  t.equal(await at('10:00:00'), 'created');
  t.equal(await at('10:05:00'), 'noise', 'at 300 s');
  t.equal(await at('10:05:01'), 'merged', 'at 301 s');
  t.equal(await at('09:55:00'), 'noise', '300 s before');
  t.equal(await at('09:54:59'), 'merged', '301 s before');
});

t.test('scenario 15: the same minute on another channel is no noise', async (t) => {
  const s = await stage(t, '2026-06-10');
  await s.capture('douyin', '13800138000', { at: '2026-06-01 10:00:00' });
  const second = await s.capture('xhs', '13800138000', { at: '2026-06-01 10:00:02' });
  t.equal(second.body.decision, 'merged');
  t.strictSame([await s.count('lead'), await s.count('touch')], [1, 2]);
});

t.test('scenario 17 within one process: a hundred at once', async (t) => {
  const s = await stage(t);
  const channels = ['douyin', 'xhs', 'search', 'event', 'shop'];
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, i) =>
      s.capture(channels[i % 5] ?? '', '13800138000', { external_id: `k${i}`, person: { name: `客户${i}` } }),
    ),
  );
  t.equal(answers.filter((answer) => answer.body.decision === 'created').length, 1);
  t.equal(answers.filter((answer) => answer.body.decision === 'merged').length, 99);
  t.strictSame([await s.count('customer'), await s.count('lead'), await s.count('touch')], [1, 1, 100]);
});

t.test('scenario 21: a clock from the future', async (t) => {
  const s = await stage(t, '2026-06-01 10:00:00');
  const ahead = await s.capture('douyin', '13800138000', { at: '2026-06-01 12:00:00' });
  const near = await s.capture('douyin', '13900139000', { at: '2026-06-01 10:02:00' });
  const stored = async (id: string) =>
    s.service.db
      .selectFrom('submission')
      .select(['occurred_at', 'flags'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
  const two = await stored(ahead.body.submission_id);
  t.equal(two.occurred_at, Date.parse('2026-06-01T10:00:00+08:00'));
  t.ok(two.flags.includes('clock_skew'));
  const one = await stored(near.body.submission_id);
  t.equal(one.occurred_at, Date.parse('2026-06-01T10:02:00+08:00'), 'two minutes ahead is kept');
  t.notOk(one.flags.includes('clock_skew'));
});
