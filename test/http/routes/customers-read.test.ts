import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import t from 'tap';
import { type Captured, capture, captureAt, phoneOf, REASON } from '../../helpers/captured.ts';
import { type Service, startService } from '../../helpers/service.ts';

async function get(service: Service, path: string, call: { key?: string; headers?: Record<string, string> } = {}) {
  const reply = await service.call('GET', path, call);
  if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`);
  return reply.body;
}

/** Makes one customer an alias of another, as a merge does. */
async function alias({ db }: Service, survivor: Captured, absorbed: Captured): Promise<string> {
  const merge = randomUUID();
  await sql`insert into merge (id, survivor_id, absorbed_id, record, reason, actor, created_at)
    values (${merge}, ${survivor.customer_id}, ${absorbed.customer_id}, '{}', 'same person', 'key:test', now())`.execute(
    db,
  );
  await sql`insert into customer_alias values (${absorbed.customer_id}, ${survivor.customer_id}, ${merge}, now())`.execute(
    db,
  );
  return merge;
}

t.test('scenario 1: seven notations, one customer; each touch shows what was typed', async (t) => {
  const service = await startService(t);
  const typed = [
    '13800138000',
    '+86 138-0013-8000',
    '008613800138000',
    '86 13800138000',
    '１３８００１３８０００',
    '138 0013 8000\u200b',
    '013800138000',
  ];
  const made: Captured[] = [];
  for (const [n, phone] of typed.entries()) made.push(await captureAt(service, phone, `2026-06-0${n + 1}T10:00:00`));
  t.equal(new Set(made.map(({ customer_id }) => customer_id)).size, 1);
  t.equal(new Set(made.map(({ lead_id }) => lead_id)).size, 1);
  const id = made[0]?.customer_id;
  const customer = await get(service, `/v1/customers/${id}`, { headers: REASON });
  t.match(customer, { id, phone: '+8613800138000', touch_count: 7, masked: null, resolved_from: null, aliases: [] });
  t.match(customer.identities, [{ kind: 'phone', namespace: '', value: '+8613800138000' }]);
  t.equal(customer.leads.length, 1);
  const { items } = await get(service, `/v1/customers/${id}/touches`, { headers: REASON });
  t.same(
    items.map((touch: { phone_typed: string }) => touch.phone_typed),
    typed,
  );
  const masked = await get(service, `/v1/customers/${id}/touches`);
  t.notMatch(JSON.stringify(masked), /13800138000|0013/);
});

t.test('a profile says where each value comes from', async (t) => {
  const service = await startService(t);
  const one = await capture(service, {
    occurred_at: '2026-06-01T10:00:00+08:00',
    person: { phone: phoneOf(1), name: '王芳', company: '甲公司', province: '浙江', city: '杭州', tags: ['展会'] },
  });
  const two = await capture(service, {
    occurred_at: '2026-06-02T10:00:00+08:00',
    person: { phone: phoneOf(1), name: '微信用户8823', company: '乙公司', email: 'wf@example.com', tags: ['复访'] },
  });
  await capture(service, {
    occurred_at: '2026-06-03T10:00:00+08:00',
    clear: ['email'],
    person: { phone: phoneOf(1) },
  });
  const confirmed = { v: '采购总监', at: Date.UTC(2026, 5, 4), by: 'adviser:A1 via key:crm' };
  await sql`update customer set profile = jsonb_set(profile, '{confirmed,job_title}', ${JSON.stringify(confirmed)}::jsonb)`.execute(
    service.db,
  );
  const { profile, leads } = await get(service, `/v1/customers/${one.customer_id}`);
  const stated = (by: Captured, day: number) => ({
    kind: 'stated',
    by: 'customer',
    at: `2026-06-0${day}T02:00:00.000Z`,
    submission_id: by.submission_id,
  });
  t.same(profile.name, { value: '王芳', origin: stated(one, 1) }, 'a placeholder does not replace a name');
  t.same(profile.company, { value: '乙公司', origin: stated(two, 2) });
  t.match(profile.email, { value: null, origin: { at: '2026-06-03T02:00:00.000Z' } }, 'taken back');
  t.same(profile.gender, { value: null, origin: null });
  t.same(profile.job_title, {
    value: '采购总监',
    origin: { kind: 'confirmed', by: 'adviser:A1 via key:crm', at: '2026-06-04T00:00:00.000Z', submission_id: null },
  });
  t.same(profile.address, { province: '浙江', city: '杭州', district: null, street: null, origin: stated(one, 1) });
  t.same(profile.tags, ['复访', '展会']);
  t.match(leads[0].person, { name: '王芳', job_title: '采购总监', city: '杭州' });
});

t.test('identities strongest first, masked without the scope', async (t) => {
  for (const atRest of ['raw', 'all'] as const) {
    const service = await startService(t, { atRest });
    const { customer_id } = await capture(service, {
      channel: 'wecom',
      person: {
        wechat: 'ZhangSan_88',
        wecom: { corp_id: 'ww01', external_user_id: 'wmAbCdEf' },
        phone: '010-62345678 转 101',
      },
    });
    await capture(service, { person: { wechat: 'zhangsan_88', phone: '13800138000' }, channel: 'xhs' });
    const values = async (headers: Record<string, string>) => {
      const { identities } = await get(service, `/v1/customers/${customer_id}`, { headers });
      return identities.map(({ kind, namespace, value }: Record<string, string>) => [kind, namespace, value]);
    };
    const [first, second] = await values(REASON);
    t.same(
      [first, second],
      [
        ['phone', '', '+861062345678;ext=101'],
        ['wecom', 'ww01', 'wmAbCdEf'],
      ],
    );
    t.same(
      await values({}),
      [
        ['phone', '', '010-****5678-***'],
        ['wecom', 'ww01', 'wm****Ef'],
        ['wechat', '', 'zh****88'],
      ],
      atRest,
    );
  }
});

t.test('consents: the latest dated statement, else the default of the policy', async (t) => {
  const service = await startService(t);
  const state = (at: string, consents: object[]) => captureAt(service, phoneOf(1), at, { consents, channel: 'event' });
  const granted = {
    purpose: 'analytics',
    granted: true,
    at: '2026-06-05T00:00:00Z',
    text_version: 'v3',
    proof: 'form-1',
  };
  const { customer_id } = await state('2026-06-01T10:00:00', [granted]);
  await state('2026-06-02T10:00:00', [{ ...granted, granted: false, at: '2026-06-04T00:00:00Z' }]);
  const consents = async () => (await get(service, `/v1/customers/${customer_id}`)).consents;
  t.match(await consents(), [
    { purpose: 'contact', granted: true, source: 'default', stated_at: null, text_version: null, submission_id: null },
    {
      purpose: 'analytics',
      granted: true,
      source: 'statement',
      stated_at: '2026-06-05T00:00:00.000Z',
      text_version: 'v3',
      channel: 'event',
      proof: 'form-1',
      submission_id: String,
    },
    { purpose: 'ad_feedback', granted: false, source: 'default' },
  ]);
  await state('2026-06-03T10:00:00', [{ ...granted, granted: false }]);
  t.match((await consents())[1], { granted: false }, 'of one moment, the withdrawal stands');
  await state('2026-06-04T10:00:00', [granted]);
  t.match((await consents())[1], { granted: false }, 'also when the grant of that moment comes last');
});

t.test('an alias is its root, with the leads, touches, events and identities of both', async (t) => {
  const service = await startService(t);
  const kept = await captureAt(service, phoneOf(1), '2026-06-01T10:00:00');
  const gone = await captureAt(service, phoneOf(2), '2026-06-02T10:00:00');
  const merge = await alias(service, kept, gone);
  const after = await captureAt(service, phoneOf(2), '2026-06-03T10:00:00');
  t.equal(after.customer_id, kept.customer_id);
  const customer = await get(service, `/v1/customers/${gone.customer_id}`, { headers: REASON });
  t.match(customer, {
    id: kept.customer_id,
    resolved_from: gone.customer_id,
    aliases: [gone.customer_id],
    merges: [
      {
        id: merge,
        survivor_id: kept.customer_id,
        absorbed_id: gone.customer_id,
        reason: 'same person',
        undone_at: null,
      },
    ],
  });
  t.same(
    customer.identities.map(({ value }: { value: string }) => value),
    [`+86${phoneOf(1)}`, `+86${phoneOf(2)}`],
  );
  t.same(
    customer.leads.map(({ id, customer_id }: Record<string, string>) => [id, customer_id]),
    [
      [gone.lead_id, kept.customer_id],
      [kept.lead_id, kept.customer_id],
    ],
  );
  const found: string[] = [];
  let cursor = '';
  do {
    const page = await get(service, `/v1/customers/${gone.customer_id}/touches?limit=1${cursor}`);
    found.push(...page.items.map(({ id }: { id: string }) => id));
    cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
  } while (cursor !== '');
  t.same(found, [kept.touch_id, gone.touch_id, after.touch_id]);
});

t.test('the timeline of a person, newest first, page by page', async (t) => {
  const service = await startService(t);
  const made: Captured[] = [];
  for (let n = 0; n < 4; n += 1) {
    service.setClock(Date.UTC(2026, 5, 10 + n));
    if (n === 2) await sql`update lead set state = 'won', closed_at = state_at`.execute(service.db);
    made.push(await captureAt(service, phoneOf(1), `2026-06-0${n + 1}T10:00:00`));
  }
  const [first, , third] = made;
  t.equal(made[2]?.decision, 'repurchase');
  await sql`insert into event (id, type, subject_kind, subject_id, customer_id, occurred_at, recorded_at, actor, data)
    values (${randomUUID()}, 'customer.consent_changed', 'customer', ${first?.customer_id}, ${first?.customer_id}, now(), '2026-06-11T12:00:00Z', 'key:x', '{}')`.execute(
    service.db,
  );
  await captureAt(service, phoneOf(2), '2026-06-01T10:00:00'); // somebody else
  const told: unknown[] = [];
  let cursor = '';
  do {
    const page = await get(service, `/v1/customers/${first?.customer_id}/timeline?limit=2${cursor}`);
    t.ok(page.items.length <= 2);
    told.push(
      ...page.items.map((event: Record<string, unknown>) => [event['type'], event['lead_id'], event['sequence']]),
    );
    cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
  } while (cursor !== '');
  t.same(told, [
    ['lead.touched', third?.lead_id, 2],
    ['lead.created', third?.lead_id, 1],
    ['customer.consent_changed', null, null],
    ['lead.touched', first?.lead_id, 2],
    ['lead.created', first?.lead_id, 1],
  ]);
});

t.test('a bound key: other stores only exist', async (t) => {
  const service = await startService(t);
  const s1 = await captureAt(service, '13800138000', '2026-06-01T10:00:00', { store: 'S1' });
  await sql`update lead set state = 'lost', closed_at = state_at`.execute(service.db);
  const s2 = await captureAt(service, '13800138000', '2026-06-02T10:00:00', { store: 'S2' });
  t.equal(s2.decision, 'after_lost');
  const keyOf = async (stores: readonly string[]) =>
    (await service.makeKey({ stores, scopes: ['leads:read', 'pii:read'] })).secret;
  const path = `/v1/customers/${s1.customer_id}`;

  const mine = { key: await keyOf(['S1']), headers: REASON };
  const customer = await get(service, path, mine);
  t.equal(customer.phone, '+8613800138000', 'the person of a lead of the store is read in full');
  t.match(customer.leads, [
    { id: s2.lead_id, exists: true, phone: '138****8000' },
    { id: s1.lead_id, state: 'lost' },
  ]);
  t.same(Object.keys(customer.leads[0]), ['id', 'exists', 'phone'], 'no more than that');
  const touches = await get(service, `${path}/touches`, mine);
  t.match(touches.items, [
    { id: s1.touch_id, phone: '+8613800138000' },
    { id: s2.touch_id, exists: true },
  ]);
  t.same(Object.keys(touches.items[1]), ['id', 'exists']);
  const timeline = await get(service, `${path}/timeline`, mine);
  t.same(
    timeline.items.map((event: { lead_id: string }) => event.lead_id),
    [s1.lead_id],
  );

  const others = { key: await keyOf(['S3']), headers: REASON };
  t.same(await get(service, path, others), { id: s1.customer_id, exists: true, phone: '138****8000' });
  for (const part of ['touches', 'timeline']) {
    const reply = await service.call('GET', `${path}/${part}`, others);
    t.same([reply.status, reply.body.code], [403, 'other_store']);
  }
  const audited = await service.db
    .selectFrom('audit')
    .selectAll()
    .where('action', '=', 'phone.read')
    .orderBy('at')
    .execute();
  t.match(audited, [
    { subject_kind: 'customer', subject_id: s1.customer_id, detail: { route: 'GET /v1/customers/:id' } },
    { subject_kind: 'customer', subject_id: s1.customer_id, detail: { route: 'GET /v1/customers/:id/touches' } },
  ]);
});

t.test('every member of a customer is answered; unknown and erased ones are not', async (t) => {
  const service = await startService(t);
  const { customer_id } = await captureAt(service, phoneOf(1), '2026-06-01T10:00:00');
  const reply = await service.call('GET', `/v1/customers/${customer_id}`);
  t.equal(reply.headers['etag'], `"${reply.body.version}"`);
  const document = await service.call('GET', '/openapi.json');
  t.same(
    Object.keys(reply.body).sort(),
    Object.keys(document.body.components.schemas.CustomerRecord.properties).sort(),
  );
  const expect = async (id: string, status: number, code: string) => {
    for (const path of ['', '/touches', '/timeline']) {
      const answer = await service.call('GET', `/v1/customers/${id}${path}`);
      t.same([answer.status, answer.body.code], [status, code]);
    }
  };
  await expect('13800138000', 404, 'not_found');
  await expect(randomUUID(), 404, 'not_found');
  await sql`update customer set erased_at = now()`.execute(service.db);
  await expect(customer_id, 410, 'gone');
});
