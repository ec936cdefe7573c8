import t from 'tap';
import { MODEL, startScoring } from '../helpers/scoring.ts';
import { staff } from '../helpers/staffed.ts';
import { P } from '../helpers/working.ts';

const HEAVY = { ...MODEL, attributes: [{ ...MODEL.attributes[0], points: 60 }] };

interface Entry {
  readonly type: string;
  readonly rule: string;
  readonly data: Readonly<Record<string, unknown>>;
}

t.test('scenario 148: one call tells the whole chain of a lead, and nothing can change it', async (t) => {
  const s = await startScoring(t);
  await staff(s.db, { stores: { S1: {} }, advisers: { A1: { stores: ['S1'] } } });
  const model = await s.activate(HEAVY);
  const send = async (time: string, path: string, body: object) => {
    s.at(`2026-06-01T${time}+08:00`);
    const reply = await s.call('POST', path, { body });
    t.equal(reply.status < 300, true, `${path}: ${reply.text}`);
    return {
      body: reply.body,
      request: reply.headers['x-request-id'],
      at: new Date(`2026-06-01T${time}+08:00`).toISOString(),
    };
  };
  const person = { phone: P, job_title: 'director' };
  const made = await send('13:00:00', '/v1/leads', { channel: 'douyin', store: 'S1', person });
  const { lead_id: id, submission_id, touch_id } = made.body;
  const { task } = await s.get(`/v1/leads/${id}`);
  const done = { method: 'phone', content: '约好试驾', outcome: 'answered', next_at: '2026-06-02T10:00:00+08:00' };
  const called = await send('14:00:00', `/v1/tasks/${task.id}/complete`, done);
  const again = await send('15:00:00', '/v1/leads', { channel: 'shop', person: { phone: P } });
  const rated = await send('15:30:00', `/v1/leads/${id}/rating`, { rating: 'low', reason: 'no_budget' });
  await send('16:00:00', '/v1/behaviours/batch', {
    events: [1, 2, 3].map((n) => ({ id: `p${n}`, type: 'pricing_page', phone: P })),
  });
  await s.sweep();
  const won = await send('17:00:00', `/v1/leads/${id}/state`, { state: 'won', amount: 100, currency: 'CNY' });

  const path = `/v1/leads/${id}/events`;
  const { items, next_cursor } = await s.get(`${path}?limit=100`);
  t.equal(next_cursor, null, 'one call');
  const told = (
    reply: { request: unknown; at: string },
    entries: readonly (readonly [string, string, object])[],
    more = {},
  ) =>
    entries.map(([type, rule, data]) => ({
      type,
      rule,
      data,
      actor: type === 'lead.hot' || /^score\./.test(rule) ? 'score' : 'key:admin',
      request_id: reply.request,
      recorded_at: reply.at,
      policy_version: 1,
      ...more,
    }));
  const submission = (submissionId: string, decision: string, rule: string) => ({
    submission: { id: submissionId, decision, rule, policy_version: 1 },
  });
  t.match(items, [
    ...told(
      made,
      [
        [
          'lead.created',
          'created.no_lead_in_scope',
          { touch_id, rating: 'medium', rating_rule: 'rating.base', owner: 'A1' },
        ],
        ['lead.assigned', 'assigned.wheel', { owner: 'A1', assignment_rule: 'capture_store', pool: 'store:S1' }],
        ['task.created', 'task.first_contact', { task_id: task.id, due_at: task.due_at, owner: 'A1' }],
        ['lead.left_nurture', 'score.mql', { model, total: 60, attributes: [{ name: 'director' }] }],
        ['lead.qualified', 'score.sql', { model, total: 60, threshold: 50 }],
      ],
      submission(submission_id, 'created', 'created.no_lead_in_scope'),
    ),
    ...told(called, [
      ['task.completed', 'task.followed_up', { task_id: task.id }],
      ['lead.state_changed', 'state.followed_up', { from: 'assigned', to: 'following' }],
      ['task.created', 'task.follow_up', {}],
    ]),
    ...told(
      again,
      [
        ['lead.touched', 'merged.open_lead', { decision: 'merged' }],
        ['lead.rating_changed', 'rating.base', { from: 'medium', to: 'high', evidence: [again.body.touch_id] }],
        ['task.changed', 'task.rating_rose', {}],
      ],
      submission(again.body.submission_id, 'merged', 'merged.open_lead'),
    ),
    ...told(rated, [['lead.rating_changed', 'rating.manual', { from: 'high', to: 'low' }]]),
    // Behaviours are scored by the worker, on behalf of no request.
    ...told({ request: null, at: '2026-06-01T08:00:00.000Z' }, [['lead.hot', 'score.hot', { model, threshold: 80 }]]),
    ...told(won, [
      ['lead.state_changed', 'state.by_hand', { to: 'won' }],
      ['deal.recorded', 'deal.won', { amount: 100, currency: 'CNY' }],
      ['task.cancelled', 'task.won', {}],
    ]),
  ]);
  t.strictSame(
    items.map(({ sequence }: { sequence: number }) => sequence),
    items.map((_: Entry, index: number) => index + 1),
    'without gaps',
  );

  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    for (const target of [path, `${path}/${items[0].id}`, '/v1/events', `/v1/events/${items[0].id}`, '/v1/audit']) {
      const { status } = await s.call(method, target, { body: { rule: 'other' } });
      t.ok(status === 404 || status === 405, `${method} ${target}: ${status}`);
    }
  }
  t.strictSame((await s.get(`${path}?limit=100`)).items, items);
});
