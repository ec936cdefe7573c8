import t from 'tap';
import { day, P, startWorking, type Working } from '../helpers/working.ts';

async function wonLead(s: Working, amount = 1000): Promise<{ lead_id: string; deal_id: string }> {
  const { lead_id } = await s.capture1(P, { occurred_at: day(5, 1), owner: 'A1', store: 'S1' });
  const { deal_id } = await s.post(`/v1/leads/${lead_id}/state`, {
    state: 'won',
    amount,
    currency: 'CNY',
    occurred_at: day(5, 2),
  });
  return { lead_id, deal_id };
}

t.test('refunds are negative entries, never more than is left', async (t) => {
  const s = await startWorking(t);
  const { lead_id, deal_id } = await wonLead(s);
  const path = `/v1/deals/${deal_id}/refunds`;
  const first = await s.call('POST', path, { body: { amount: 400, reason: '退货', occurred_at: day(5, 3) } });
  t.match(first, { status: 201, body: { deal_id, lead_id, amount: -400, currency: 'CNY', left: 600 } });
  t.match(await s.call('POST', path, { body: { amount: 601, reason: 'x' } }), {
    status: 409,
    body: { code: 'state_conflict', left: 600 },
  });
  t.match(await s.call('POST', path, { body: { amount: 1, reason: 'x', occurred_at: day(5, 1) } }), {
    status: 409,
    body: { code: 'out_of_order' },
  });
  t.match(await s.post(path, { amount: 600, reason: 'rest' }), { left: 0 });
  t.match(await s.call('POST', path, { body: { amount: 1, reason: 'x' } }), { status: 409, body: { left: 0 } });
  for (const amount of [0, -5, 1.5, '5'])
    t.match(await s.call('POST', path, { body: { amount, reason: 'x' } }), { status: 422 }, `${amount}`);
  t.match(await s.call('POST', path, { body: { amount: 1 } }), {
    status: 422,
    body: { errors: [{ path: '/reason' }] },
  });
  t.match(await s.call('POST', `/v1/deals/${first.body.refund_id}/refunds`, { body: { amount: 1, reason: 'x' } }), {
    status: 409,
  });
  t.match(
    await s.call('POST', '/v1/deals/00000000-0000-7000-8000-000000000000/refunds', {
      body: { amount: 1, reason: 'x' },
    }),
    { status: 404 },
  );
  const { items } = await s.get(`/v1/leads/${lead_id}/deals`);
  t.match(items, [{ kind: 'won', net_amount: 0 }, { amount: -400, reason: '退货' }, { amount: -600 }]);
  t.match((await s.eventsOf(lead_id)).at(-1), { type: 'deal.refunded', data: { amount: -600, left: 0, deal_id } });
});

t.test('a refund sent twice under one key is one refund, also at once', async (t) => {
  const s = await startWorking(t);
  const { deal_id } = await wonLead(s);
  const send = (key: string) =>
    s.call('POST', `/v1/deals/${deal_id}/refunds`, {
      body: { amount: 400, reason: 'x' },
      headers: { 'idempotency-key': key },
    });
  const replies = await Promise.all([send('r-1'), send('r-1'), send('r-1')]);
  t.strictSame(
    replies.map(({ status }) => status),
    [201, 201, 201],
  );
  t.equal(new Set(replies.map(({ body }) => body.refund_id)).size, 1);
  t.equal((await s.db.selectFrom('deal').where('kind', '=', 'refund').selectAll().execute()).length, 1);
});

t.test('ten refunds of a third each, at once: three fit', async (t) => {
  const s = await startWorking(t);
  const { deal_id } = await wonLead(s);
  const replies = await Promise.all(
    Array.from({ length: 10 }, () =>
      s.call('POST', `/v1/deals/${deal_id}/refunds`, { body: { amount: 333, reason: 'x' } }),
    ),
  );
  t.equal(replies.filter(({ status }) => status === 201).length, 3);
  t.equal(replies.filter(({ status }) => status === 409).length, 7);
  const [{ sum }] = (await s.db
    .selectFrom('deal')
    .select((it) => it.fn.sum<string>('amount').as('sum'))
    .execute()) as [{ sum: string }];
  t.equal(Number(sum), 1);
});

t.test('a key of another store refunds nothing and reads no deal', async (t) => {
  const s = await startWorking(t);
  const { deal_id, lead_id } = await wonLead(s);
  const { secret } = await s.makeKey({ scopes: ['leads:write', 'leads:read'], stores: ['S2'] });
  t.match(await s.call('POST', `/v1/deals/${deal_id}/refunds`, { body: { amount: 1, reason: 'x' }, key: secret }), {
    status: 403,
    body: { code: 'other_store' },
  });
  t.match(await s.call('GET', `/v1/leads/${lead_id}/deals`, { key: secret }), {
    status: 403,
    body: { code: 'other_store' },
  });
});
