import t from 'tap';
import { DEFAULT_POLICY } from '../../src/domain/policy.ts';
import { day, P, P2, startWorking } from '../helpers/working.ts';

t.test('intent rating', async (t) => {
  const s = await startWorking(t);
  let phones = 13_700_000_000;
  const nextPhone = () => {
    phones += 1;
    return String(phones);
  };
  const lead = (id: string) => s.get(`/v1/leads/${id}`);
  const ratings = async (id: string) =>
    (await s.eventsOf(id)).filter(({ type }) => type === 'lead.rating_changed').map(({ data }) => data);

  await t.test('scenarios 52 and 53: an order is high, a first event is medium', async (t) => {
    const order = await s.capture1(nextPhone(), { channel: 'shop' });
    const event = await s.capture1(nextPhone(), { channel: 'event' });
    const detail = await lead(order.lead_id);
    t.match(detail, {
      rating: 'high',
      rating_facts: { rule: 'rating.base', evidence: [order.touch_id], unanswered: [] },
    });
    t.equal(detail.rating_facts.policy_version, 1);
    t.match(await lead(event.lead_id), {
      rating: 'medium',
      rating_facts: { evidence: [event.touch_id], manual: null },
    });
    t.match((await s.eventsOf(order.lead_id))[0], { type: 'lead.created', data: { rating: 'high' } });
    t.strictSame(await ratings(order.lead_id), []);
    t.notOk('rating_facts' in (await s.get('/v1/leads?rating=high')).items[0], 'not in lists');
  });

  await t.test('scenario 54: three channels within 30 days of 24 hours, both ends in', async (t) => {
    for (const [last, rating] of [
      ['10:00:00', 'high'],
      ['10:00:01', 'medium'],
    ] as const) {
      const phone = nextPhone();
      const first = await s.capture1(phone, { channel: 'event', occurred_at: day(6, 1, '10:00:00') });
      const second = await s.capture1(phone, { channel: 'douyin', occurred_at: day(6, 15) });
      t.equal((await lead(first.lead_id)).rating, 'medium');
      const third = await s.capture1(phone, { channel: 'search', occurred_at: day(7, 1, last) });
      t.equal((await lead(first.lead_id)).rating, rating, last);
      const ids = [first, second, third].map((one) => one.touch_id);
      t.strictSame(
        (await ratings(first.lead_id)).map(({ mode: _mode, ...data }) => data),
        rating === 'medium'
          ? []
          : [{ from: 'medium', to: 'high', rating_rule: 'rating.channels', evidence: ids, cycle: 1 }],
      );
    }
  });

  await t.test('scenario 56: three touches by two channels are medium', async (t) => {
    const phone = nextPhone();
    const first = await s.capture1(phone, { channel: 'event', occurred_at: day(6, 1) });
    await s.capture1(phone, { channel: 'douyin', occurred_at: day(6, 3) });
    await s.capture1(phone, { channel: 'douyin', occurred_at: day(6, 6) });
    t.match(await lead(first.lead_id), { rating: 'medium', touch_count: 3 });
  });

  await t.test('scenario 57: double clicks do not upgrade', async (t) => {
    const phone = nextPhone();
    const first = await s.capture1(phone, { channel: 'event', occurred_at: day(6, 1) });
    for (const second of ['10', '30', '50']) {
      await s.capture1(phone, { channel: 'douyin', occurred_at: day(6, 2, `10:00:${second}`) });
    }
    t.match(await lead(first.lead_id), { rating: 'medium', touch_count: 2 });
  });

  await t.test('what came before counts whatever the order of arrival', async (t) => {
    const phone = nextPhone();
    const first = await s.capture1(phone, { channel: 'douyin', occurred_at: day(6, 15) });
    await s.capture1(phone, { channel: 'search', occurred_at: day(6, 20) });
    await s.capture1(phone, { channel: 'event', occurred_at: day(6, 1) });
    t.match(await lead(first.lead_id), { rating: 'high', rating_facts: { rule: 'rating.channels' } });
  });

  await t.test('scenario 63: a rating by hand holds until the next touch of the customer', async (t) => {
    const phone = nextPhone();
    s.setClock(Date.parse('2026-06-10T02:00:00Z'));
    const { lead_id: id } = await s.capture1(phone, { channel: 'shop' });
    s.setClock(Date.parse('2026-06-11T02:00:00Z'));
    const ask = { body: { rating: 'low', reason: '客户明年再看' }, headers: { 'idempotency-key': 'by-hand' } };
    const rated = await s.call('POST', `/v1/leads/${id}/rating`, ask);
    t.match(rated, { status: 200, body: { changed: true, rating: 'low', rating_facts: { rule: 'rating.manual' } } });
    t.equal((await s.call('POST', `/v1/leads/${id}/rating`, ask)).headers['idempotency-replayed'], 'true');
    const again = await s.post(`/v1/leads/${id}/rating`, ask.body);
    t.strictSame([again.changed, again.version], [false, rated.body.version]);
    t.strictSame(await ratings(id), [
      { from: 'high', to: 'low', rating_rule: 'rating.manual', evidence: [], reason: null, cycle: 1 },
    ]);
    t.match(await s.post('/v1/ratings/rerun', {}), { changed: 0, next_cursor: null });
    await s.capture1(phone, { channel: 'event', occurred_at: day(6, 10, '23:00:00') });
    t.equal((await lead(id)).rating, 'low', 'a touch before it does not end it');
    s.setClock(Date.parse('2026-06-12T02:00:00Z'));
    await s.capture1(phone, { channel: 'douyin' });
    t.match(await lead(id), { rating: 'high', rating_facts: { manual: null } });
    s.setClock(Date.parse('2026-12-31T12:00:00Z'));
  });

  await t.test('a closed lead is not rated by hand, and a late touch leaves its rating', async (t) => {
    const phone = nextPhone();
    const { lead_id: id } = await s.capture1(phone, { channel: 'event', occurred_at: day(6, 1) });
    await s.post(`/v1/leads/${id}/state`, { state: 'lost', reason: 'price', occurred_at: day(6, 5) });
    const refused = await s.call('POST', `/v1/leads/${id}/rating`, { body: { rating: 'low', reason: 'x' } });
    t.match(refused, { status: 409, body: { code: 'state_conflict', state: 'lost' } });
    const late = await s.capture1(phone, { channel: 'shop', occurred_at: day(6, 3) });
    t.strictSame([late.decision, late.lead_id], ['late', id]);
    t.match(await lead(id), { rating: 'medium', touch_count: 2 });
  });

  await t.test('a new cycle is rated from nothing, channels of the person count on', async (t) => {
    const phone = nextPhone();
    const { lead_id: id } = await s.capture1(phone, { channel: 'shop', occurred_at: day(3, 1) });
    const woken = await s.capture1(phone, { channel: 'wecom', occurred_at: day(6, 1), intent: { kind: 'follow' } });
    t.equal(woken.decision, 'reactivated');
    t.match(await lead(id), { rating: 'low', cycle: 2 });
    const told = (await s.eventsOf(id)).find(({ type }) => type === 'lead.reactivated');
    t.match(told, { data: { rating: 'low' } });
    t.strictSame(await ratings(id), []);
  });

  await t.test('a void gives the rating of what is left', async (t) => {
    const phone = nextPhone();
    const first = await s.capture1(phone, { channel: 'event', occurred_at: day(6, 1) });
    const order = await s.capture1(phone, { channel: 'shop', occurred_at: day(6, 3) });
    t.equal((await lead(first.lead_id)).rating, 'high');
    await s.post(`/v1/touches/${order.touch_id}/void`, { reason: 'test_order' });
    t.match(await lead(first.lead_id), { rating: 'medium', rating_facts: { evidence: [first.touch_id] } });
    t.match(await ratings(first.lead_id), [{ to: 'high' }, { from: 'high', to: 'medium', rating_rule: 'rating.base' }]);
    await s.post(`/v1/touches/${first.touch_id}/void`, { reason: 'test_order' });
    t.match(await lead(first.lead_id), { rating: null, rating_facts: { rule: 'rating.none' } });
  });

  await t.test('a merge rates what became one, and an unmerge both sides', async (t) => {
    const [a, b] = [nextPhone(), nextPhone()];
    const mine = await s.capture1(a, { channel: 'event', occurred_at: day(6, 1) });
    await s.capture1(a, { channel: 'douyin', occurred_at: day(6, 2) });
    const theirs = await s.capture1(b, { channel: 'search', occurred_at: day(6, 3) });
    await s.post(`/v1/leads/${theirs.lead_id}/rating`, { rating: 'low', reason: 'x' });
    const merge = await s.post(`/v1/customers/${mine.customer_id}/merge`, {
      customer_id: theirs.customer_id,
      reason: 'x',
    });
    t.match(await lead(mine.lead_id), { rating: 'low', rating_facts: { rule: 'rating.manual' } });
    await s.post(`/v1/customers/${mine.customer_id}/unmerge`, { merge_id: merge.merge_id });
    t.match(await lead(mine.lead_id), { rating: 'medium', rating_facts: { rule: 'rating.base', manual: null } });
    t.match(await lead(theirs.lead_id), { rating: 'low', rating_facts: { rule: 'rating.manual' } });
    await s.capture1(b, { channel: 'search', occurred_at: day(12, 31, '19:59:00') });
    const again = await s.post(`/v1/customers/${mine.customer_id}/merge`, {
      customer_id: theirs.customer_id,
      reason: 'x',
    });
    t.ok(again.merge_id);
  });

  await t.test('scenarios 58 and 60: what follow-ups said is read from their tasks', async (t) => {
    const phone = nextPhone();
    const first = await s.capture1(phone, { channel: 'shop', occurred_at: day(6, 1) });
    const spare = await s.capture1(phone, { channel: 'event', occurred_at: day(6, 1, '13:00:00') });
    const made = [1, 2, 3].map((n) => ({
      id: `01970000-0000-7000-8000-0000000000f${n}`,
      lead_id: first.lead_id,
      customer_id: first.customer_id,
      cycle: 1,
      kind: 'follow_up' as const,
      opened_at: new Date(day(6, 1)),
      due_at: new Date(day(6, n + 1)),
      ended_at: new Date(day(6, n + 1)),
      recorded_at: new Date(day(6, n + 1)),
      end_state: 'completed' as const,
      outcome: 'no_answer',
      actor: 'adviser:A1',
    }));
    await s.db.insertInto('task').values(made).execute();
    await s.post(`/v1/touches/${spare.touch_id}/void`, { reason: 'test_order' });
    const ids = made.map(({ id }) => id);
    t.match(await lead(first.lead_id), {
      rating: 'low',
      rating_facts: { rule: 'rating.unanswered', evidence: ids, unanswered: ids },
    });
    await s.capture1(phone, { channel: 'shop', occurred_at: day(6, 8) });
    t.match(await lead(first.lead_id), { rating: 'high', rating_facts: { unanswered: [] } });
  });

  await t.test('a new policy rates at the next event, or by a rerun', async (t) => {
    const { lead_id: id } = await s.capture1(P, { channel: 'event', occurred_at: day(6, 1) });
    const { lead_id: other } = await s.capture1(P2, { channel: 'event', occurred_at: day(6, 1) });
    const rating = { ...DEFAULT_POLICY.rating, channels: { event: 'high' } };
    const { headers } = await s.call('GET', '/v1/policy');
    await s
      .call('PUT', '/v1/policy', {
        body: { document: { ...DEFAULT_POLICY, rating }, reason: 'events sell' },
        headers: { 'if-match': String(headers['etag']) },
      })
      .then((reply) => t.equal(reply.status, 200, reply.text));
    t.equal((await lead(id)).rating, 'medium');
    const tried = await s.post('/v1/ratings/rerun', { dry_run: true });
    t.ok(tried.changed >= 2, JSON.stringify(tried.counts));
    t.equal(tried.counts['medium>high'], tried.changed - (tried.counts['low>high'] ?? 0));
    t.equal((await lead(id)).rating, 'medium', 'a dry run writes nothing');
    const done = { changed: 0, looked: 0 };
    let cursor: string | null = null;
    do {
      const step: { changed: number; looked: number; next_cursor: string | null } = await s.post('/v1/ratings/rerun', {
        limit: 3,
        ...(cursor === null ? {} : { cursor }),
      });
      done.changed += step.changed;
      done.looked += step.looked;
      cursor = step.next_cursor;
    } while (cursor !== null);
    t.strictSame(done, { changed: tried.changed, looked: tried.looked });
    t.match(await lead(id), { rating: 'high', rating_facts: { policy_version: 2 } });
    t.match(await ratings(other), [{ from: 'medium', to: 'high', rating_rule: 'rating.base' }]);
    t.match(await s.post('/v1/ratings/rerun', {}), { changed: 0, counts: {} });
    t.match(await s.call('POST', '/v1/ratings/rerun', { body: { cursor: 'x' } }), { status: 400 });
  });
});
