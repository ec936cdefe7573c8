import t from 'tap';
import { day, P, P2, startWorking, type Working } from '../helpers/working.ts';

async function two(s: Working) {
  const one = await s.capture1(
    P,
    { occurred_at: day(6, 1), owner: 'A1', store: 'S1', campaign: { id: 'C1' } },
    { name: '王芳' },
  );
  await s.post(`/v1/leads/${one.lead_id}/state`, { state: 'following', occurred_at: day(6, 2) });
  const other = await s.capture1(
    P2,
    { channel: 'xhs', occurred_at: day(6, 3), owner: 'B1', store: 'S2' },
    { company: '某某科技', province: '浙江' },
  );
  return { one, other };
}

async function merge(s: Working, into: string, from: string): Promise<string> {
  return (await s.post(`/v1/customers/${into}/merge`, { customer_id: from, reason: '同一人' })).merge_id;
}

/** What of a customer and its leads has to be as it was. */
async function picture(s: Working, customerId: string) {
  const { profile, first_source, last_source, touch_count, leads } = await s.get(`/v1/customers/${customerId}`);
  return {
    profile,
    first_source,
    last_source,
    touch_count,
    leads: leads.map(({ version, updated_at, ...lead }: Record<string, unknown>) => lead),
  };
}

t.test('scenario 30: two leads as before, each with its own new touch', async (t) => {
  const s = await startWorking(t);
  const { one, other } = await two(s);
  const merge_id = await merge(s, one.customer_id, other.customer_id);
  const mine = await s.capture1(P, { channel: 'search', occurred_at: day(6, 10) });
  const theirs = await s.capture1(
    P2,
    { channel: 'search', occurred_at: day(6, 11) },
    { email: 'li@example.com', wechat: 'lisi_77777' },
  );
  t.strictSame([mine.lead_id, theirs.lead_id], [one.lead_id, one.lead_id]);
  const done = await s.post(`/v1/customers/${one.customer_id}/unmerge`, { merge_id });
  t.strictSame(done, {
    merge_id,
    customer_id: one.customer_id,
    restored_id: other.customer_id,
    touches: [theirs.touch_id],
  });
  const lead1 = await s.get(`/v1/leads/${one.lead_id}`);
  t.match(lead1, {
    id: one.lead_id,
    customer_id: one.customer_id,
    owner: 'A1',
    state: 'following',
    touch_count: 2,
    last_source: { touch_id: mine.touch_id },
  });
  const lead2 = await s.get(`/v1/leads/${other.lead_id}`);
  t.match(lead2, {
    id: other.lead_id,
    customer_id: other.customer_id,
    owner: 'B1',
    store: 'S2',
    state: 'assigned',
    touch_count: 2,
    created_at: '2026-06-03T04:00:00.000Z',
    last_source: { touch_id: theirs.touch_id },
  });
  const restored = await s.get(`/v1/customers/${other.customer_id}`);
  t.match(restored, {
    id: other.customer_id,
    profile: { company: { value: '某某科技' }, email: { value: 'l***@example.com' } },
  });
  t.equal(restored.profile.name.value, null);
  t.strictSame(
    restored.identities.map((it: { kind: string }) => it.kind).sort(),
    ['phone', 'wechat'],
    'an identity goes with the touch that brought it',
  );
  t.equal((await s.get(`/v1/customers/${one.customer_id}`)).profile.company.value, null);
  t.match(await s.capture1(P2, { channel: 'visit', occurred_at: day(6, 12) }), {
    customer_id: other.customer_id,
    lead_id: other.lead_id,
  });
  t.match(await s.post('/v1/leads', { channel: 'wecom', person: { wechat: 'lisi_77777' }, occurred_at: day(6, 13) }), {
    customer_id: other.customer_id,
  });
});

t.test('with nothing in between both sides are as they were, whichever survived', async (t) => {
  const s = await startWorking(t);
  const { one, other } = await two(s);
  const before = [await picture(s, one.customer_id), await picture(s, other.customer_id)];
  for (const [into, from] of [
    [one, other],
    [other, one],
  ] as const) {
    const merge_id = await merge(s, into.customer_id, from.customer_id);
    await s.post(`/v1/customers/${from.customer_id}/unmerge`, { merge_id });
    t.strictSame([await picture(s, one.customer_id), await picture(s, other.customer_id)], before);
  }
});

t.test('later deals, states and edits stay with the survivor', async (t) => {
  const s = await startWorking(t);
  const { one, other } = await two(s);
  await s.call('PATCH', `/v1/customers/${other.customer_id}`, {
    body: { name: '李四' },
    headers: { 'if-match': (await s.call('GET', `/v1/customers/${other.customer_id}`)).headers['etag'] as string },
  });
  const merge_id = await merge(s, one.customer_id, other.customer_id);
  t.equal((await s.get(`/v1/customers/${one.customer_id}`)).profile.name.value, '李四', 'confirmed by either side');
  const etag = (await s.call('GET', `/v1/customers/${one.customer_id}`)).headers['etag'] as string;
  await s.call('PATCH', `/v1/customers/${one.customer_id}`, {
    body: { job_title: '总监' },
    headers: { 'if-match': etag },
  });
  await s.post(`/v1/leads/${one.lead_id}/state`, {
    state: 'won',
    amount: 500,
    currency: 'CNY',
    occurred_at: day(6, 20),
  });
  await s.post(`/v1/customers/${one.customer_id}/unmerge`, { merge_id });
  t.match(await s.get(`/v1/leads/${one.lead_id}`), {
    state: 'won',
    deals: [{ amount: 500 }],
    customer_id: one.customer_id,
  });
  const back = await s.get(`/v1/leads/${other.lead_id}`);
  t.match(back, { state: 'assigned', owner: 'B1' });
  t.strictSame(back.deals, []);
  const [mine, theirs] = [
    await s.get(`/v1/customers/${one.customer_id}`),
    await s.get(`/v1/customers/${other.customer_id}`),
  ];
  t.strictSame([mine.profile.name.value, theirs.profile.name.value], ['王芳', '李四']);
  t.strictSame([mine.profile.job_title.value, theirs.profile.job_title.value], ['总监', null]);
});

t.test('the last merge first; each once', async (t) => {
  const s = await startWorking(t);
  const [a, b, c] = [await s.capture1(P), await s.capture1(P2), await s.capture1('13700137000')];
  const first = await merge(s, a.customer_id, b.customer_id);
  const second = await merge(s, c.customer_id, a.customer_id);
  const undo = (merge_id: string, id = a.customer_id) =>
    s.call('POST', `/v1/customers/${id}/unmerge`, { body: { merge_id } });
  t.match(await undo(first), { status: 409, body: { code: 'state_conflict', last_merge_id: second } });
  t.match(await undo(second), { status: 200, body: { customer_id: c.customer_id, restored_id: a.customer_id } });
  t.match(await undo(second), { status: 409 });
  t.equal(
    (await s.get(`/v1/customers/${b.customer_id}`)).id,
    a.customer_id,
    'the aliases of the restored one are its own again',
  );
  t.match(await undo(first, c.customer_id), { status: 404 });
  t.match(await undo(first, b.customer_id), { status: 200 });
  t.equal((await s.get(`/v1/customers/${b.customer_id}`)).id, b.customer_id);
  for (const it of [a, b, c])
    t.match(await s.get(`/v1/leads/${it.lead_id}`), { id: it.lead_id, touch_count: 1, customer_id: it.customer_id });
});

t.test(
  'a touch whose lead is gone from its side finds the one that the table names, and what it alone made goes over whole',
  async (t) => {
    const s = await startWorking(t);
    const { one, other } = await two(s);
    await s.post(`/v1/leads/${other.lead_id}/state`, { state: 'lost', reason: 'x', occurred_at: day(6, 4) });
    const merge_id = await merge(s, one.customer_id, other.customer_id);
    const joined = await s.capture1(P2, { channel: 'search', occurred_at: day(6, 10), store: 'S2' });
    t.equal(joined.lead_id, one.lead_id, 'one has an open lead');
    await s.post(`/v1/leads/${one.lead_id}/state`, { state: 'lost', reason: 'y', occurred_at: day(6, 11) });
    const own = await s.capture1(P2, { channel: 'visit', occurred_at: day(6, 12), store: 'S2' });
    t.equal(own.decision, 'after_lost');
    await s.post(`/v1/customers/${one.customer_id}/unmerge`, { merge_id });
    const theirs = await s.get(`/v1/customers/${other.customer_id}`);
    t.equal(theirs.touch_count, 3);
    const whole = await s.get(`/v1/leads/${own.lead_id}`);
    t.match(whole, { customer_id: other.customer_id, state: 'new' });
    t.equal(whole.previous_lead, null, 'it is no longer tied to the lead of somebody else');
    const touches = (await s.get(`/v1/customers/${other.customer_id}/touches`)).items;
    t.equal(touches.length, 3);
    const seated = await s.db
      .selectFrom('touch')
      .select(['lead_id', 'customer_id'])
      .where('id', '=', joined.touch_id)
      .executeTakeFirstOrThrow();
    t.equal(seated.customer_id, other.customer_id);
    t.equal(seated.lead_id, own.lead_id, 'the open one of its own side');
    t.equal((await s.get(`/v1/leads/${one.lead_id}`)).touch_count, 1);
  },
);

t.test('captures of both while they are parted: each touch with its own identity', async (t) => {
  const s = await startWorking(t);
  s.setClock(null);
  for (let round = 0; round < 3; round += 1) {
    const [p, q] = [`1380013801${round}`, `1390013901${round}`];
    const [a, b] = [await s.capture1(p), await s.capture1(q)];
    const merge_id = await merge(s, a.customer_id, b.customer_id);
    const captures = Array.from({ length: 16 }, (_, i) =>
      s.call('POST', '/v1/leads', { body: { channel: `c${i}`, person: { phone: i % 2 === 0 ? p : q } } }),
    );
    const undo = s.call('POST', `/v1/customers/${a.customer_id}/unmerge`, { body: { merge_id } });
    const replies = await Promise.all([...captures.slice(0, 8), undo, ...captures.slice(8)]);
    t.ok(
      replies.every(({ status }) => status < 300),
      `nobody fails: ${replies.find(({ status }) => status >= 300)?.text}`,
    );
    t.match(await s.get(`/v1/leads/${a.lead_id}`), { id: a.lead_id, touch_count: 9 });
    t.match(await s.get(`/v1/leads/${b.lead_id}`), { id: b.lead_id, touch_count: 9 });
    const rows = await s.db
      .selectFrom('touch')
      .innerJoin('identity', 'identity.id', 'touch.identity_id')
      .select(['touch.customer_id as of', 'identity.customer_id as by'])
      .execute();
    t.ok(
      rows.every((row) => row.of === row.by),
      'every touch is of the customer whose identity brought it',
    );
  }
});
