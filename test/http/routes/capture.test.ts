import t from 'tap';
import type { Decision } from '../../../src/domain/outcome.ts';
import { OverloadError } from '../../../src/flows/coalesce.ts';
import { judged, OUTCOME, recordingCapture } from '../../helpers/recording-capture.ts';
import { startService } from '../../helpers/service.ts';

const LEAD = { external_id: 'dy-1', person: { phone: '138 0013 8000', name: '张三' } };

t.test('hands the flow what arrived and answers what it decided', async (t) => {
  const capture = recordingCapture();
  const { call, makeKey, setClock } = await startService(t, { capture });
  const { secret, sourceId } = await makeKey({ name: 'crm', scopes: ['leads:write'] });
  setClock(1_780_000_000_000);
  const raw =
    '{ "external_id": 7390000000000000001, "person": {"phone": 13800138000}, "traffic": {"campaign_id": 101} }';
  const answer = await call('POST', '/v1/leads', {
    key: secret,
    raw,
    headers: { 'idempotency-key': 'order 1', 'x-request-id': 'my-request-1' },
  });
  t.equal(answer.status, 201);
  t.strictSame(answer.body, {
    submission_id: OUTCOME.submissionId,
    decision: 'created',
    lead_id: OUTCOME.leadId,
    customer_id: OUTCOME.customerId,
    touch_id: OUTCOME.touchId,
    rule: OUTCOME.rule,
    policy_version: 1,
    owner: { adviser: null, store: 'S1', reason: 'pool' },
    warnings: [],
  });
  t.equal(answer.headers['x-request-id'], 'my-request-1');
  const [item] = capture.submitted;
  t.strictSame(item?.draft, {
    external_id: '7390000000000000001',
    person: { phone: '13800138000' },
    traffic: { campaign_id: '101' },
  });
  t.equal(Buffer.from(item?.raw ?? '').toString(), raw, 'byte for byte');
  t.match(item, {
    contentType: 'application/json',
    idempotencyKey: 'order 1',
    actor: 'key:crm',
    requestId: 'my-request-1',
    mode: 'live',
    receivedAt: 1_780_000_000_000,
    source: { id: sourceId },
  });
});

t.test('the status says the decision', async (t) => {
  const capture = recordingCapture();
  const { call } = await startService(t, { capture });
  const expected: Readonly<Record<Exclude<Decision, 'quarantined' | 'conflict'>, number>> = {
    created: 201,
    repurchase: 201,
    after_lost: 201,
    merged: 200,
    reactivated: 200,
    late: 200,
    updated: 200,
    noise: 200,
    suppressed: 200,
    test: 200,
    parked: 202,
    replayed: 200,
  };
  for (const [decision, status] of Object.entries(expected) as [Decision, number][]) {
    capture.answer = () => judged({ decision, originalDecision: decision === 'replayed' ? 'created' : null });
    const answer = await call('POST', '/v1/leads', { body: LEAD });
    t.equal(answer.status, status, decision);
    t.equal(answer.body.decision, decision);
    t.equal(answer.body.original_decision, decision === 'replayed' ? 'created' : undefined);
  }
});

t.test('a refusal is a problem with its code, path, hint and ids', async (t) => {
  const capture = recordingCapture();
  const { call } = await startService(t, { capture });
  const refusal = { code: 'phone_masked', path: '/person/phone', hint: 'Send it whole.' };
  capture.answer = () => judged({ decision: 'quarantined', leadId: null, quarantineId: 'q-1', refusal });
  const quarantined = await call('POST', '/v1/leads', { body: LEAD });
  t.equal(quarantined.status, 422);
  t.match(quarantined.headers['content-type'], /^application\/problem\+json/);
  t.match(quarantined.body, {
    type: '/problems/phone_masked',
    code: 'phone_masked',
    status: 422,
    hint: 'Send it whole.',
    errors: [{ path: '/person/phone', code: 'phone_masked', hint: 'Send it whole.' }],
    decision: 'quarantined',
    quarantine_id: 'q-1',
    submission_id: OUTCOME.submissionId,
    request_id: quarantined.headers['x-request-id'],
  });
  capture.answer = () =>
    judged({ decision: 'replayed', originalDecision: 'quarantined', quarantineId: 'q-1', refusal });
  const replayed = await call('POST', '/v1/leads', { body: LEAD });
  t.match(replayed, {
    status: 422,
    body: { code: 'phone_masked', decision: 'replayed', original_decision: 'quarantined' },
  });
  capture.answer = () => judged({ decision: 'conflict', refusal: null });
  t.match(await call('POST', '/v1/leads', { body: LEAD }), { status: 422, body: { code: 'idempotency_conflict' } });
  capture.answer = () => judged({ decision: 'quarantined', refusal: { ...refusal, code: 'not_in_the_table' } });
  t.match(await call('POST', '/v1/leads', { body: LEAD }), { status: 422, body: { code: 'submission_unusable' } });
});

t.test('what fails on our side is 5xx without a word of why, and the log has it', async (t) => {
  const capture = recordingCapture();
  const { call, logs } = await startService(t, { capture });
  const cause = Object.assign(new Error('value 13800138000'), { code: '23514', severity: 'ERROR', table: 'lead' });
  for (const [code, status, told] of [
    ['database_unavailable', 503, 'database_unavailable'],
    ['ingest_failed', 500, 'internal'],
  ] as const) {
    capture.answer = () => ({ kind: 'failed', failure: { code, cause } });
    const answer = await call('POST', '/v1/leads', { body: LEAD });
    t.equal(answer.status, status);
    t.equal(answer.body.code, told);
    t.notMatch(answer.text, /138001|23514/);
    t.match(logs().at(-1), { level: 50, msg: 'request.completed', status, fault: { code: '23514', table: 'lead' } });
  }
  const batch = await call('POST', '/v1/leads/batch', { body: { items: [LEAD] } });
  t.equal(batch.status, 200);
  t.match(batch.body.items, [{ index: 0, status: 500, problem: { code: 'internal' } }]);
  t.ok(logs().some(({ msg, level }) => msg === 'batch.item_failed' && level === 50));
  t.notMatch(JSON.stringify(logs()), /138001/);
});

t.test('overload is 503 with Retry-After', async (t) => {
  const capture = recordingCapture();
  const { call } = await startService(t, {
    capture: { ...capture, submit: async () => Promise.reject(new OverloadError()) },
  });
  for (const [path, body] of [
    ['/v1/leads', LEAD],
    ['/v1/leads/batch', { items: [LEAD] }],
  ] as const) {
    const answer = await call('POST', path, { body });
    t.equal(answer.status, 503, path);
    t.equal(answer.body.code, 'overloaded');
    t.equal(answer.headers['retry-after'], '1');
  }
});

t.test('a dry run asks for the decision and hands nothing in', async (t) => {
  const capture = recordingCapture();
  const { call } = await startService(t, { capture });
  const answer = await call('POST', '/v1/leads?dry_run=true', { body: LEAD });
  t.equal(answer.status, 201);
  t.match(answer.body, { submission_id: null, lead_id: null, decision: 'created' });
  t.equal((await call('POST', '/v1/leads/batch?dry_run=true', { body: { items: [LEAD, LEAD] } })).body.items.length, 2);
  t.equal(capture.submitted.length, 0);
  t.equal(capture.dryRuns.length, 3);
  for (const query of ['?dry_run=maybe', '?dry_run=', '?dryrun=true', '?mode=old']) {
    t.match(
      await call('POST', `/v1/leads${query}`, { body: LEAD }),
      { status: 400, body: { code: 'query_invalid' } },
      query,
    );
  }
});

t.test('naming the owner, the store or history needs ops, or a key of that store', async (t) => {
  const capture = recordingCapture();
  const { call, makeKey } = await startService(t, { capture });
  const plain = (await makeKey({ scopes: ['leads:write'] })).secret;
  const ofStore = (await makeKey({ scopes: ['leads:write'], stores: ['S1', 'S2'] })).secret;
  const ops = (await makeKey({ scopes: ['leads:write', 'ops'] })).secret;
  const post = async (key: string, more: object, query = '') => {
    const { status, body } = await call('POST', `/v1/leads${query}`, { key, body: { ...LEAD, ...more } });
    return status === 201 ? 201 : [status, body.code, body.scope, body.errors?.[0].path];
  };
  t.strictSame(await post(plain, { store: 'S1' }), [403, 'scope_missing', 'ops', '/store']);
  t.strictSame(await post(ofStore, { store: 'S2' }), 201);
  t.strictSame(await post(ofStore, { store: 'S3' }), [403, 'scope_missing', 'ops', '/store']);
  t.strictSame(await post(ofStore, { owner: 'A1' }), [403, 'scope_missing', 'ops', '/owner']);
  t.strictSame(await post(ops, { store: 'S3', owner: 'A1' }), 201);
  t.strictSame(await post(plain, {}, '?mode=history'), [403, 'scope_missing', 'ops', undefined]);
  t.strictSame(await post(ops, {}, '?mode=history'), 201);
  t.equal(capture.submitted.at(-1)?.mode, 'history');
});

t.test('a batch is answered item by item, and a bad item never fails its neighbours', async (t) => {
  const capture = recordingCapture();
  const { call, makeKey } = await startService(t, { capture });
  const { secret } = await makeKey({ scopes: ['leads:write'] });
  const refusal = { code: 'phone_invalid', path: '/person/phone', hint: 'Check.' };
  capture.answer = ({ draft }) =>
    draft.person?.phone === 'abc'
      ? judged({ decision: 'quarantined', quarantineId: 'q', refusal })
      : judged({ decision: 'merged' });
  const items = [
    LEAD,
    42,
    null,
    { person: { phon: '1' } },
    { ...LEAD, owner: 'A1' },
    { person: { phone: 'abc' } },
    { ...LEAD, external_id: 5 },
  ];
  const answer = await call('POST', '/v1/leads/batch', {
    key: secret,
    body: { items },
    headers: { 'idempotency-key': 'k' },
  });
  t.equal(answer.status, 200);
  t.match(answer.body.items, [
    { index: 0, status: 200, decision: 'merged', lead_id: OUTCOME.leadId },
    { index: 1, status: 422, problem: { code: 'body_invalid', errors: [{ path: '', code: 'type' }] } },
    { index: 2, status: 422, problem: { code: 'body_invalid' } },
    {
      index: 3,
      status: 422,
      problem: { errors: [{ path: '/person/phon', code: 'unknown_field', hint: 'Did you mean phone?' }] },
    },
    { index: 4, status: 403, problem: { code: 'scope_missing', errors: [{ path: '/owner' }] } },
    { index: 5, status: 422, problem: { code: 'phone_invalid', quarantine_id: 'q', decision: 'quarantined' } },
    { index: 6, status: 200 },
  ]);
  t.equal(answer.body.items.length, items.length);
  t.strictSame(
    capture.submitted.map(({ idempotencyKey }) => idempotencyKey),
    ['k#0', 'k#5', 'k#6'],
    'the key stands for key#index',
  );
  t.strictSame(JSON.parse(Buffer.from(capture.submitted[2]?.raw ?? '').toString()), { ...LEAD, external_id: 5 });
});

t.test('a batch has its bounds', async (t) => {
  const capture = recordingCapture();
  const { call } = await startService(t, { capture, limits: { batchMaxItems: 3 } });
  const post = (body: unknown) => call('POST', '/v1/leads/batch', { body });
  t.equal((await post({ items: [LEAD, LEAD, LEAD] })).status, 200);
  t.match(await post({ items: [LEAD, LEAD, LEAD, LEAD] }), {
    status: 422,
    body: { errors: [{ path: '/items', code: 'too_many' }] },
  });
  t.match(await post({ items: [] }), { status: 422, body: { errors: [{ path: '/items', code: 'too_few' }] } });
  t.match(await post({}), { status: 422, body: { errors: [{ path: '/items', code: 'required' }] } });
  t.match(await post([LEAD]), { status: 422, body: { errors: [{ path: '', code: 'type' }] } });
  const bad = await post({ items: [{ person: 1 }] });
  t.equal(bad.body.items[0].status, 422);
  t.equal(capture.submitted.length, 3, 'a batch of bad items asks the flow for nothing');
});

t.test('the real way in, end to end', async (t) => {
  const { call } = await startService(t);
  const first = await call('POST', '/v1/leads', { body: LEAD });
  t.match(first, { status: 201, body: { decision: 'created' } });
  const again = await call('POST', '/v1/leads', { body: LEAD });
  t.match(again, { status: 200, body: { decision: 'replayed', lead_id: first.body.lead_id } });
  const refused = await call('POST', '/v1/leads', { body: { person: { phone: '12345' } } });
  t.match(refused, { status: 422, body: { code: 'phone_invalid', quarantine_id: String } });
});

t.test(
  'a bound key is told the owner within its reach alone: of another store it learns that a lead exists',
  async (t) => {
    const { call, makeKey } = await startService(t);
    const person = { phone: '13800138000' };
    const first = await call('POST', '/v1/leads', { body: { external_id: 'x-1', person, store: 'S1', owner: 'A1' } });
    t.match(first.body.owner, { adviser: 'A1', store: 'S1' });
    const bound = async (bounds: object) =>
      (await makeKey({ scopes: ['leads:write'], sourceId: (await makeKey({})).sourceId, ...bounds })).secret;
    const { lead_id } = first.body;
    const other = await bound({ stores: ['S2'] });
    const body = { external_id: 'x-2', channel: 'xhs', person };
    const seen = { lead_id, owner: null };
    t.match((await call('POST', '/v1/leads?dry_run=true', { key: other, body })).body, seen);
    t.match((await call('POST', '/v1/leads', { key: other, body })).body, { ...seen, decision: 'merged' });
    t.match((await call('POST', '/v1/leads', { key: other, body })).body, { ...seen, decision: 'replayed' });
    const many = { items: [{ ...body, external_id: 'x-3', channel: 'search' }] };
    t.match((await call('POST', '/v1/leads/batch', { key: other, body: many })).body.items, [seen]);
    const told = { owner: { adviser: 'A1', store: 'S1' } };
    const post = (key: string, channel: string) => call('POST', '/v1/leads', { key, body: { channel, person } });
    t.match((await post(await bound({ stores: ['S1'] }), 'event')).body, told);
    t.match((await post(await bound({ adviser: 'A1' }), 'store')).body, told);
    t.match((await post(await bound({ adviser: 'A2' }), 'call')).body, { owner: null });
    t.match((await post(await bound({}), 'referral')).body, told);
  },
);

t.test('extra and the levels of the traffic are bounded, and an item beyond is refused alone', async (t) => {
  const { call } = await startService(t);
  const lead = (i: number, more: object) => ({ person: { phone: `1380013800${i}` }, ...more });
  const bad = [
    lead(1, { extra: { x: { 'a/b': ['a.'.repeat(2_001)] } } }),
    lead(2, { extra: { ['k'.repeat(4_001)]: 1 } }),
    lead(3, { extra: Object.fromEntries(Array.from({ length: 9 }, (_, i) => [i, 'x'.repeat(4_000)])) }),
    lead(4, { traffic: { levels: { ['k'.repeat(20_000)]: 'x' } } }),
  ];
  const good = lead(5, { extra: { x: '字'.repeat(4_000), y: 'a'.repeat(4_000) } });
  const { body } = await call('POST', '/v1/leads/batch', { body: { items: [...bad, good] } });
  t.match(body.items, [
    { status: 422, problem: { errors: [{ path: '/extra/x/a~1b/0', code: 'too_long' }] } },
    { status: 422, problem: { errors: [{ path: /^\/extra\/k+$/, code: 'too_long' }] } },
    { status: 422, problem: { errors: [{ path: '/extra', code: 'too_large' }] } },
    { status: 422, problem: { errors: [{ path: '/traffic/levels', code: 'too_large' }] } },
    { status: 201 },
  ]);
  t.match((await call('POST', '/v1/leads', { body: bad[0] })).body, { errors: [{ path: '/extra/x/a~1b/0' }] });
});
