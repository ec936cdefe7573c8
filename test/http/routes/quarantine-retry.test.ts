import t from 'tap';
import type { Tables } from '../../../src/store/database.ts';
import { type Service, startService } from '../../helpers/service.ts';

const NOON = Date.UTC(2026, 5, 1, 4);
const HOUR = 3_600_000;

interface Refused {
  readonly quarantine_id: string;
  readonly submission_id: string;
}

async function refuse({ call }: Service, body: object, headers = {}): Promise<Refused> {
  const answer = await call('POST', '/v1/leads', { body: { channel: 'douyin', ...body }, headers });
  if (answer.status !== 422) throw new Error(`it was accepted: ${answer.text}`);
  return answer.body;
}

function retry({ call }: Service, id: string, corrections?: object, headers = {}) {
  return call('POST', `/v1/quarantine/${id}/retry`, {
    body: corrections === undefined ? {} : { corrections },
    headers,
  });
}

const phone = (number: string) => ({ person: { phone: number } });

async function count({ db }: Service, table: keyof Tables): Promise<number> {
  const { n } = await db
    .selectFrom(table)
    .select((it) => it.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow();
  return Number(n);
}

async function open({ call }: Service): Promise<{ id: string; code: string }[]> {
  return (await call('GET', '/v1/quarantine?state=open')).body.items;
}

t.test('scenario 7: impossible numbers are quarantined, and correcting one releases it', async (t) => {
  const service = await startService(t);
  const { call } = service;
  const refused: Refused[] = [];
  for (const number of ['11111111111', '12345', 'abc']) refused.push(await refuse(service, phone(number)));
  t.strictSame(
    [await count(service, 'submission'), await count(service, 'lead'), (await open(service)).length],
    [3, 0, 3],
  );
  t.strictSame(new Set((await open(service)).map(({ code }) => code)), new Set(['phone_invalid']));
  const id = refused[1]?.quarantine_id ?? '';
  const released = await retry(service, id, phone('138 0013 8000'));
  t.equal(released.status, 201);
  t.match(released.body, { decision: 'created', policy_version: 1 });
  t.strictSame([await count(service, 'lead'), await count(service, 'touch'), (await open(service)).length], [1, 1, 2]);
  t.match((await call('GET', `/v1/quarantine/${id}`)).body, {
    state: 'released',
    resolved_by: released.body.submission_id,
    actor: 'key:admin',
  });
  const again = await retry(service, id, phone('139 0013 9000'));
  t.match(again, { status: 409, body: { code: 'already_released', detail: new RegExp(released.body.submission_id) } });
  t.equal(await count(service, 'lead'), 1);
  const events = await service.db.selectFrom('event').select(['type', 'actor']).orderBy('recorded_at').execute();
  t.strictSame(
    events.map((it) => it.type),
    ['submission.quarantined', 'submission.quarantined', 'submission.quarantined', 'lead.created'],
  );
  const audit = (await call('GET', '/v1/audit?action=quarantine.retried')).body.items;
  t.match(audit, [
    {
      subject: { kind: 'quarantine', id },
      detail: { submission_id: refused[1]?.submission_id, decision: 'created', corrected: ['person.phone'] },
    },
  ]);
  t.notMatch(JSON.stringify(audit), '138');
});

t.test('a retry keeps the original moment, source, keys and mode', async (t) => {
  const service = await startService(t);
  const { call, db, setClock, makeKey } = service;
  const { body: source } = await call('POST', '/v1/sources', {
    body: { name: 'wall', kind: 'rest', channel: 'event', defaults: { store: 'S1' } },
  });
  const key = (await makeKey({ sourceId: source.id })).secret;
  setClock(NOON);
  const original = { external_id: 'w-1', person: { phone: '1380013800', name: '张三' } };
  const post = (body: object, headers: object = { 'idempotency-key': 'k-1' }) =>
    call('POST', '/v1/leads?mode=history', { key, body, headers: { ...headers } });
  const refused = (await post(original)).body;
  setClock(NOON + 5 * HOUR);
  const released = (await retry(service, refused.quarantine_id, phone('13800138000'))).body;
  t.equal(released.decision, 'created');
  const row = await db
    .selectFrom('submission')
    .selectAll()
    .where('id', '=', released.submission_id)
    .executeTakeFirstOrThrow();
  t.match(row, {
    source_id: source.id,
    external_id: 'w-1',
    completes: refused.submission_id,
    mode: 'history',
    occurred_at: NOON,
    received_at: NOON + 5 * HOUR,
    fields: { person: { name: '张三' } },
  });
  t.match(await db.selectFrom('touch').selectAll().executeTakeFirst(), {
    channel: 'event',
    store: 'S1',
    occurred_at: NOON,
  });
  const receipts = await db.selectFrom('receipt').selectAll().where('source_id', '=', source.id).execute();
  t.strictSame(receipts.map((it) => [it.kind, it.key, it.submission_id, it.fingerprints.length]).sort(), [
    ['external', 'w-1', released.submission_id, 2],
    ['request', 'k-1', released.submission_id, 2],
  ]);
  const replayed = { decision: 'replayed', original_decision: 'created', submission_id: released.submission_id };
  t.match((await post(original)).body, replayed, 'the first sender, by both keys');
  t.match((await post(original, {})).body, replayed, 'by the external id alone');
  const corrected = { ...original, person: { ...original.person, phone: '13800138000' } };
  t.match((await post(corrected)).body, replayed, 'and once it has corrected its own');
  t.match((await post({ ...corrected, store: 'S2' })).body, { code: 'idempotency_conflict' });
  t.equal(await count(service, 'touch'), 1);
});

t.test('a stated moment stays; one that could not be read is corrected, or is that of the receipt', async (t) => {
  const service = await startService(t);
  const { db, setClock } = service;
  const occurred = async (submission: string) =>
    (await db.selectFrom('submission').select('occurred_at').where('id', '=', submission).executeTakeFirstOrThrow())
      .occurred_at;
  setClock(NOON);
  const stated = await refuse(service, { ...phone('abc'), occurred_at: '2026-05-30T10:00:00+08:00' });
  const undated = await refuse(service, { ...phone('13900139001'), occurred_at: '2026-13-45' });
  const blank = await refuse(service, { ...phone('13900139002'), occurred_at: 'yesterday' });
  const ahead = await refuse(service, { ...phone('abc'), occurred_at: '2026-06-01T14:00:00+08:00' });
  setClock(NOON + 9 * HOUR);
  const moved = await retry(service, stated.quarantine_id, { ...phone('13900139000'), occurred_at: '2026-05-31' });
  t.match(moved.body, { status: 422, code: 'body_invalid', errors: [{ path: '/corrections/occurred_at' }] });
  const one = (await retry(service, stated.quarantine_id, phone('13900139000'))).body;
  t.equal(await occurred(one.submission_id), Date.UTC(2026, 4, 30, 2));
  t.match((await retry(service, undated.quarantine_id)).body, { code: 'date_invalid' });
  const two = (await retry(service, undated.quarantine_id, { occurred_at: '2026-05-31T10:00:00+08:00' })).body;
  t.equal(await occurred(two.submission_id), Date.UTC(2026, 4, 31, 2));
  const three = (await retry(service, blank.quarantine_id, { occurred_at: null })).body;
  t.equal(await occurred(three.submission_id), NOON, 'the moment of the first receipt');
  const four = (await retry(service, ahead.quarantine_id, phone('13900139003'))).body;
  t.equal(await occurred(four.submission_id), NOON, 'a clock ahead of ours then is so for ever');
});

t.test('still unusable: one entry is open, with the new code, and the old one is superseded', async (t) => {
  const service = await startService(t);
  const { call } = service;
  const first = await refuse(service, { external_id: 'a', ...phone('abc') });
  const same = await retry(service, first.quarantine_id);
  t.match(same.body, { status: 422, code: 'phone_invalid', original_decision: 'quarantined' });
  t.equal(same.body.quarantine_id, first.quarantine_id, 'unchanged, it stays the entry that it is');
  t.equal(await count(service, 'submission'), 1);
  const masked = await retry(service, first.quarantine_id, phone('138****8000'), { 'idempotency-key': 'r-1' });
  t.match(masked, { status: 422, body: { code: 'phone_masked', decision: 'quarantined' } });
  t.match(String(masked.headers['content-type']), 'application/problem+json');
  t.not(masked.body.quarantine_id, first.quarantine_id);
  t.match(await open(service), [{ id: masked.body.quarantine_id, code: 'phone_masked' }]);
  t.equal((await open(service)).length, 1);
  t.match((await call('GET', `/v1/quarantine/${first.quarantine_id}`)).body, {
    state: 'superseded',
    resolved_by: masked.body.submission_id,
  });
  t.match((await retry(service, first.quarantine_id, phone('13800138000'))).body, { code: 'state_conflict' });
  const replayed = await retry(service, first.quarantine_id, phone('138****8000'), { 'idempotency-key': 'r-1' });
  t.strictSame([replayed.status, replayed.body], [422, masked.body]);
  t.equal((await retry(service, masked.body.quarantine_id, phone('13800138000'))).body.decision, 'created');
  t.equal((await open(service)).length, 0);
  const posted = await call('POST', '/v1/leads', { body: { channel: 'douyin', external_id: 'a', ...phone('abc') } });
  t.match(posted.body, { decision: 'replayed', original_decision: 'created' });
});

t.test('the platform corrects it itself: the entry is released by the key', async (t) => {
  const service = await startService(t);
  const { call } = service;
  const first = await refuse(service, { external_id: 'a', ...phone('abc') });
  const sent = await call('POST', '/v1/leads', {
    body: { channel: 'douyin', external_id: 'a', ...phone('13800138000') },
  });
  t.equal(sent.status, 201);
  t.match((await call('GET', `/v1/quarantine/${first.quarantine_id}`)).body, {
    state: 'released',
    resolved_by: sent.body.submission_id,
  });
  t.match((await retry(service, first.quarantine_id, phone('13900139000'))).body, { code: 'already_released' });
});

t.test('any number of retries of one entry at once give one lead, with or without a key of its own', async (t) => {
  const service = await startService(t);
  for (const round of [0, 1, 2, 3]) {
    const keyed = round % 2 === 0 ? { external_id: `x-${round}` } : {};
    const { quarantine_id: id } = await refuse(service, { ...keyed, ...phone('abc') });
    // Each corrects it to somebody else, so that no lock of a person keeps them apart.
    const numbers = [0, 1, 2, 3, 4, 5].map((i) => `1380013${round}0${i}0`);
    const answers = await Promise.all(numbers.map((number) => retry(service, id, phone(number))));
    t.strictSame(answers.map(({ status }) => status).sort(), [201, 409, 409, 409, 409, 409]);
    for (const { status, body } of answers) if (status === 409) t.equal(body.code, 'already_released');
    t.equal(await count(service, 'lead'), round + 1);
    t.equal(await count(service, 'submission'), 2 * (round + 1));
    t.equal(await count(service, 'identity'), round + 1, 'who lost leaves no trace of a person');
  }
});

t.test('a retry and the platform’s own correction at once give one lead', async (t) => {
  const service = await startService(t);
  const { call } = service;
  for (const round of [0, 1, 2, 3]) {
    const external_id = `x-${round}`;
    const { quarantine_id: id } = await refuse(service, { external_id, ...phone('abc') });
    const send = (number: string) =>
      call('POST', '/v1/leads', { body: { channel: 'douyin', external_id, ...phone(number) } });
    const answers = await Promise.all([
      retry(service, id, phone(`1390013${round}000`)),
      send(`1390013${round}001`),
      retry(service, id, phone(`1390013${round}002`)),
      send(`1390013${round}003`),
    ]);
    t.equal(answers.filter(({ status }) => status === 201).length, 1);
    t.equal(await count(service, 'lead'), round + 1);
    t.equal(await count(service, 'touch'), round + 1);
  }
  t.equal((await open(service)).length, 0);
});

t.test('a retry and a dismissal at once: one of them counts', async (t) => {
  const service = await startService(t);
  for (const round of [0, 1, 2, 3, 4, 5]) {
    const { quarantine_id: id } = await refuse(service, phone('abc'));
    const before = await count(service, 'lead');
    const [retried, dismissed] = await Promise.all([
      retry(service, id, phone(`1370013${round}000`)),
      service.call('POST', `/v1/quarantine/${id}/dismiss`, { body: { reason: 'x' } }),
    ]);
    t.strictSame([retried.status, dismissed.status].sort(), retried.status === 201 ? [201, 409] : [200, 409]);
    t.equal((await count(service, 'lead')) - before, retried.status === 201 ? 1 : 0);
  }
});

t.test('corrections are a merge patch, checked as a lead is', async (t) => {
  const service = await startService(t);
  const { call } = service;
  const body = {
    external_id: 'a',
    person: { phone: 'abc', name: 'x', wechat: '无' },
    extra: { a: 1, b: { c: 2, d: 3 } },
  };
  const { quarantine_id: id } = await refuse(service, body);
  const refused = async (path: string, corrections: object) => {
    const answer = await retry(service, id, corrections);
    t.match(answer, { status: 422, body: { code: 'body_invalid', errors: [{ path }] } }, path);
  };
  await refused('/corrections/person/fone', { person: { fone: '13800138000' } });
  await refused('/corrections/person', { person: 'x' });
  await refused('/corrections/external_id', { external_id: 'b' });
  await refused('/corrections/external_id', { external_id: null });
  t.equal((await call('POST', `/v1/quarantine/${id}/retry`, { body: { corrections: 'x' } })).body.code, 'body_invalid');
  t.equal((await open(service)).length, 1);
  const released = await retry(service, id, {
    external_id: 'a',
    person: { phone: 13800138000, wechat: null },
    extra: { a: null, b: { c: 7 } },
  });
  t.equal(released.body.decision, 'created');
  const { fields } = await service.db
    .selectFrom('submission')
    .select('fields')
    .where('id', '=', released.body.submission_id)
    .executeTakeFirstOrThrow();
  t.strictSame(fields, { person: { name: 'x' }, extra: { b: { c: 7, d: 3 } } });
});

t.test('a relay number gets the platform’s id by correction, and never the key of another lead', async (t) => {
  const service = await startService(t);
  const { call } = service;
  await call('POST', '/v1/leads', { body: { channel: 'douyin', external_id: 'D9', ...phone('13800138000') } });
  const other = await refuse(service, { external_id: 'D8', ...phone('abc') });
  const { quarantine_id: id } = await refuse(service, { person: { phone: '95013123456', phone_kind: 'relay' } });
  t.match((await retry(service, id, { external_id: 'D9' })).body, { code: 'idempotency_conflict' });
  t.match((await retry(service, id, { external_id: 'D8' })).body, { code: 'idempotency_conflict' });
  t.strictSame(new Set((await open(service)).map((it) => it.id)), new Set([id, other.quarantine_id]));
  t.equal((await retry(service, id, { external_id: 'D1' })).body.decision, 'created');
});

t.test('an update that could not be used is one once it is corrected', async (t) => {
  const service = await startService(t);
  const { call, makeKey } = service;
  const { body: source } = await call('POST', '/v1/sources', {
    body: { name: 'xhs', kind: 'rest', settings: { update_semantics: true } },
  });
  const key = (await makeKey({ sourceId: source.id })).secret;
  const post = async (person: object) =>
    (await call('POST', '/v1/leads', { key, body: { external_id: 'x', channel: 'xhs', person } })).body;
  const created = await post({ phone: '13800138000', name: '张三' });
  const refused = await post({ phone: '138', name: '张小三', company: '某某科技' });
  t.match(refused, { code: 'phone_invalid', decision: 'quarantined' });
  t.match((await retry(service, refused.quarantine_id)).body, {
    code: 'phone_invalid',
    quarantine_id: refused.quarantine_id,
  });
  const released = (await retry(service, refused.quarantine_id, phone('13800138000'))).body;
  t.match(released, { decision: 'updated', lead_id: created.lead_id, touch_id: created.touch_id });
  t.match((await call('GET', `/v1/quarantine/${refused.quarantine_id}`)).body, {
    state: 'released',
    resolved_by: released.submission_id,
  });
  t.strictSame([await count(service, 'touch'), await count(service, 'lead')], [1, 1]);
  const { items } = (await call('GET', `/v1/leads/${created.lead_id}/touches`)).body;
  t.match(items[0].fields, { person: { name: '张小三', company: '某某科技' } });
});

t.test('a body past its retention cannot be retried', async (t) => {
  const service = await startService(t);
  const { quarantine_id: id } = await refuse(service, phone('abc'));
  await service.db.deleteFrom('raw_body').execute();
  t.match((await retry(service, id, phone('13800138000'))).body, { status: 410, code: 'raw_body_gone' });
  t.equal((await open(service)).length, 1);
});

t.test('many are answered entry by entry, in order, and none fails its neighbours', async (t) => {
  const service = await startService(t);
  const { call } = service;
  const batch = await call('POST', '/v1/leads/batch', {
    body: { items: Array.from({ length: 240 }, (_, i) => ({ channel: 'douyin', ...phone('abc'), extra: { i } })) },
    headers: { 'idempotency-key': 'b-1' },
  });
  const ids: string[] = batch.body.items.map((it: { problem: Refused }) => it.problem.quarantine_id);
  await retry(service, ids[3] ?? '', phone('13900139000'));
  const nobody = '00000000-0000-7000-8000-000000000000';
  const items = ids.map((id, i) => ({ id, corrections: phone(`138001${String(38000 + i)}`) }));
  const asked = [
    ...items,
    { id: nobody },
    { id: ids[0] ?? '', corrections: phone('13700137000') },
    { id: ids[1] ?? '', corrections: { x: 1 } },
  ];
  const { status, body } = await call('POST', '/v1/quarantine/retry', {
    body: { items: asked },
    headers: { 'idempotency-key': 'r' },
  });
  t.equal(status, 200);
  t.strictSame(
    body.items.map((it: { id: string }) => it.id),
    asked.map(({ id }) => id),
  );
  const statuses = body.items.map((it: { status: number }) => it.status);
  t.equal(statuses.filter((it: number) => it === 201).length, 239);
  t.strictSame([statuses[3], ...statuses.slice(240)], [409, 404, 409, 409]);
  t.match(body.items[3].problem, { code: 'already_released' });
  t.match(body.items[5], { decision: 'created' });
  t.equal(await count(service, 'lead'), 240);
  t.equal((await open(service)).length, 0);
  const again = await call('POST', '/v1/quarantine/retry', {
    body: { items: asked },
    headers: { 'idempotency-key': 'r' },
  });
  t.strictSame(again.body, body);
  const resent = await call('POST', '/v1/leads/batch', {
    body: { items: Array.from({ length: 240 }, (_, i) => ({ channel: 'douyin', ...phone('abc'), extra: { i } })) },
    headers: { 'idempotency-key': 'b-1' },
  });
  t.strictSame(new Set(resent.body.items.map((it: { decision: string }) => it.decision)), new Set(['replayed']));
  const audit = (await call('GET', '/v1/audit?action=quarantine.retried&limit=200')).body.items;
  t.equal(audit.length, 200);
});

t.test('many by filter: the open entries that match, and whether there are more', async (t) => {
  const service = await startService(t);
  const { call, db } = service;
  service.setClock(NOON);
  const kept = await refuse(service, phone('abc'));
  service.setClock(NOON + HOUR);
  // As if the number had been refused by a former release: nothing to correct, only to try again.
  const wrong = await refuse(service, phone('138****8000'));
  service.setClock(NOON + HOUR + 1);
  const fixed = await refuse(service, phone('138****8000'));
  const raw = Buffer.from(JSON.stringify({ channel: 'douyin', ...phone('13800138000') }));
  await db
    .updateTable('raw_body')
    .set({ body: raw, sealed: false })
    .where('submission_id', '=', fixed.submission_id)
    .execute();
  const post = (body: object) => call('POST', '/v1/quarantine/retry', { body });
  const { body } = await post({ filter: { code: 'phone_masked', from: new Date(NOON + 1).toISOString() } });
  t.equal(body.more, false);
  t.match(
    body.items.map((it: { id: string; status: number }) => [it.id, it.status]),
    [
      [wrong.quarantine_id, 422],
      [fixed.quarantine_id, 201],
    ],
  );
  t.strictSame(new Set((await open(service)).map(({ code }) => code)), new Set(['phone_invalid', 'phone_masked']));
  t.strictSame((await post({ filter: { code: 'phone_relay' } })).body, { items: [], more: false });
  t.match((await post({ ids: [kept.quarantine_id] })).body.items, [{ id: kept.quarantine_id, status: 422 }]);
  t.match((await post({ filter: { from: 'yesterday' } })).body, {
    code: 'body_invalid',
    errors: [{ path: '/filter/from' }],
  });
  t.equal((await post({})).body.code, 'body_invalid');
  t.equal((await post({ ids: [kept.quarantine_id], filter: {} })).body.code, 'body_invalid');
  t.equal((await post({ ids: [] })).body.code, 'body_invalid');
});

t.test('many callers at once do not leave the pool of connections waiting for itself', async (t) => {
  const service = await startService(t);
  const entries: Refused[] = [];
  for (let i = 0; i < 30; i += 1) entries.push(await refuse(service, { ...phone('abc'), extra: { i } }));
  const answers = await Promise.all(
    entries.map(({ quarantine_id }, i) => retry(service, quarantine_id, phone(`1380013${8000 + i}`))),
  );
  t.strictSame(new Set(answers.map(({ status }) => status)), new Set([201]));
});

t.test('a person’s number retried appears in no log line', async (t) => {
  const service = await startService(t);
  const { quarantine_id: id } = await refuse(service, phone('138001380001'));
  await retry(service, id, phone('13800138000'));
  await retry(service, id, phone('13800138000'));
  await retry(service, id, { person: { fone: '13800138000' } });
  t.notMatch(JSON.stringify(service.logs()), /1380013800/);
  t.ok(service.logs().length > 0);
});
