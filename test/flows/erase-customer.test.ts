import t, { type Test } from 'tap';
import { databaseText } from '../helpers/database-text.ts';
import { day, P, P2, startWorking, type Working } from '../helpers/working.ts';

const PERSON = {
  name: '欧阳测试名',
  email: 'ouyang@example.org',
  wechat: 'ouyang_wx_77',
  company: '某某科技',
  province: '浙江',
  street: '文三路 77 号 3 单元',
};
const NAMES = /欧阳测试名|改名欧阳|ouyang|文三路 77/i;
const DIGITS = /13800138000|13900139000/;

/** Whatever still names the person, by table. */
async function leftovers(s: Working): Promise<readonly string[]> {
  const text = await databaseText(s.db, s.vault);
  if (text.size < 15) throw new Error('not every table was read');
  return [...text].flatMap(([table, rows]) =>
    rows.split('\n').flatMap((row) => {
      const found = NAMES.exec(row) ?? DIGITS.exec(row.normalize('NFKC').replace(/(?<=\d)[\s-](?=\d)/g, ''));
      return found === null ? [] : [`${table}: ${found[0]} in ${row.slice(0, 2000)}`];
    }),
  );
}

/** One person in every place that keeps anything: two customers merged, leads of every kind, quarantine, test, notes, answers. */
async function everywhere(t: Test, s: Working) {
  const first = await s.capture1(
    '138 0013 8000',
    {
      occurred_at: day(5, 1),
      external_id: 'dy-1',
      store: 'S1',
      owner: 'A1',
      intent: { need: '请联系欧阳测试名 13800138000' },
      traffic: { platform: 'douyin', campaign_id: '101', landing_page: 'https://x.example/?tel=13800138000' },
      campaign: { id: 'c1', name: '六月团购会' },
      extra: { 备注: 'ouyang@example.org' },
      consents: [{ purpose: 'contact', granted: true, proof: 'signed by 欧阳测试名' }],
    },
    PERSON,
  );
  await s.capture1('１３８００１３８０００', { channel: 'xhs', occurred_at: day(5, 2) }, PERSON); // no noise: another channel
  await s.capture1(P, { channel: 'xhs', occurred_at: day(5, 2, '12:01:00') }, PERSON);
  const byKey = (key: string) => ({ headers: { 'idempotency-key': key } });
  await s.post(
    `/v1/leads/${first.lead_id}/state`,
    { state: 'following', note: '欧阳测试名 wants 13800138000 called', occurred_at: day(5, 3) },
    byKey('k-1'),
  );
  const { deal_id } = await s.post(
    `/v1/leads/${first.lead_id}/state`,
    { state: 'won', amount: 700, currency: 'CNY', occurred_at: day(5, 4) },
    byKey('13800138000-won'),
  );
  await s.post(`/v1/deals/${deal_id}/refunds`, { amount: 100, reason: '欧阳测试名退货' });
  const etag = (await s.call('GET', `/v1/customers/${first.customer_id}`)).headers['etag'] as string;
  await s.call('PATCH', `/v1/customers/${first.customer_id}`, {
    body: { name: '改名欧阳' },
    headers: { 'if-match': etag, 'idempotency-key': 'k-2' },
  });
  await s.post(`/v1/customers/${first.customer_id}/consents`, {
    purpose: 'analytics',
    granted: true,
    proof: 'ouyang@example.org',
  });
  await s.call('GET', `/v1/customers/${first.customer_id}`, {
    headers: { 'access-reason': encodeURIComponent('欧阳测试名 asked') },
  });
  // The same person by another number, merged, and merged and parted before.
  const second = await s.capture1(P2, { channel: 'visit', occurred_at: day(6, 1) }, { name: '欧阳测试名' });
  const merge = () =>
    s.post(`/v1/customers/${first.customer_id}/merge`, {
      customer_id: second.customer_id,
      reason: '欧阳测试名 13900139000',
    });
  await s.post(`/v1/customers/${first.customer_id}/unmerge`, { merge_id: (await merge()).merge_id });
  await merge();
  const lost = await s.capture1(P2, { channel: 'event', occurred_at: day(7, 1), external_id: '13900139000' });
  await s.post(`/v1/leads/${lost.lead_id}/state`, {
    state: 'lost',
    reason: '欧阳测试名 bought elsewhere',
    occurred_at: day(7, 2),
  });
  await s.post(`/v1/touches/${lost.touch_id}/void`, { reason: 'typed by 欧阳测试名' });
  // What came to no customer.
  const undated = await s.call('POST', '/v1/leads', {
    body: { channel: 'douyin', occurred_at: 'soon', person: { phone: P, ...PERSON } },
    ...byKey('13800138000-q'),
  });
  t.match(undated, { status: 422, body: { code: 'date_invalid' } });
  const byWechat = await s.call('POST', '/v1/leads', {
    body: { channel: 'douyin', occurred_at: 'soon', person: { wechat: PERSON.wechat } },
  });
  t.equal(byWechat.status, 422);
  await s.post(`/v1/quarantine/${byWechat.body.quarantine_id}/dismiss`, { reason: '欧阳测试名 called' });
  await s.post('/v1/leads', { channel: 'douyin', test: true, person: { phone: P, name: '欧阳测试名' } });
  return { first, second, lost, deal_id };
}

for (const atRest of ['raw', 'all'] as const) {
  t.test(`after an erasure no column names the person (at rest: ${atRest})`, async (t) => {
    const s = await startWorking(t, { atRest });
    const stranger = await s.capture1('13700137000', { external_id: 'other' }, { name: '另一个人' });
    const { first, second, lost, deal_id } = await everywhere(t, s);
    t.ok((await leftovers(s)).length > 20, 'it was everywhere');
    const others = await databaseText(s.db, s.vault);
    const path = `/v1/customers/${second.customer_id}/erase`;
    t.match(await s.call('POST', path, { body: { reason: 'call from 欧阳测试名' } }), {
      status: 422,
      body: { errors: [{ path: '/reason' }] },
    });
    t.match(await s.call('POST', path, { body: { reason: '138-0013-8000' } }), { status: 422 });
    const erased = await s.post(path, { reason: 'customer_request' }, { headers: { 'idempotency-key': 'e-1' } });
    t.match(erased, { customer_id: first.customer_id, suppressed: 0, erased_at: '2026-12-31T12:00:00.000Z' });
    t.ok(erased.submissions >= 8);
    t.strictSame(await leftovers(s), []);

    for (const id of [first.customer_id, second.customer_id])
      t.equal((await s.call('GET', `/v1/customers/${id}`)).status, 410);
    for (const id of [first.lead_id, second.lead_id, lost.lead_id])
      t.equal((await s.call('GET', `/v1/leads/${id}`)).status, 410);
    t.equal((await s.call('POST', `/v1/leads/${first.lead_id}/owner`, { body: { owner: 'A2' } })).status, 410);
    t.equal((await s.call('POST', `/v1/deals/${deal_id}/refunds`, { body: { amount: 1, reason: 'x' } })).status, 410);
    t.equal((await s.call('POST', `/v1/touches/${first.touch_id}/void`, { body: { reason: 'x' } })).status, 410);
    t.equal(
      (
        await s.call('POST', `/v1/customers/${first.customer_id}/consents`, {
          body: { purpose: 'contact', granted: true },
        })
      ).status,
      410,
    );
    const kept = await s.call('PATCH', `/v1/customers/${first.customer_id}`, {
      body: { name: '改名欧阳' },
      headers: { 'if-match': '"1"', 'idempotency-key': 'k-2' },
    });
    t.equal(kept.status, 410);

    // Counts and money stay; a stranger is untouched.
    const deals = await s.db.selectFrom('deal').select('amount').execute();
    t.strictSame(deals.map(({ amount }) => amount).sort(), [-100, 700]);
    t.equal(
      (
        await s.db
          .selectFrom('touch')
          .selectAll()
          .where('customer_id', 'in', [first.customer_id, second.customer_id])
          .execute()
      ).length,
      4,
    );
    const [touch] = await s.db.selectFrom('submission').selectAll().where('id', '=', first.submission_id).execute();
    t.match(touch, {
      decision: 'created',
      fields: { traffic: { platform: 'douyin', campaign_id: '101' }, campaign: { id: 'c1', name: '六月团购会' } },
    });
    const now = await databaseText(s.db, s.vault);
    const rowsOf = (text: ReadonlyMap<string, string>) =>
      [...text.values()]
        .join('\n')
        .split('\n')
        .filter((row) => /13700137000|另一个人/.test(row))
        .sort();
    t.strictSame(rowsOf(now), rowsOf(others));
    t.equal((await s.get(`/v1/leads/${stranger.lead_id}`)).person.name, '另一个人');

    // Told, and again for no change.
    const told = await s.db
      .selectFrom('event')
      .select(['lead_id', 'subject_kind'])
      .where('type', '=', 'lead.erased')
      .execute();
    t.strictSame(new Set(told.map((row) => row.lead_id)), new Set([null, first.lead_id, second.lead_id, lost.lead_id]));
    const again = await s.post(path, { reason: 'again' });
    t.match(again, { customer_id: first.customer_id, erased_at: erased.erased_at, leads: 0 });
    const replay = await s.call('POST', path, {
      body: { reason: 'customer_request' },
      headers: { 'idempotency-key': 'e-1' },
    });
    t.strictSame(replay.body, erased);
    const [entry] = await s.db.selectFrom('audit').selectAll().where('action', '=', 'customer.erased').execute();
    t.match(entry, {
      reason: 'customer_request',
      subject_id: first.customer_id,
      detail: { leads: erased.leads, later: 'new_customer' },
    });

    const later = await s.capture1(P, { channel: 'search' }, { name: '欧阳测试名' });
    t.match(later, { decision: 'created' });
    t.notOk([first.customer_id, second.customer_id].includes(later.customer_id));
  });
}

t.test('with do_not_contact every identity is suppressed', async (t) => {
  const s = await startWorking(t);
  const first = await s.capture1(P, {}, { wechat: 'ouyang_wx_77' });
  const erased = await s.post(`/v1/customers/${first.customer_id}/erase`, {
    reason: 'asked_by_mail',
    do_not_contact: true,
  });
  t.equal(erased.suppressed, 2);
  t.equal((await s.capture1(P, { channel: 'xhs' })).decision, 'suppressed');
  t.equal((await s.post('/v1/leads', { channel: 'wecom', person: { wechat: 'ouyang_wx_77' } })).decision, 'suppressed');
  t.match(await s.get('/v1/suppressions'), {
    items: [{ reason: 'erased_do_not_contact' }, { reason: 'erased_do_not_contact' }],
  });
  t.strictSame(await leftovers(s), []);
});

t.test('what was sent before is a replay still, and brings nothing back', async (t) => {
  const s = await startWorking(t);
  const body = { channel: 'douyin', external_id: 'dy-1', person: { phone: P, name: '欧阳测试名' } };
  const first = await s.post('/v1/leads', body);
  await s.post(`/v1/customers/${first.customer_id}/erase`, { reason: 'customer_request' });
  t.match(await s.post('/v1/leads', body), { decision: 'replayed', lead_id: first.lead_id });
  t.strictSame(await leftovers(s), []);
});

t.test('news under an old external id is a new customer, not news about an erased one', async (t) => {
  const s = await startWorking(t);
  const { secret, sourceId } = await s.makeKey({ name: 'xhs-push' });
  await s.db
    .updateTable('source')
    .set({ settings: JSON.stringify({ update_semantics: true }) })
    .where('id', '=', sourceId)
    .execute();
  const send = (person: object) => s.post('/v1/leads', { channel: 'xhs', external_id: 'x-1', person }, { key: secret });
  const first = await send({ phone: P, name: '欧阳测试名' });
  t.equal((await send({ phone: P, name: '欧阳测试名', city: '杭州' })).decision, 'updated');
  await s.post(`/v1/customers/${first.customer_id}/erase`, { reason: 'customer_request' });
  t.strictSame(await leftovers(s), []);
  const later = await send({ phone: P, name: '欧阳测试名', city: '宁波' });
  t.match(later, { decision: 'created' });
  t.not(later.customer_id, first.customer_id);
});

t.test('who may erase', async (t) => {
  const s = await startWorking(t);
  const first = await s.capture1(P, { store: 'S1' });
  const attempt = async (key: object) =>
    s.call('POST', `/v1/customers/${first.customer_id}/erase`, {
      body: { reason: 'x' },
      key: (await s.makeKey(key)).secret,
    });
  t.match(await attempt({ scopes: ['leads:write', 'leads:read', 'pii:read'] }), {
    status: 403,
    body: { code: 'scope_missing' },
  });
  t.match(await attempt({ scopes: ['ops'], stores: ['S2'] }), { status: 403, body: { code: 'other_store' } });
  t.match(await s.call('POST', '/v1/customers/00000000-0000-7000-8000-000000000000/erase', { body: { reason: 'x' } }), {
    status: 404,
  });
  t.match(await attempt({ scopes: ['admin'] }), { status: 200 });
});

t.test(
  'captures and an erasure at once: nobody erased has an identity, and what came later is somebody new',
  async (t) => {
    const s = await startWorking(t);
    s.setClock(null);
    const first = await s.capture1(P, {}, { name: '欧阳测试名' });
    const captures = Array.from({ length: 16 }, (_, i) =>
      s.call('POST', '/v1/leads', {
        body: {
          channel: `c${i}`,
          person: { phone: P, name: '欧阳测试名', ...(i % 4 === 0 ? { wechat: `ouyang_${i}_x` } : {}) },
        },
      }),
    );
    const erase = s.call('POST', `/v1/customers/${first.customer_id}/erase`, { body: { reason: 'customer_request' } });
    const replies = await Promise.all([...captures.slice(0, 8), erase, ...captures.slice(8)]);
    t.ok(
      replies.every(({ status }) => status < 300),
      `nobody fails: ${replies.find(({ status }) => status >= 300)?.text}`,
    );
    const identities = await s.db.selectFrom('identity').select('customer_id').execute();
    t.notOk(identities.some((row) => row.customer_id === first.customer_id));
    const mine = await s.db.selectFrom('submission').selectAll().where('customer_id', '=', first.customer_id).execute();
    t.ok(mine.every((row) => row.phone === null && row.phone_typed === null));
    t.notMatch(JSON.stringify(mine), NAMES);
    const left = await s.db
      .selectFrom('submission')
      .select((it) => it.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    t.equal(left.count, 17);
    const roots = new Set(replies.map(({ body }) => body.customer_id));
    t.ok(roots.size <= 2, 'one before, one after');
  },
);
