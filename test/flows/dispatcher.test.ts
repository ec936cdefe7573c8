import { Webhook } from 'standardwebhooks';
import t from 'tap';
import { delivering, NOW } from '../helpers/delivering.ts';
import { startReceiver } from '../helpers/receiver.ts';

t.test('an event reaches the endpoint, signed, once', async (t) => {
  const { service, receiver, secret, lead, at, delivery } = await delivering(t);
  const { leadId } = await lead();
  await at(NOW);
  t.equal(receiver.received.length, 1);
  const [one] = receiver.received;
  t.match(one?.body, { type: 'lead.created', sequence: 1, previous_sequence: null, data: { lead: { id: leadId } } });
  const headers = one?.headers as Record<string, string>;
  t.equal(headers['webhook-id'], one?.body.id);
  t.equal(headers['webhook-timestamp'], String(NOW / 1000));
  const signed = new Webhook(secret).sign(headers['webhook-id'] ?? '', new Date(NOW), one?.text ?? '');
  t.equal(headers['webhook-signature'], signed);
  const { id, state } = await delivery();
  t.match(headers, { 'clew-delivery-id': id, 'clew-attempt': '1', 'clew-sequence': '1', 'clew-event-age': '0' });
  t.equal(state, 'delivered');
  await service.deliveries.drain();
  t.equal(receiver.received.length, 1, 'nothing more');
});

t.test('scenario 19: the target is down, the lead is taken once, and its event comes under the same id', async (t) => {
  const { service, receiver, at, delivery } = await delivering(t);
  receiver.answer((_received, response) => response.destroy());
  const headers = { 'idempotency-key': 'k1' };
  const body = { channel: 'douyin', person: { phone: '13800138000' } };
  const first = await service.call('POST', '/v1/leads', { body, headers });
  t.equal(first.status, 201);
  await at(NOW);
  t.match(await delivery(), { state: 'pending', attempts: 1 });
  const again = await service.call('POST', '/v1/leads', { body, headers });
  t.match(again, { status: 200, body: { decision: 'replayed', lead_id: first.body.lead_id } });
  receiver.answer(200);
  await at((await delivery()).due_at ?? 0);
  const [failed, delivered] = receiver.received;
  t.equal(receiver.received.length, 2);
  t.equal(delivered?.headers['webhook-id'], failed?.headers['webhook-id']);
  t.equal(delivered?.text, failed?.text);
  t.equal(delivered?.headers['clew-attempt'], '2');
});

t.test('events of one lead come in sequence, those of others beside them', async (t) => {
  const { receiver, lead, touch, at } = await delivering(t);
  const [one, other] = [await lead(), await lead()];
  for (const channel of ['search', 'xhs', 'event']) await touch(one.phone, channel);
  await touch(other.phone, 'shop');
  await at(NOW);
  const of = (leadId: string) => receiver.received.filter(({ body }) => body.data.lead.id === leadId);
  t.strictSame(
    of(one.leadId).map(({ body }) => [body.sequence, body.previous_sequence]),
    [
      [1, null],
      [2, 1],
      [3, 2],
      [4, 3],
    ],
  );
  t.strictSame(
    of(other.leadId).map(({ body }) => body.sequence),
    [1, 2],
  );
});

t.test('a failing head holds back its lead only, for five attempts, and is still tried', async (t) => {
  const { receiver, lead, touch, at, delivery } = await delivering(t, { retry_schedule: [0, 5, 5, 5, 5, 5, 5] });
  const bad = await lead();
  await touch(bad.phone, 'search');
  await touch(bad.phone, 'xhs');
  const good = await lead();
  receiver.answer(({ body }, response) => {
    response.writeHead(body.data.lead.id === bad.leadId && body.sequence === 1 ? 500 : 200).end();
  });
  await at(NOW);
  const got = () =>
    receiver.received.map(({ body }) => [body.data.lead.id === bad.leadId ? 'bad' : 'good', body.sequence]);
  t.strictSame(got().sort(), [
    ['bad', 1],
    ['good', 1],
  ]);
  t.ok(good);
  for (let attempt = 2; attempt <= 4; attempt += 1) {
    await at((await delivery(bad.leadId)).due_at ?? 0);
    t.match(await delivery(bad.leadId), { state: 'pending', attempts: attempt });
    t.equal(receiver.received.length, attempt + 1, 'only the head again');
  }
  await at((await delivery(bad.leadId)).due_at ?? 0);
  t.match(await delivery(bad.leadId), { state: 'parked', attempts: 5, reason: 'http_500' });
  t.strictSame(got().slice(-3), [
    ['bad', 1],
    ['bad', 2],
    ['bad', 3],
  ]);
  t.equal(receiver.received.at(-2)?.body.previous_sequence, 1, 'which the receiver has not got: it was not filtered');
  receiver.answer(200);
  await at((await delivery(bad.leadId)).due_at ?? 0);
  t.match(await delivery(bad.leadId), { state: 'delivered', attempts: 6 });
});

t.test(
  'ten minutes after its first attempt a head holds back nobody, however long its next attempt is away',
  async (t) => {
    const { receiver, lead, touch, at, delivery } = await delivering(t, { retry_schedule: [0, 3600, 1000] });
    const { phone } = await lead();
    await touch(phone, 'search');
    receiver.answer(({ body }, response) => void response.writeHead(body.sequence === 1 ? 503 : 200).end());
    await at(NOW);
    await at(NOW + 599_999);
    t.equal(receiver.received.length, 1);
    await at(NOW + 600_000);
    t.equal(receiver.received.length, 2);
    t.equal(receiver.received.at(-1)?.body.sequence, 2);
    await at((await delivery()).due_at ?? 0);
    t.match(await delivery(), { state: 'parked', attempts: 2 });
  },
);

t.test('an endpoint without order gets each event for itself', async (t) => {
  const { receiver, lead, touch, at } = await delivering(t, { ordered: false });
  const { phone } = await lead();
  await touch(phone, 'search');
  receiver.answer(({ body }, response) => void response.writeHead(body.sequence === 1 ? 500 : 200).end());
  await at(NOW);
  t.strictSame(receiver.received.map(({ body }) => body.sequence).sort(), [1, 2]);
});

t.test('filters: what is left out shows in previous_sequence', async (t) => {
  const { service, receiver, lead, touch, endpoint, at } = await delivering(t, { events: ['lead.touched'] });
  const douyin = await startReceiver(t);
  await endpoint(douyin, { filter: { channels: ['douyin'] } });
  const elsewhere = await startReceiver(t);
  await endpoint(elsewhere, { filter: { stores: ['S9'] } });
  const one = await lead({ channel: 'douyin' });
  service.setClock(NOW + 1000); // of touches of one moment, chance decides which is the first
  await touch(one.phone, 'search');
  service.setClock(NOW + 2000);
  await touch(one.phone, 'xhs');
  const other = await lead({ channel: 'search' });
  service.setClock(NOW + 3000);
  await touch(other.phone, 'event');
  await at(NOW + 3000);
  t.strictSame(
    receiver.received
      .map(({ body }) => [body.data.lead.id === one.leadId, body.sequence, body.previous_sequence])
      .sort(),
    [
      [false, 2, null],
      [true, 2, null],
      [true, 3, 2],
    ],
  );
  t.strictSame(
    douyin.received.map(({ body }) => [body.data.lead.id === one.leadId, body.sequence]),
    [
      [true, 1],
      [true, 2],
      [true, 3],
    ],
    'a lead that began in the channel goes on in it',
  );
  t.equal(elsewhere.received.length, 0);
  t.equal(
    await service.db
      .selectFrom('delivery_due')
      .selectAll()
      .execute()
      .then((rows) => rows.length),
    0,
  );
});

t.test('history is told to nobody', async (t) => {
  const { service, receiver, at } = await delivering(t);
  const body = { channel: 'douyin', person: { phone: '13800138000' } };
  t.match(await service.call('POST', '/v1/leads?mode=history', { body }), { status: 201 });
  await at(NOW);
  t.equal(receiver.received.length, 0);
});

t.test('a body is rendered once, and every attempt sends the same bytes', async (t) => {
  const { service, receiver, lead, at, delivery } = await delivering(t);
  const { leadId } = await lead();
  receiver.answer(500);
  await at(NOW);
  const { version } = (await service.call('GET', `/v1/leads/${leadId}`)).body;
  const changed = await service.call('POST', `/v1/leads/${leadId}/owner`, {
    body: { owner: 'A9', store: 'S9' },
    headers: { 'if-match': `"${version}"` },
  });
  t.match(changed, { status: 200 }, changed.text);
  receiver.answer(200);
  await at((await delivery()).due_at ?? 0);
  const [first, second] = receiver.received;
  t.equal(second?.text, first?.text);
  t.equal(second?.body.data.lead.owner, null);
  t.equal(receiver.received[2]?.body.data.lead.owner, 'A9');
});
