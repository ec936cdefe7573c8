import t from 'tap';
import { day, P, startWorking, type Working } from '../helpers/working.ts';

/** Scenario 10: P of 王芳, won 14 months ago; then P again, as 李强. */
async function familyPhone(s: Working) {
  const old = await s.capture1(
    P,
    { occurred_at: '2025-03-01T12:00:00+08:00', owner: 'A1', store: 'S1' },
    { name: '王芳' },
  );
  const { deal_id } = await s.post(`/v1/leads/${old.lead_id}/state`, {
    state: 'won',
    amount: 1000,
    currency: 'CNY',
    occurred_at: '2025-04-01T12:00:00+08:00',
  });
  const fresh = await s.capture1(
    P,
    {
      channel: 'xhs',
      occurred_at: day(6, 1),
      store: 'S2',
      consents: [{ purpose: 'analytics', granted: true, at: day(6, 1) }],
    },
    { name: '李强', company: '强盛集团' },
  );
  return { old, fresh, deal_id };
}

t.test(
  'scenario 10: a family phone: the new touch and its lead go to a new customer, the old deal stays',
  async (t) => {
    const s = await startWorking(t);
    const { old, fresh, deal_id } = await familyPhone(s);
    t.match(fresh, { decision: 'repurchase', customer_id: old.customer_id, owner: { adviser: 'A1' } });
    t.equal((await s.get('/v1/reviews?kind=possible_number_reuse&state=open')).items.length, 1);
    const split = await s.call('POST', `/v1/customers/${old.customer_id}/split`, {
      body: { touch_id: fresh.touch_id, reason: '家人共用' },
    });
    t.match(split, {
      status: 201,
      body: { lead_id: fresh.lead_id, touch_id: fresh.touch_id, from_customer_id: old.customer_id },
    });
    t.strictSame(split.body.identities, []);
    const made = await s.get(`/v1/customers/${split.body.customer_id}`);
    t.match(made, {
      touch_count: 1,
      profile: { name: { value: '李强' }, company: { value: '强盛集团' } },
      leads: [{ id: fresh.lead_id }],
    });
    t.strictSame(made.identities, [], 'the number stays');
    const analytics = ({ consents }: { consents: { purpose: string; granted: boolean }[] }) =>
      consents.find(({ purpose }) => purpose === 'analytics')?.granted;
    t.equal(analytics(made), true, 'its consents go along');
    t.equal(analytics(await s.get(`/v1/customers/${old.customer_id}`)), false);
    const lead = await s.get(`/v1/leads/${fresh.lead_id}`);
    t.match(lead, { customer_id: split.body.customer_id, owner: 'A1', state: 'assigned', phone: '138****8000' });
    t.strictSame([lead.repurchase_of, lead.flags], [null, []]);
    const before = await s.get(`/v1/customers/${old.customer_id}`);
    t.match(before, { touch_count: 1, profile: { name: { value: '王芳' } }, leads: [{ id: old.lead_id }] });
    t.equal(before.profile.company.value, null);
    t.match((await s.get(`/v1/leads/${old.lead_id}/deals`)).items, [{ id: deal_id, amount: 1000 }]);
    const deal = await s.db
      .selectFrom('deal')
      .select('customer_id')
      .where('id', '=', deal_id)
      .executeTakeFirstOrThrow();
    t.equal(deal.customer_id, old.customer_id);
    t.equal((await s.get('/v1/reviews?kind=possible_number_reuse&state=open')).items.length, 0);
    t.equal((await s.capture1(P, { channel: 'search', occurred_at: day(6, 5) })).customer_id, old.customer_id);
    const chain = (await s.get(`/v1/leads/${fresh.lead_id}/events`)).items.map(({ type }: { type: string }) => type);
    t.strictSame(chain, ['lead.created', 'lead.split'], 'what happened before stays readable');
    t.match((await s.eventsOf(fresh.lead_id)).at(-1), {
      type: 'lead.split',
      sequence: 2,
      data: { from_customer: old.customer_id },
    });
  },
);

t.test('with take_identity the number goes too', async (t) => {
  const s = await startWorking(t);
  const { old, fresh } = await familyPhone(s);
  const split = await s.post(`/v1/customers/${old.customer_id}/split`, {
    touch_id: fresh.touch_id,
    reason: '号码转让',
    take_identity: true,
  });
  t.equal(split.identities.length, 1);
  t.match(await s.capture1(P, { channel: 'search', occurred_at: day(6, 5) }), {
    decision: 'merged',
    customer_id: split.customer_id,
    lead_id: fresh.lead_id,
  });
  t.strictSame((await s.get(`/v1/customers/${old.customer_id}`)).identities, []);
});

t.test('a touch among others of its lead gets a lead of its own, with the identities that it made', async (t) => {
  const s = await startWorking(t);
  const first = await s.capture1(P, { occurred_at: day(12, 1), store: 'S1' }, { name: '王芳' });
  const second = await s.capture1(
    P,
    { channel: 'xhs', occurred_at: day(12, 2), store: 'S2' },
    { name: '李强', wechat: 'liqiang_99' },
  );
  t.equal(second.lead_id, first.lead_id);
  const noise = await s.capture1(
    P,
    { channel: 'xhs', occurred_at: day(12, 2, '12:01:00'), store: 'S2' },
    { name: '李强', wechat: 'liqiang_99' },
  );
  t.equal(noise.decision, 'noise');
  const split = await s.post(`/v1/customers/${first.customer_id}/split`, { touch_id: second.touch_id, reason: 'x' });
  t.not(split.lead_id, first.lead_id);
  t.equal(split.identities.length, 1);
  t.match(await s.get(`/v1/leads/${split.lead_id}`), {
    customer_id: split.customer_id,
    state: 'new',
    store: 'S2',
    touch_count: 1,
    created_at: '2026-12-02T04:00:00.000Z',
    first_source: { channel: 'xhs' },
    last_source: { at: '2026-12-02T04:01:00.000Z' },
    person: { name: '李强' },
  });
  t.match(await s.get(`/v1/leads/${first.lead_id}`), {
    touch_count: 1,
    last_source: { channel: 'douyin' },
    person: { name: '王芳' },
  });
  t.match(await s.post('/v1/leads', { channel: 'wecom', person: { wechat: 'liqiang_99' }, occurred_at: day(12, 9) }), {
    customer_id: split.customer_id,
    lead_id: split.lead_id,
  });
  const moved = await s.db.selectFrom('submission').selectAll().where('customer_id', '=', split.customer_id).execute();
  t.equal(moved.length, 3, 'the noise that spoke of the touch goes along');
  t.ok(moved.every((row) => row.lead_id === split.lead_id));
});

t.test('what cannot be split', async (t) => {
  const s = await startWorking(t);
  const first = await s.capture1(P, { occurred_at: day(12, 1) });
  const path = `/v1/customers/${first.customer_id}/split`;
  const body = { touch_id: first.touch_id, reason: 'x' };
  t.match(
    await s.call('POST', path, { body }),
    { status: 409, body: { code: 'state_conflict', errors: [{ path: '/touch_id' }] } },
    'the only touch',
  );
  const second = await s.capture1(P, { channel: 'xhs', occurred_at: day(12, 2) });
  const stranger = await s.capture1('13700137000');
  t.match(await s.call('POST', path, { body: { ...body, touch_id: stranger.touch_id } }), { status: 404 });
  t.match(await s.call('POST', path, { body: { touch_id: first.touch_id } }), { status: 422 });
  await s.post(`/v1/touches/${second.touch_id}/void`, { reason: 'x' });
  t.match(await s.call('POST', path, { body: { ...body, touch_id: second.touch_id } }), { status: 409 });
  const { secret } = await s.makeKey({ scopes: ['leads:write'] });
  t.match(await s.call('POST', path, { body, key: secret }), { status: 403 });
});

t.test('a lead with a deal stays, though it held nothing but the touch', async (t) => {
  const s = await startWorking(t);
  const { old, fresh } = await familyPhone(s);
  const split = await s.post(`/v1/customers/${old.customer_id}/split`, { touch_id: old.touch_id, reason: 'x' });
  t.not(split.lead_id, old.lead_id);
  t.match(await s.get(`/v1/leads/${old.lead_id}`), { customer_id: old.customer_id, state: 'won', touch_count: 0 });
  t.match(await s.get(`/v1/leads/${fresh.lead_id}`), { customer_id: old.customer_id });
});

t.test('captures and a split of the number at once: every touch with its identity, one open lead each', async (t) => {
  const s = await startWorking(t);
  s.setClock(null);
  const first = await s.capture1(P);
  const second = await s.capture1(P, { channel: 'xhs' });
  const captures = Array.from({ length: 12 }, (_, i) =>
    s.call('POST', '/v1/leads', { body: { channel: `c${i}`, person: { phone: P } } }),
  );
  const split = s.call('POST', `/v1/customers/${first.customer_id}/split`, {
    body: { touch_id: second.touch_id, reason: 'x', take_identity: true },
  });
  const replies = await Promise.all([...captures.slice(0, 6), split, ...captures.slice(6)]);
  t.ok(
    replies.every(({ status }) => status < 300),
    `nobody fails: ${replies.find(({ status }) => status >= 300)?.text}`,
  );
  const made = (await split).body;
  const [a, b] = [await s.get(`/v1/leads/${first.lead_id}`), await s.get(`/v1/leads/${made.lead_id}`)];
  t.equal(a.touch_count + b.touch_count, 14);
  t.equal((await s.db.selectFrom('lead').selectAll().execute()).length, 2);
  t.match(await s.capture1(P, { channel: 'last' }), { customer_id: made.customer_id, lead_id: made.lead_id });
});
