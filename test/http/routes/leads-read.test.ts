import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import t from 'tap';
import { capture, captureAt, phoneOf, REASON } from '../../helpers/captured.ts';
import { type Service, startService } from '../../helpers/service.ts';

const NOBODY = '0197a3c2-5d10-7abc-8def-0123456789ab';

async function get(service: Service, path: string, call: { key?: string; headers?: Record<string, string> } = {}) {
  const reply = await service.call('GET', path, call);
  if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`);
  return reply.body;
}

async function post(service: Service, path: string, body: object) {
  const reply = await service.call('POST', path, { body });
  if (reply.status >= 300) throw new Error(`${reply.status} ${reply.text}`);
  return reply.body;
}

t.test('scenario 23: first and last source, and both touches', async (t) => {
  const service = await startService(t);
  const one = await captureAt(service, '138 0013 8000', '2026-06-02T10:00:00', {
    channel: 'search',
    campaign: { id: 'C2' },
    person: { phone: '138 0013 8000', name: '张三', city: '杭州' },
  });
  const two = await captureAt(service, '+86 138-0013-8000', '2026-06-01T10:00:00', {
    campaign: { id: 'C1', name: '六月' },
    advertiser: { id: 'hq', name: '总部' },
  });
  t.equal(two.lead_id, one.lead_id);
  const lead = await get(service, `/v1/leads/${one.lead_id}`, { headers: REASON });
  t.match(lead.first_source, {
    channel: 'douyin',
    campaign_id: 'C1',
    campaign_name: '六月',
    advertiser_id: 'hq',
    advertiser_name: '总部',
    at: '2026-06-01T02:00:00.000Z',
    touch_id: two.touch_id,
    store: null,
  });
  t.match(lead.last_source, { channel: 'search', campaign_id: 'C2', touch_id: one.touch_id, campaign_name: null });
  t.match(lead, {
    id: one.lead_id,
    customer_id: one.customer_id,
    masked: null,
    phone: '+8613800138000',
    person: { name: '张三', city: '杭州', province: null, email: null, tags: [] },
    state: 'new',
    touch_count: 2,
    cycle: 1,
    repurchase_of: null,
    resolved_from: null,
    merged_leads: [],
    deals: [],
    created_at: '2026-06-02T02:00:00.000Z',
  });
  const { items, next_cursor } = await get(service, `/v1/leads/${one.lead_id}/touches`, { headers: REASON });
  t.equal(next_cursor, null);
  t.match(items, [
    {
      id: two.touch_id,
      channel: 'douyin',
      phone: '+8613800138000',
      phone_typed: '+86 138-0013-8000',
      decision: 'merged',
    },
    { id: one.touch_id, channel: 'search', phone: '+8613800138000', phone_typed: '138 0013 8000', decision: 'created' },
  ]);
  t.same(items[1].fields, { person: { city: '杭州', name: '张三' }, campaign: { id: 'C2' } });
  const page = await get(service, `/v1/leads/${one.lead_id}/touches?limit=1`);
  t.equal(page.items[0].id, two.touch_id);
  const rest = await get(service, `/v1/leads/${one.lead_id}/touches?limit=1&cursor=${page.next_cursor}`);
  t.same([rest.items.length, rest.items[0].id, rest.next_cursor], [1, one.touch_id, null]);
});

t.test('every member of a lead is answered, and its version is the ETag', async (t) => {
  const service = await startService(t);
  const { lead_id } = await captureAt(service, phoneOf(1), '2026-06-01T10:00:00');
  const reply = await service.call('GET', `/v1/leads/${lead_id}`);
  t.equal(reply.headers['etag'], `"${reply.body.version}"`);
  const document = await service.call('GET', '/openapi.json');
  const { properties } = document.body.components.schemas.LeadDetail;
  t.same(Object.keys(reply.body).sort(), Object.keys(properties).sort());
  await captureAt(service, phoneOf(1), '2026-06-02T10:00:00');
  const later = await service.call('GET', `/v1/leads/${lead_id.toUpperCase()}`);
  t.same([later.status, later.body.id, later.body.resolved_from], [200, lead_id, null]);
  t.not(later.headers['etag'], reply.headers['etag']);
});

t.test('submissions that spoke of a touch: noise, and updates with the values after them', async (t) => {
  const service = await startService(t);
  const updating = await service.makeKey({});
  await sql`update source set settings = '{"update_semantics":true}' where id = ${updating.sourceId}`.execute(
    service.db,
  );
  const body = (more: object) => ({
    channel: 'xhs',
    external_id: 'x-1',
    person: { phone: phoneOf(1), name: '王芳', ...more },
  });
  const first = await capture(service, { ...body({}), occurred_at: '2026-06-01T10:00:00+08:00' }, updating.secret);
  const second = await capture(
    service,
    { ...body({ name: '王小芳', company: '某公司' }), occurred_at: '2026-06-01T11:00:00+08:00' },
    updating.secret,
  );
  t.equal(second.decision, 'updated');
  await captureAt(service, phoneOf(2), '2026-06-01T10:00:00');
  const noise = await captureAt(service, phoneOf(2), '2026-06-01T09:59:58');
  t.equal(noise.decision, 'noise');

  const { items } = await get(service, `/v1/leads/${first.lead_id}/touches`);
  t.equal(items.length, 1);
  t.same(items[0].fields.person, { name: '王小芳', company: '某公司' });
  t.match(items[0].submissions, [
    { id: first.submission_id, decision: 'created', noise: false, external_id: 'x-1', supersedes: null },
    { id: second.submission_id, decision: 'updated', noise: false, supersedes: first.submission_id },
  ]);
  const repeated = await get(service, `/v1/leads/${noise.lead_id}/touches`);
  t.match(repeated.items[0], { first_at: '2026-06-01T01:59:58.000Z', last_at: '2026-06-01T02:00:00.000Z' });
  t.match(repeated.items[0].submissions, [
    { id: noise.submission_id, decision: 'noise', noise: true },
    { decision: 'created', noise: false },
  ]);
});

t.test('what is typed anywhere is masked', async (t) => {
  const service = await startService(t, { atRest: 'all' });
  const { lead_id } = await captureAt(service, '', '2026-06-01T10:00:00', {
    person: { phone: '１３８ ００１３ ８０００', name: '张三', email: 'zs@example.com' },
    intent: { need: '打 138-0013-8000 或 010-62345678' },
    traffic: { landing_page: 'https://example.com/lp?tel=13800138000', campaign_id: '13800138000' },
    extra: { 备用: 13800138000, user_id: '13800138000', list: ['13800138000'] },
  });
  const { secret } = await service.makeKey({ scopes: ['leads:read'] });
  const { items } = await get(service, `/v1/leads/${lead_id}/touches`, { key: secret, headers: REASON });
  t.match(items[0], { masked: 'scope_missing', phone: '138****8000', phone_typed: '*** **** ８０００' });
  t.same(items[0].fields, {
    person: { name: '张三', email: 'z***@example.com' },
    intent: { need: '打 138****8000 或 010-****5678' },
    traffic: { landing_page: 'https://example.com/lp?tel=138****8000', campaign_id: '13800138000' },
    extra: { 备用: '138****8000', user_id: '138****8000', list: ['138****8000'] },
  });
  const full = await get(service, `/v1/leads/${lead_id}/touches`, { headers: REASON });
  t.match(full.items[0], { masked: null, phone: '+8613800138000', phone_typed: '１３８ ００１３ ８０００' });
  t.equal(full.items[0].fields.extra.备用, 13800138000);
  const audited = await service.db.selectFrom('audit').selectAll().where('action', '=', 'phone.read').execute();
  t.match(audited, [{ subject_kind: 'lead', subject_id: lead_id, detail: { route: 'GET /v1/leads/:id/touches' } }]);
});

t.test('scenario 148: the whole chain of a lead in one call', async (t) => {
  const service = await startService(t);
  const crm = await service.makeKey({ name: 'crm' });
  const first = await service.call('POST', '/v1/leads', {
    key: crm.secret,
    headers: { 'x-request-id': 'request-one', 'on-behalf-of': 'adviser:A9' },
    body: {
      external_id: 'dy-1',
      channel: 'douyin',
      store: 'S1',
      owner: 'A1',
      person: { phone: phoneOf(1), name: '张三' },
    },
  });
  await captureAt(service, phoneOf(1), '2026-06-02T10:00:00', { channel: 'search', store: 'S2' });
  const { items } = await get(service, `/v1/leads/${first.body.lead_id}/events`);
  t.match(items, [
    {
      type: 'lead.created',
      sequence: 1,
      subject: { kind: 'lead', id: first.body.lead_id },
      actor: 'adviser:A9 via key:crm',
      request_id: 'request-one',
      rule: 'created.no_lead_in_scope',
      policy_version: first.body.policy_version,
      data: {
        decision: 'created',
        owner: 'A1',
        owner_reason: 'named',
        store: 'S1',
        state: 'assigned',
        changed: ['name'],
      },
      submission: {
        id: first.body.submission_id,
        source_id: crm.sourceId,
        source_name: 'crm',
        external_id: 'dy-1',
        decision: 'created',
        rule: first.body.rule,
        policy_version: first.body.policy_version,
      },
    },
    { type: 'lead.touched', sequence: 2, data: { decision: 'merged', owner: 'A1', owner_reason: 'unchanged' } },
  ]);
  for (const event of items) {
    t.match(event, { recorded_at: /Z$/, occurred_at: /Z$/, request_id: String });
    t.notMatch(JSON.stringify(event), /张三|139100/, 'no identity value');
  }
  for (const method of ['PUT', 'PATCH', 'DELETE', 'POST']) {
    const reply = await service.call(method, `/v1/leads/${first.body.lead_id}/events`, { body: {} });
    t.equal(reply.status, 405, `${method} changes no event`);
  }
});

t.test('a timeline goes by sequence whatever the clocks said, page by page', async (t) => {
  const service = await startService(t);
  const { lead_id } = await captureAt(service, phoneOf(1), '2026-06-01T10:00:00');
  for (let n = 1; n < 7; n += 1) await captureAt(service, phoneOf(1), `2026-06-0${n + 1}T10:00:00`);
  // Another process's clock was behind when it wrote the fourth and fifth.
  await sql`update event set recorded_at = recorded_at - interval '3 seconds' where lead_id = ${lead_id} and sequence in (4, 5)`.execute(
    service.db,
  );
  const walked: number[] = [];
  let cursor = '';
  do {
    const page = await get(service, `/v1/leads/${lead_id}/events?limit=2${cursor}`);
    walked.push(...page.items.map((event: { sequence: number }) => event.sequence));
    cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
  } while (cursor !== '');
  t.same(walked, [1, 2, 3, 4, 5, 6, 7]);
  const other = await captureAt(service, phoneOf(2), '2026-06-01T10:00:00');
  const { next_cursor } = await get(service, `/v1/leads/${lead_id}/events?limit=2`);
  const reply = await service.call('GET', `/v1/leads/${other.lead_id}/events?cursor=${next_cursor}`);
  t.same([reply.status, reply.body.code], [400, 'cursor_invalid']);
});

const ids = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id);
const told = (items: readonly Record<string, string>[]) => items.map((event) => [event['lead_id'], event['type']]);

t.test('a lead merged away is its survivor, with the touches and events of both', async (t) => {
  const service = await startService(t);
  const kept = await captureAt(service, phoneOf(1), '2026-06-01T10:00:00');
  const gone = await captureAt(service, phoneOf(2), '2026-06-02T10:00:00');
  const before = await captureAt(service, phoneOf(3), '2026-06-03T10:00:00');
  const merge = (survivor: string, absorbed: string) =>
    post(service, `/v1/customers/${survivor}/merge`, { customer_id: absorbed, reason: 'same person' });
  await merge(gone.customer_id, before.customer_id);
  const { merge_id } = await merge(kept.customer_id, gone.customer_id);
  for (const id of [gone.lead_id, before.lead_id]) {
    const lead = await get(service, `/v1/leads/${id}`);
    t.same([lead.id, lead.resolved_from, lead.customer_id], [kept.lead_id, id, kept.customer_id]);
    t.same([...lead.merged_leads].sort(), [gone.lead_id, before.lead_id].sort());
    const touches = await get(service, `/v1/leads/${id}/touches`);
    t.same(ids(touches.items), [kept.touch_id, gone.touch_id, before.touch_id]);
    t.ok(touches.items.every((touch: { submissions: unknown[] }) => touch.submissions.length === 1));
    const events = await get(service, `/v1/leads/${id}/events`);
    t.same(told(events.items), [
      [kept.lead_id, 'lead.created'],
      [gone.lead_id, 'lead.created'],
      [before.lead_id, 'lead.created'],
      [before.lead_id, 'lead.merged'],
      [gone.lead_id, 'lead.merged'],
      [kept.lead_id, 'lead.merged'],
      [gone.lead_id, 'lead.merged'],
    ]);
  }
  await post(service, `/v1/customers/${kept.customer_id}/unmerge`, { merge_id });
  const away = await get(service, `/v1/leads/${before.lead_id}`);
  t.same([away.id, away.resolved_from], [gone.lead_id, before.lead_id]);
  const own = await get(service, `/v1/leads/${gone.lead_id}/events`);
  t.ok(
    told(own.items).every(([lead]) => lead !== kept.lead_id),
    'nothing of the other side',
  );
  const types = own.items.filter((event: { lead_id: string }) => event.lead_id === gone.lead_id);
  t.same(
    types.map((event: { type: string; sequence: number }) => [event.sequence, event.type]),
    [
      [1, 'lead.created'],
      [2, 'lead.merged'],
      [3, 'lead.merged'],
      [4, 'lead.unmerged'],
    ],
    'what was written to the survivor meanwhile is found',
  );
  t.same(ids((await get(service, `/v1/leads/${gone.lead_id}/touches`)).items), [gone.touch_id, before.touch_id]);
});

t.test('a lead that a split took along keeps its timeline', async (t) => {
  const service = await startService(t);
  const first = await captureAt(service, phoneOf(1), '2026-06-01T10:00:00');
  await sql`update lead set state = 'lost', closed_at = state_at`.execute(service.db);
  const second = await captureAt(service, phoneOf(1), '2026-06-02T10:00:00');
  t.not(second.lead_id, first.lead_id);
  const split = await post(service, `/v1/customers/${first.customer_id}/split`, {
    touch_id: second.touch_id,
    reason: 'another person',
  });
  const lead = await get(service, `/v1/leads/${second.lead_id}`);
  t.equal(lead.customer_id, split.customer_id);
  t.not(split.customer_id, first.customer_id);
  const { items } = await get(service, `/v1/leads/${second.lead_id}/events`);
  t.same(told(items), [
    [second.lead_id, 'lead.created'],
    [second.lead_id, 'lead.split'],
  ]);
  t.equal(items[0].customer_id, first.customer_id, 'as it was written');
  t.same(ids((await get(service, `/v1/leads/${second.lead_id}/touches`)).items), [second.touch_id]);
  const timeline = await get(service, `/v1/customers/${split.customer_id}/timeline`);
  t.same(told(timeline.items), [...told(items)].reverse());
  const left = await get(service, `/v1/customers/${first.customer_id}/timeline`);
  t.same(told(left.items), [
    [null, 'lead.split'],
    [first.lead_id, 'lead.created'],
  ]);
});

t.test('deals with their net amount', async (t) => {
  const service = await startService(t);
  const { lead_id, customer_id } = await captureAt(service, phoneOf(1), '2026-06-01T10:00:00');
  const won = randomUUID();
  const deal = (id: string, kind: string, of: string | null, amount: number, at: string) =>
    sql`insert into deal (id, customer_id, lead_id, kind, of_deal, amount, currency, closer, reason, actor, occurred_at, recorded_at)
      values (${id}, ${customer_id}, ${lead_id}, ${kind}, ${of}, ${amount}, 'CNY', 'A2', '退 13800138000', 'key:x', ${at}, now())`.execute(
      service.db,
    );
  await deal(won, 'won', null, 10_000, '2026-06-05T00:00:00Z');
  await deal(randomUUID(), 'refund', won, -2_500, '2026-06-06T00:00:00Z');
  const { deals } = await get(service, `/v1/leads/${lead_id}`);
  t.match(deals, [
    {
      id: won,
      kind: 'won',
      amount: 10_000,
      net_amount: 7_500,
      currency: 'CNY',
      closer: 'A2',
      reason: '退 138****8000',
    },
    { kind: 'refund', of_deal: won, amount: -2_500, net_amount: null },
  ]);
});

t.test('unknown, erased and reverted leads', async (t) => {
  const service = await startService(t);
  const { lead_id } = await captureAt(service, phoneOf(1), '2026-06-01T10:00:00');
  const expect = async (id: string, status: number, code: string) => {
    for (const path of ['', '/touches', '/events']) {
      const reply = await service.call('GET', `/v1/leads/${id}${path}`);
      t.same([reply.status, reply.body.code], [status, code], `${id}${path}`);
    }
  };
  await expect(NOBODY, 404, 'not_found');
  await expect('13800138000', 404, 'not_found');
  await expect("'; drop table lead; --", 404, 'not_found');
  for (const hidden of ['erased', 'reverted']) {
    await sql`update lead set hidden = ${hidden} where id = ${lead_id}`.execute(service.db);
    await expect(lead_id, 410, 'gone');
  }
  t.notMatch(JSON.stringify(service.logs()), /13800138000/);
});

t.test('scenario 22: another store learns that a lead exists, and not the phone', async (t) => {
  const service = await startService(t);
  const first = await captureAt(service, '13800138000', '2026-06-01T10:00:00', { store: 'S1', owner: 'A1' });
  const second = await captureAt(service, '13800138000', '2026-06-02T10:00:00', { store: 'S2', channel: 'visit' });
  t.same([second.lead_id, second.decision], [first.lead_id, 'merged']);
  const s2 = await service.makeKey({ stores: ['S2'], scopes: ['leads:read', 'pii:read'] });
  const call = { key: s2.secret, headers: REASON };
  t.same(await get(service, `/v1/leads/${first.lead_id}`, call), {
    id: first.lead_id,
    exists: true,
    phone: '138****8000',
  });
  for (const path of ['touches', 'events']) {
    const reply = await service.call('GET', `/v1/leads/${first.lead_id}/${path}`, call);
    t.same([reply.status, reply.body.code], [403, 'other_store'], path);
  }
  t.same(await service.db.selectFrom('audit').selectAll().where('action', '=', 'phone.read').execute(), []);
  const s1 = await service.makeKey({ stores: ['S1'], scopes: ['leads:read', 'pii:read'] });
  const own = await get(service, `/v1/leads/${first.lead_id}`, { key: s1.secret, headers: REASON });
  t.same([own.owner, own.phone, own.touch_count], ['A1', '+8613800138000', 2]);
});
