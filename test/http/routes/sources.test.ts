import t from 'tap';
import { listAudit } from '../../../src/store/audit.ts';
import { type Service, startService } from '../../helpers/service.ts';

const NOON = Date.UTC(2026, 5, 1, 4);
const P = '13800138000';
const P2 = '13900139000';

/** A source with settings, and a key that captures for it. */
async function sourceWith({ call, makeKey }: Service, settings: object, more: object = {}) {
  const { body: source } = await call('POST', '/v1/sources', {
    body: { name: 'platform', kind: 'rest', settings, ...more },
  });
  const { secret } = await makeKey({ sourceId: source.id });
  const post = async (body: object) => (await call('POST', '/v1/leads', { key: secret, body })).body;
  return { source, secret, post };
}

t.test('a source is made, read, listed and changed at the version that was seen', async (t) => {
  const { call, db } = await startService(t);
  const made = await call('POST', '/v1/sources', {
    body: {
      name: '落地页',
      kind: 'github-style',
      channel: 'search',
      defaults: { store: 'S1', campaign: { id: 7390000000000001 }, traffic: { platform: 'baidu' } },
      settings: { completes_later: true },
    },
  });
  t.equal(made.status, 201);
  const { secret, address, ...source } = made.body;
  t.match(address, /^\/v1\/hooks\//);
  t.match(secret, /^[A-Za-z0-9_-]{43}$/);
  t.match(source, {
    name: '落地页',
    kind: 'github-style',
    state: 'active',
    channel: 'search',
    defaults: { store: 'S1', campaign: { id: '7390000000000001' }, traffic: { platform: 'baidu' } },
    settings: { completes_later: true },
    has_secret: true,
    version: 1,
  });
  t.equal(made.headers['location'], `/v1/sources/${source.id}`);
  const read = await call('GET', `/v1/sources/${source.id}`);
  t.strictSame([read.body, read.headers['etag']], [source, '"1"']);
  t.strictSame(
    (await call('GET', '/v1/sources')).body.items.map((it: { name: string }) => it.name),
    ['admin', '落地页'],
  );
  const patch = (body: object, version?: number) =>
    call('PATCH', `/v1/sources/${source.id}`, {
      body,
      ...(version === undefined ? {} : { headers: { 'if-match': `"${version}"` } }),
    });
  t.match((await patch({ name: 'x' })).body, { status: 428, code: 'version_required' });
  const changed = await patch({ channel: null, defaults: { store: 'S2' } }, 1);
  t.match(changed.body, { name: '落地页', channel: null, defaults: { store: 'S2' }, version: 2 });
  t.strictSame(changed.body.defaults, { store: 'S2' }, 'defaults are replaced whole');
  t.equal(changed.headers['etag'], '"2"');
  t.match((await patch({ name: 'x' }, 1)).body, { status: 412, code: 'version_conflict' });
  t.match((await patch({ name: 'admin' }, 2)).body, {
    status: 409,
    code: 'state_conflict',
    errors: [{ path: '/name' }],
  });
  t.match((await patch({}, 2)).body, { code: 'body_invalid' });
  t.match((await patch({ kind: 'csv' }, 2)).body, { errors: [{ path: '/kind', code: 'unknown_field' }] });
  t.match((await call('GET', '/v1/sources/00000000-0000-7000-8000-000000000000')).body, { code: 'not_found' });
  const entries = await listAudit(db, { subjectId: source.id, limit: 9 });
  t.strictSame(
    entries.map((it) => [it.action, it.actor]),
    [
      ['source.updated', 'key:admin'],
      ['source.created', 'key:admin'],
    ],
  );
  t.notMatch(JSON.stringify(entries), secret);
});

t.test('a secret is shown once, rotated with overlap, and replayed only to the same idempotency key', async (t) => {
  const { call, db, vault, setClock, makeKey } = await startService(t);
  setClock(NOON);
  const make = (headers = {}, key?: string) =>
    call('POST', '/v1/sources', {
      body: { name: 'wall', kind: 'github-style' },
      headers,
      ...(key === undefined ? {} : { key }),
    });
  const first = await make({ 'idempotency-key': 'k' });
  const again = await make({ 'idempotency-key': 'k' });
  t.strictSame([again.status, again.body, again.headers['idempotency-replayed']], [201, first.body, 'true']);
  t.match((await make()).body, { code: 'state_conflict', errors: [{ path: '/name' }] });
  const kept = await db.selectFrom('receipt').selectAll().where('key', '=', 'k').executeTakeFirstOrThrow();
  t.notMatch(JSON.stringify(kept), first.body.secret, 'what is kept for the replay is encrypted');
  const { id } = first.body;
  const rotated = await call('POST', `/v1/sources/${id}/rotate-secret`, { body: { overlap_seconds: 60 } });
  t.equal(rotated.status, 200);
  t.not(rotated.body.secret, first.body.secret);
  const { secrets } = await db.selectFrom('source').select('secrets').where('id', '=', id).executeTakeFirstOrThrow();
  t.match(JSON.parse(vault.openText(secrets ?? '')), [
    { secret: rotated.body.secret, expires_at: null },
    { secret: first.body.secret, expires_at: NOON + 60_000 },
  ]);
  const given = await call('POST', `/v1/sources/${id}/rotate-secret`, { body: { secret: 'given-by-them' } });
  t.match(given.body, { secret: 'given-by-them', version: 3 });
  t.equal((await call('GET', `/v1/sources/${id}`)).body.secret, undefined);
  const { secret } = await makeKey({ scopes: ['leads:write', 'leads:read'] });
  t.equal((await make({}, secret)).body.code, 'scope_missing');
  const admin = await makeKey({ scopes: ['admin'] });
  t.equal((await call('GET', '/v1/sources', { key: admin.secret })).status, 200, 'ops or admin');
});

t.test('what comes by a paused source is refused at once, until it is resumed', async (t) => {
  const service = await startService(t, { limits: { keyCacheSeconds: 300 } });
  const { call } = service;
  const { source, post } = await sourceWith(service, {});
  t.equal((await post({ person: { phone: P } })).decision, 'created');
  const paused = await call('POST', `/v1/sources/${source.id}/pause`);
  t.match(paused, { status: 200, body: { state: 'paused', version: 2 } });
  t.match((await call('POST', `/v1/sources/${source.id}/pause`)).body, { state: 'paused', version: 2 });
  t.match(await post({ person: { phone: P2 } }), { status: 403, code: 'source_paused' });
  t.match((await call('POST', `/v1/sources/${source.id}/resume`)).body, { state: 'active', version: 3 });
  t.equal((await post({ person: { phone: P2 } })).decision, 'created');
});

t.test('defaults and channel of a source fill in what a submission leaves out, from the change on', async (t) => {
  const service = await startService(t, { limits: { keyCacheSeconds: 300 } });
  const { call } = service;
  const { source, post } = await sourceWith(
    service,
    {},
    { channel: 'search', defaults: { store: 'S1', traffic: { platform: 'baidu', medium: 'cpc' } } },
  );
  const touchOf = async (id: string) =>
    service.db
      .selectFrom('submission as s')
      .innerJoin('touch as t', 't.id', 's.touch_id')
      .select(['t.channel', 't.store', 's.fields'])
      .where('s.id', '=', id)
      .executeTakeFirstOrThrow();
  const first = await post({ person: { phone: P }, traffic: { medium: 'organic' } });
  t.match(await touchOf(first.submission_id), {
    channel: 'search',
    store: 'S1',
    fields: { traffic: { platform: 'baidu', medium: 'organic' } },
  });
  await call('PATCH', `/v1/sources/${source.id}`, {
    body: { channel: 'visit', defaults: {} },
    headers: { 'if-match': '"1"' },
  });
  const second = await post({ person: { phone: P2 } });
  t.match(await touchOf(second.submission_id), { channel: 'visit', store: null });
});

t.test(
  'completes_later: a submission without identity is parked, and completed with its original occurred_at',
  async (t) => {
    const service = await startService(t);
    const { post } = await sourceWith(service, { completes_later: true });
    service.setClock(NOON);
    const parked = await post({ external_id: 'x-1', channel: 'wecom', person: { name: '张三' } });
    t.match(parked, { decision: 'parked', lead_id: null, rule: 'parked.no_identity_yet' });
    t.match(await post({ channel: 'wecom', person: { name: '李四' } }), { code: 'phone_empty' }, 'not without an id');
    service.setClock(NOON + 3_600_000);
    const completed = await post({ external_id: 'x-1', channel: 'wecom', person: { name: '张三', phone: P } });
    t.equal(completed.decision, 'created');
    const lead = await service.db.selectFrom('lead').selectAll().executeTakeFirstOrThrow();
    t.strictSame([lead.id, lead.created_at, lead.recorded_at], [completed.lead_id, NOON, NOON + 3_600_000]);
    const submission = await service.db
      .selectFrom('submission')
      .selectAll()
      .where('id', '=', completed.submission_id)
      .executeTakeFirstOrThrow();
    t.match(submission, { completes: parked.submission_id, occurred_at: NOON });
    t.match(await post({ external_id: 'x-1', channel: 'wecom', person: { name: '张三', phone: P } }), {
      decision: 'replayed',
      submission_id: completed.submission_id,
    });
  },
);

t.test(
  'two completions of one parked submission that name different people at once: one wins, the other is a conflict',
  async (t) => {
    const service = await startService(t);
    const { post } = await sourceWith(service, { completes_later: true });
    for (const round of [0, 1, 2, 3, 4]) {
      const external_id = `x-${round}`;
      await post({ external_id, person: { name: '张三' } });
      const phones = [0, 1, 2, 3].map((i) => `1380013${round}0${i}0`);
      const answers = await Promise.all(phones.map((phone) => post({ external_id, person: { name: '张三', phone } })));
      const told = answers.map((it) => it.decision).sort();
      t.strictSame(told, ['conflict', 'conflict', 'conflict', 'created']);
    }
    const { leads } = await service.db
      .selectFrom('lead')
      .select((it) => it.fn.countAll<number>().as('leads'))
      .executeTakeFirstOrThrow();
    t.equal(leads, 5);
  },
);

t.test('update semantics: updated, replayed, and another person by the same id', async (t) => {
  const service = await startService(t);
  const { post } = await sourceWith(service, { update_semantics: true });
  const { call, setClock } = service;
  const body = (at: number, person: object) => ({
    external_id: 'xhs-1',
    channel: 'xhs',
    occurred_at: new Date(at).toISOString(),
    person,
  });
  setClock(NOON);
  const first = body(NOON, { phone: P, name: '张三', city: '杭州' });
  const created = await post(first);
  t.equal(created.decision, 'created');
  setClock(NOON + 60_000);
  const updated = await post(body(NOON + 60_000, { phone: P, name: '张小三', company: '某某科技' }));
  t.match(updated, { decision: 'updated', lead_id: created.lead_id, customer_id: created.customer_id });
  const touches = async (lead: string) => (await call('GET', `/v1/leads/${lead}/touches`)).body.items;
  const [touch, ...more] = await touches(created.lead_id);
  t.equal(more.length, 0);
  t.match(touch, {
    occurred_at: new Date(NOON).toISOString(),
    fields: { person: { name: '张小三', city: '杭州', company: '某某科技' } },
    voided_at: null,
  });
  setClock(NOON + 120_000);
  t.match(await post(first), { decision: 'replayed', lead_id: created.lead_id }, 'an old one sent again');
  const profile = async () =>
    (await service.db.selectFrom('customer').select('profile').where('id', '=', created.customer_id).executeTakeFirst())
      ?.profile as Record<string, unknown>;
  t.match(JSON.stringify(await profile()), '张小三');

  const renamed = await post(body(NOON + 120_000, { phone: P2, name: '李四' }));
  t.equal(renamed.decision, 'created');
  t.not(renamed.customer_id, created.customer_id);
  const [voided] = await touches(created.lead_id);
  t.match(voided, { void_reason: 'superseded', voided_at: new Date(NOON + 120_000).toISOString() });
  t.notMatch(JSON.stringify(await profile()), '张小三', 'what the voided touch said is recomputed away');
  const [fresh] = await touches(renamed.lead_id);
  t.match(fresh, { fields: { person: { name: '李四' } }, voided_at: null });
  t.notMatch(fresh.fields, { person: { company: '某某科技' } });
  const events = (await call('GET', `/v1/leads/${created.lead_id}/events`)).body.items;
  t.strictSame(
    events.map((it: { type: string }) => it.type),
    ['lead.created', 'lead.touched', 'touch.voided', 'lead.rating_changed'],
  );
});

t.test('without update semantics the same id with other content is a conflict', async (t) => {
  const service = await startService(t);
  const { post } = await sourceWith(service, {});
  t.equal((await post({ external_id: 'a', person: { phone: P } })).decision, 'created');
  t.match(await post({ external_id: 'a', person: { phone: P, name: '张三' } }), { code: 'idempotency_conflict' });
});

t.test('templates of imports are kept with the source, by name', async (t) => {
  const { call } = await startService(t);
  const event = { fields: { 'person.phone': { label: '您的手机号' } } };
  const make = (import_templates: unknown, kind = 'rest') =>
    call('POST', '/v1/sources', { body: { name: 'sheets', kind, settings: { import_templates } } });
  const made = await make({ 'offline-event': event, '2026_old': { fields: {}, synonyms: 'none' } });
  t.equal(made.status, 201);
  t.strictSame((await call('GET', `/v1/sources/${made.body.id}`)).body.settings.import_templates, {
    'offline-event': event,
    '2026_old': { fields: {}, synonyms: 'none' },
  });
  t.match(await make({ event: { fields: { 'person.shoe': { path: 'a' } } } }, 'csv'), {
    status: 422,
    body: { code: 'body_invalid', errors: [{ path: '/settings/import_templates/event/fields/person.shoe' }] },
  });
  const faulty = ['', 'Event', '-event', 'e vent', 'e'.repeat(65)];
  for (const name of faulty)
    t.match(await make({ [name]: event }), { status: 422, body: { code: 'body_invalid' } }, name);
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`t${i}`, event]));
  t.match(await make(many(21)), { status: 422, body: { code: 'body_invalid' } });
  t.match(await make(event), { status: 422 }, 'a map is no list of them');
});
