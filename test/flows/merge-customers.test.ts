import t from 'tap';
import { day, P, P2, startWorking, type Working } from '../helpers/working.ts';

/** Scenario 28: lead 1 of A1, created 1 June and followed up; lead 2 of B1, created 3 June. */
async function two(s: Working) {
  const one = await s.capture1(
    P,
    { occurred_at: day(6, 1), owner: 'A1', store: 'S1', campaign: { id: 'C1' } },
    { name: '王芳', tags: ['a'] },
  );
  await s.post(`/v1/leads/${one.lead_id}/state`, { state: 'following', occurred_at: day(6, 2) });
  const other = await s.capture1(
    P2,
    { channel: 'xhs', occurred_at: day(6, 3), owner: 'B1', store: 'S2' },
    { company: '某某科技', tags: ['b'] },
  );
  return { one, other };
}

t.test('scenario 28: two open leads become one, owned by whoever has followed up', async (t) => {
  const s = await startWorking(t);
  const { one, other } = await two(s);
  const merged = await s.post(`/v1/customers/${one.customer_id}/merge`, {
    customer_id: other.customer_id,
    reason: '同一人',
  });
  t.match(merged, {
    customer_id: one.customer_id,
    absorbed_id: other.customer_id,
    leads: [{ survivor: one.lead_id, absorbed: other.lead_id }],
  });
  const lead = await s.get(`/v1/leads/${other.lead_id}`);
  t.match(lead, {
    id: one.lead_id,
    owner: 'A1',
    store: 'S1',
    state: 'following',
    touch_count: 2,
    created_at: '2026-06-01T04:00:00.000Z',
  });
  t.match(lead.last_source, { channel: 'xhs' });
  const customer = await s.get(`/v1/customers/${other.customer_id}`);
  t.match(customer, {
    id: one.customer_id,
    touch_count: 2,
    profile: { name: { value: '王芳' }, company: { value: '某某科技' } },
  });
  t.strictSame(customer.profile.tags, ['a', 'b']);
  t.strictSame(
    customer.leads.map((it: { id: string }) => it.id),
    [one.lead_id],
  );
  t.match(await s.capture1(P2, { channel: 'search', occurred_at: day(6, 5) }), {
    decision: 'merged',
    lead_id: one.lead_id,
    customer_id: one.customer_id,
  });
  const told = await s.db
    .selectFrom('event')
    .select(['type', 'subject_id'])
    .where('type', '=', 'customer.merged')
    .execute();
  t.strictSame(told, [{ type: 'customer.merged', subject_id: one.customer_id }]);
  t.match((await s.eventsOf(other.lead_id)).at(-1), {
    type: 'lead.merged',
    sequence: 2,
    data: { survivor: one.lead_id },
  });
});

t.test('whichever survives, the owner, the state and the date are the same', async (t) => {
  const s = await startWorking(t);
  const { one, other } = await two(s);
  await s.post(`/v1/customers/${other.customer_id}/merge`, { customer_id: one.customer_id, reason: '同一人' });
  t.match(await s.get(`/v1/leads/${one.lead_id}`), {
    id: other.lead_id,
    owner: 'A1',
    store: 'S1',
    state: 'following',
    created_at: '2026-06-01T04:00:00.000Z',
    first_source: { channel: 'douyin' },
  });
});

t.test('one who is one already, one who is not there, and oneself', async (t) => {
  const s = await startWorking(t);
  const { one, other } = await two(s);
  const path = `/v1/customers/${one.customer_id}/merge`;
  const body = { customer_id: other.customer_id, reason: 'x' };
  t.match(await s.call('POST', path, { body: { ...body, customer_id: one.customer_id } }), {
    status: 409,
    body: { code: 'state_conflict' },
  });
  t.match(await s.call('POST', path, { body: { ...body, customer_id: '00000000-0000-7000-8000-000000000000' } }), {
    status: 404,
  });
  t.match(await s.call('POST', path, { body: { customer_id: other.customer_id } }), { status: 422 });
  const first = await s.call('POST', path, { body, headers: { 'idempotency-key': 'm-1' } });
  const again = await s.call('POST', path, { body, headers: { 'idempotency-key': 'm-1' } });
  t.strictSame([first.status, again.status], [200, 200]);
  t.equal(again.body.merge_id, first.body.merge_id);
  t.match(await s.call('POST', path, { body }), { status: 409, body: { customer_id: one.customer_id } });
  const { secret } = await s.makeKey({ scopes: ['leads:write', 'admin'] });
  t.match(await s.call('POST', path, { body, key: secret }), { status: 403 });
  const bound = await s.makeKey({ stores: ['S1'] });
  const third = await s.capture1('13600136000', { store: 'S2' });
  t.match(await s.call('POST', path, { body: { customer_id: third.customer_id, reason: 'x' }, key: bound.secret }), {
    status: 403,
    body: { code: 'other_store' },
  });
});

t.test('two merges crosswise at once: one is done, the other finds one customer', async (t) => {
  const s = await startWorking(t);
  for (let i = 0; i < 4; i += 1) {
    const [a, b] = [await s.capture1(`1380013800${i}`), await s.capture1(`1390013900${i}`)];
    const merge = (into: string, from: string) =>
      s.call('POST', `/v1/customers/${into}/merge`, { body: { customer_id: from, reason: 'x' } });
    const replies = await Promise.all([merge(a.customer_id, b.customer_id), merge(b.customer_id, a.customer_id)]);
    t.strictSame(replies.map(({ status }) => status).sort(), [200, 409]);
    const root = replies.find(({ status }) => status === 200)?.body.customer_id;
    t.equal((await s.get(`/v1/customers/${a.customer_id}`)).id, root);
    t.equal((await s.get(`/v1/customers/${b.customer_id}`)).id, root);
  }
});

t.test('three merges in a ring at once leave one customer, every id resolving to it', async (t) => {
  const s = await startWorking(t);
  const people = [await s.capture1('13800138001'), await s.capture1('13800138002'), await s.capture1('13800138003')];
  const ids = people.map((it) => it.customer_id);
  const replies = await Promise.all(
    ids.map((id, i) =>
      s.call('POST', `/v1/customers/${id}/merge`, { body: { customer_id: ids[(i + 1) % 3], reason: 'x' } }),
    ),
  );
  t.equal(replies.filter(({ status }) => status === 200).length, 2);
  const roots = await Promise.all(ids.map(async (id) => (await s.get(`/v1/customers/${id}`)).id));
  t.equal(new Set(roots).size, 1);
  const aliases = await s.db.selectFrom('customer_alias').select('customer_id').execute();
  t.strictSame(
    aliases.map((row) => row.customer_id),
    [roots[0], roots[0]],
    'an alias always names the root',
  );
  const open = await s.db.selectFrom('lead').selectAll().where('merged_into', 'is', null).execute();
  t.equal(open.length, 1);
});

t.test('captures of both while they are merged all end in the one lead', async (t) => {
  const s = await startWorking(t);
  s.setClock(null);
  const [a, b] = [await s.capture1(P), await s.capture1(P2)];
  const captures = Array.from({ length: 20 }, (_, i) =>
    s.call('POST', '/v1/leads', { body: { channel: `c${i}`, person: { phone: i % 2 === 0 ? P : P2 } } }),
  );
  const merge = s.call('POST', `/v1/customers/${a.customer_id}/merge`, {
    body: { customer_id: b.customer_id, reason: 'x' },
  });
  const replies = await Promise.all([...captures, merge]);
  t.ok(
    replies.every(({ status }) => status < 300),
    'nobody fails',
  );
  const lead = await s.get(`/v1/leads/${b.lead_id}`);
  t.match(lead, { id: a.lead_id, touch_count: 22 });
  t.equal((await s.db.selectFrom('lead').selectAll().execute()).length, 2);
});

t.test('an open merge suggestion is done by the merge', async (t) => {
  const s = await startWorking(t);
  const a = await s.capture1(P);
  const b = await s.post('/v1/leads', { channel: 'wecom', person: { wechat: 'zhangsan_88' } });
  const c = await s.capture1(P2, {}, { wechat: 'lisi_77777' });
  const both = await s.post('/v1/leads', { channel: 'xhs', person: { phone: P, wechat: 'lisi_77777' } });
  t.equal(both.customer_id, a.customer_id);
  t.equal((await s.get('/v1/reviews?kind=merge&state=open')).items.length, 1);
  await s.post(`/v1/customers/${c.customer_id}/merge`, { customer_id: a.customer_id, reason: 'x' });
  t.equal((await s.get('/v1/reviews?kind=merge&state=open')).items.length, 0);
  t.not(b.customer_id, a.customer_id);
});
