import { Webhook } from 'standardwebhooks';
import t from 'tap';
import { DEFAULT_SCHEDULE } from '../../src/domain/retry.ts';
import { delivering, NOW } from '../helpers/delivering.ts';
import { startReceiver } from '../helpers/receiver.ts';

t.test('scenario 140: 500 is answered by the same id and body on the published schedule, to its end', async (t) => {
  const { service, receiver, secret, lead, at, delivery } = await delivering(t);
  receiver.answer(500);
  await lead();
  let now = NOW;
  for (const [index, delay] of DEFAULT_SCHEDULE.entries()) {
    const due = (await delivery()).due_at ?? Number.NaN;
    t.ok(due >= now + delay * 1000 && due <= now + delay * 1200, `attempt ${index + 1} comes ${due - now} ms later`);
    if (index > 0) {
      await at(due - 1);
      t.equal(receiver.received.length, index, 'and not a moment sooner');
    }
    await at(due);
    now = due;
    t.equal(receiver.received.length, index + 1);
  }
  t.match(await delivery(), { state: 'dead', reason: 'exhausted:http_500', attempts: 11, due_at: null });
  t.equal(new Set(receiver.received.map(({ text }) => text)).size, 1);
  t.equal(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size, 1);
  t.strictSame(
    receiver.received.map(({ headers }) => Number(headers['clew-attempt'])),
    DEFAULT_SCHEDULE.map((_, index) => index + 1),
  );
  const last = receiver.received.at(-1);
  const id = String(last?.headers['webhook-id']);
  const sentAt = new Date(Number(last?.headers['webhook-timestamp']) * 1000);
  t.equal(new Webhook(secret).sign(id, sentAt, last?.text ?? ''), last?.headers['webhook-signature']);
  t.not(new Webhook(secret).sign(id, sentAt, `${last?.text} `), last?.headers['webhook-signature'], 'one byte more');
  const attempts = await service.db.selectFrom('attempt').selectAll().orderBy('number').execute();
  t.strictSame(
    attempts.map(({ number, result, status }) => [number, result, status]),
    DEFAULT_SCHEDULE.map((_, index) => [index + 1, 'http_500', 500]),
  );
});

t.test(
  '410 pauses the endpoint, nothing more is sent, the others are told, and resuming sends what is left',
  async (t) => {
    const { service, receiver, id, lead, endpoint, at, delivery } = await delivering(t, { concurrency: 1 });
    const other = await startReceiver(t);
    await endpoint(other, { events: ['endpoint.*'] });
    receiver.answer(410);
    await lead();
    await lead();
    await at(NOW);
    t.equal(receiver.received.length, 1);
    t.match((await service.call('GET', `/v1/endpoints/${id}`)).body, { state: 'paused', paused_reason: 'gone' });
    t.match(
      other.received.map(({ body }) => body),
      [{ type: 'endpoint.paused', subject: { kind: 'endpoint', id }, data: { changed: { reason: 'gone' } } }],
    );
    receiver.answer(200);
    await at(NOW + 90_000_000);
    t.equal(receiver.received.length, 1, 'a day later neither');
    t.match(await delivery(), { state: 'pending', attempts: 0 });
    t.equal((await service.call('POST', `/v1/endpoints/${id}/resume`)).status, 200);
    await at(NOW + 90_000_000);
    t.equal(receiver.received.length, 3);
  },
);

for (const [status, header, wait] of [
  [429, '120', 120_000],
  [503, new Date(NOW + 300_000).toUTCString(), 300_000],
] as const) {
  t.test(`${status} with Retry-After: ${header} moves the time and costs no attempt`, async (t) => {
    const { receiver, lead, at, delivery } = await delivering(t);
    receiver.answer((_received, response) => void response.writeHead(status, { 'retry-after': header }).end());
    await lead();
    await at(NOW);
    t.match(await delivery(), { state: 'pending', attempts: 0, due_at: NOW + wait });
    receiver.answer(200);
    await at(NOW + wait);
    t.match(await delivery(), { state: 'delivered', attempts: 1 });
    t.strictSame(
      receiver.received.map(({ headers }) => headers['clew-attempt']),
      ['1', '1'],
    );
  });
}

t.test('429 for ever is given up when the schedule is over', async (t) => {
  const { receiver, lead, at, delivery } = await delivering(t, { retry_schedule: [0, 60, 60] });
  receiver.answer((_received, response) => void response.writeHead(429, { 'retry-after': '100' }).end());
  await lead();
  await at(NOW);
  await at(NOW + 100_000);
  t.match(await delivery(), { due_at: NOW + 120_000 }, 'the last time is at its end');
  await at(NOW + 120_000);
  t.match(await delivery(), { state: 'dead', reason: 'horizon_passed' });
});

t.test('other 4xx and redirects are tried three times more, hold nobody back then, and are still tried', async (t) => {
  const { receiver, lead, touch, at, delivery } = await delivering(t);
  const moved = await startReceiver(t);
  receiver.answer(({ body }, response) => {
    if (body.sequence > 1) response.writeHead(200).end();
    else response.writeHead(302, { location: moved.url }).end();
  });
  const { phone } = await lead();
  await touch(phone, 'search');
  await at(NOW);
  for (let attempt = 2; attempt <= 3; attempt += 1) {
    await at((await delivery()).due_at ?? 0);
    t.match(await delivery(), { state: 'pending', attempts: attempt });
  }
  t.equal(receiver.received.length, 3);
  await at((await delivery()).due_at ?? 0);
  t.match(await delivery(), { state: 'parked', reason: 'http_302', attempts: 4 });
  t.equal(receiver.received.at(-1)?.body.sequence, 2);
  receiver.answer(204);
  await at((await delivery()).due_at ?? 0);
  t.match(await delivery(), { state: 'delivered' });
  t.equal(moved.received.length, 0);
});

t.test('an event older than the deadline is dead instead of late', async (t) => {
  const { service, receiver, lead, at, delivery } = await delivering(t, { deadline_seconds: 60 });
  receiver.answer(500);
  await lead();
  await at(NOW);
  await at((await delivery()).due_at ?? 0);
  t.match(await delivery(), { state: 'pending', attempts: 2 });
  await at((await delivery()).due_at ?? 0);
  const { id, ...dead } = await delivery();
  t.match(dead, { state: 'dead', reason: 'deadline_passed' });
  t.equal(receiver.received.length, 2);
  receiver.answer(200);
  t.match(await service.call('POST', `/v1/deliveries/${id}/redrive`), { status: 200 });
  await at(NOW + 86_400_000);
  t.match(await delivery(), { state: 'delivered' }, 'who redrives it knows that it is late');
});

t.test(
  'a person who has not consented to the purpose is withheld, and hears of a withdrawal all the same',
  async (t) => {
    const { service, receiver, lead, at, delivery } = await delivering(t, {
      purpose: 'contact',
      events: ['lead.*', 'customer.consent_changed'],
    });
    receiver.answer(500);
    const { customerId } = await lead();
    await at(NOW);
    t.equal(receiver.received.length, 1);
    const withdrawn = { purpose: 'contact', granted: false };
    const done = await service.call('POST', `/v1/customers/${customerId}/consents`, { body: withdrawn });
    t.match(done, { status: 200 }, done.text);
    receiver.answer(200);
    await at((await delivery()).due_at ?? 0);
    t.match(await delivery(), { state: 'withheld', reason: 'no_consent:contact', due_at: null });
    t.strictSame(
      receiver.received.slice(1).map(({ body }) => body.type),
      ['customer.consent_changed'],
    );
  },
);

t.test('both secrets sign for a day after a rotation, and a body that says no is a failure', async (t) => {
  const { service, receiver, id, secret, lead, at, delivery } = await delivering(t, {
    success_when: 'body.errcode = 0',
  });
  receiver.answer((_received, response) => void response.writeHead(200).end('{"errcode":40058}'));
  await lead();
  await at(NOW);
  t.match(await delivery(), { state: 'pending', reason: 'answer_refused' });
  const rotated = await service.call('POST', `/v1/endpoints/${id}/rotate-secret`, { body: {} });
  t.match(rotated, { status: 200 }, rotated.text);
  receiver.answer((_received, response) => void response.writeHead(200).end('{"errcode":0}'));
  await at((await delivery()).due_at ?? 0);
  const [, one] = receiver.received;
  const stamp = [
    String(one?.headers['webhook-id']),
    new Date(Number(one?.headers['webhook-timestamp']) * 1000),
  ] as const;
  const signatures = String(one?.headers['webhook-signature']).split(' ');
  t.strictSame(
    signatures,
    [rotated.body.secret, secret].map((each) => new Webhook(each).sign(...stamp, one?.text ?? '')),
  );
  await lead();
  await at(NOW + 86_400_001);
  t.equal(String(receiver.received[2]?.headers['webhook-signature']).split(' ').length, 1);
});
