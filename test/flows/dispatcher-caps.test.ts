import t from 'tap';
import { givenBack } from '../../src/flows/attempt-delivery.ts';
import { createSealer } from '../../src/sealer.ts';
import { claimDeliveries } from '../../src/store/delivery-claim.ts';
import { settleDeliveries } from '../../src/store/delivery-settle.ts';
import { openIngestConnection } from '../../src/store/session.ts';
import { delivering, NOW } from '../helpers/delivering.ts';
import { startReceiver } from '../helpers/receiver.ts';
import { aWant } from '../helpers/want.ts';

t.test('a rate is kept, and what is left comes when it may', async (t) => {
  const { receiver, lead, at } = await delivering(t, { rate_limit: 2 });
  for (let count = 0; count < 5; count += 1) await lead();
  await at(NOW);
  t.equal(receiver.received.length, 1, 'a bucket begins with one');
  await at(NOW + 500);
  t.equal(receiver.received.length, 2);
  await at(NOW + 10_000);
  t.equal(receiver.received.length, 4, 'it holds a second of it');
  await at(NOW + 11_000);
  t.equal(receiver.received.length, 5);
});

t.test('never more are under way than the endpoint allows', async (t) => {
  const { receiver, lead, at } = await delivering(t, { concurrency: 3 });
  let [under, most] = [0, 0];
  receiver.answer((_received, response) => {
    under += 1;
    most = Math.max(most, under);
    setImmediate(() => {
      under -= 1;
      response.writeHead(200).end();
    });
  });
  for (let count = 0; count < 30; count += 1) await lead();
  await at(NOW);
  t.equal(receiver.received.length, 30);
  t.equal(most, 3);
});

t.test('the breaker opens after ten failures in a row, probes, and lets the backlog out gradually', async (t) => {
  const { service, receiver, id, lead, at } = await delivering(t, {
    concurrency: 1,
    retry_schedule: [0, 1, 1, 1, 1, 1, 1],
  });
  receiver.answer(500);
  for (let count = 0; count < 40; count += 1) await lead();
  await at(NOW);
  t.equal(receiver.received.length, 10);
  const health = async () => (await service.call('GET', `/v1/endpoints/${id}`)).body.health;
  t.match(await health(), { breaker: 'open' });
  await at(NOW + 700);
  t.equal(receiver.received.length, 10, 'its pause is a second, give or take a fifth');
  await at(NOW + 1_300);
  t.equal(receiver.received.length, 11, 'one probe');
  receiver.answer(200);
  await at(NOW + 1_400);
  t.equal(receiver.received.length, 11, 'the next pause is longer');
  await at(NOW + 4_000);
  const after = receiver.received.length - 11;
  t.ok(after >= 1 && after < 29, `${after} at first`);
  await at(NOW + 8_000);
  await at(NOW + 12_000);
  await at(NOW + 40_000);
  t.equal(new Set(receiver.received.slice(11).map(({ headers }) => headers['webhook-id'])).size, 40);
  t.match(await health(), { failing_since: null });
});

t.test('a pause keeps the backlog', async (t) => {
  const { service, receiver, id, lead, at } = await delivering(t);
  t.equal((await service.call('POST', `/v1/endpoints/${id}/pause`)).status, 200);
  for (let count = 0; count < 5; count += 1) await lead();
  await at(NOW);
  t.equal(receiver.received.length, 0);
  t.equal((await service.call('POST', `/v1/endpoints/${id}/resume`)).status, 200);
  await at(NOW + 86_400_000);
  t.equal(receiver.received.length, 5);
});

t.test('a dead endpoint does not hold up another', async (t) => {
  const { receiver, lead, endpoint, at } = await delivering(t);
  const good = await startReceiver(t);
  await endpoint(good);
  receiver.answer((_received, response) => response.destroy());
  for (let count = 0; count < 50; count += 1) await lead();
  await at(NOW);
  t.equal(good.received.length, 50);
  t.ok(receiver.received.length < 30, `${receiver.received.length} tries before it is spared`);
});

t.test('a worker that comes late settles nothing', async (t) => {
  const { service, id, lead, delivery } = await delivering(t);
  await lead();
  const [late, next] = [
    await openIngestConnection(service.databaseUrl),
    await openIngestConnection(service.databaseUrl),
  ];
  t.teardown(() => Promise.all([late.end(), next.end()]));
  const want = aWant(id, { leaseMs: 60_000 });
  const [first] = (await claimDeliveries(late, service.vault, [want], NOW)).claimed;
  t.strictSame((await claimDeliveries(next, service.vault, [want], NOW)).claimed, [], 'it is held');
  await service.db
    .updateTable('delivery_due')
    .set({ lease_until: new Date(0) })
    .execute(); // as if its time had passed
  const [second] = (await claimDeliveries(next, service.vault, [want], NOW)).claimed;
  t.match(second, { attempts: 2, held: { claims: 2 } });
  const settlement = {
    state: 'delivered',
    dueAt: NOW,
    refund: 0,
    blocking: true,
    reason: null,
    attempt: { at: NOW, duration: 1, result: 'delivered', status: 200, excerpt: null },
    given: { recipient: null, purpose: null, payload: 'masked' },
  } as const;
  if (first === undefined || second === undefined) throw new Error('nothing was claimed');
  t.equal((await settleDeliveries(late, [{ ...settlement, held: first.held }], NOW)).mine, 0);
  t.match(await delivery(), { state: 'pending' });
  t.equal((await settleDeliveries(next, [{ ...settlement, held: second.held }], NOW)).mine, 1);
  t.match(await delivery(), { state: 'delivered', attempts: 2 });
  const attempts = await service.db.selectFrom('attempt').select('number').orderBy('number').execute();
  t.strictSame(attempts, [{ number: 1 }, { number: 2 }], 'what was sent is told');
});

t.test('five days of nothing but failures pause an endpoint', async (t) => {
  const { pauseFailing } = await import('../../src/flows/pause-failing.ts');
  const { service, receiver, id, lead, at, delivery } = await delivering(t);
  const chance = (bytes: number) => Buffer.alloc(bytes, 7);
  const day = 86_400_000;
  receiver.answer(500);
  await lead();
  await at(NOW);
  await at((await delivery()).due_at ?? 0);
  t.strictSame(await pauseFailing(service.db, NOW + 5 * day - 1, chance), []);
  t.strictSame(await pauseFailing(service.db, NOW + 5 * day, chance), [id]);
  t.strictSame(await pauseFailing(service.db, NOW + 5 * day, chance), [], 'once');
  t.match((await service.call('GET', `/v1/endpoints/${id}`)).body, { state: 'paused', paused_reason: 'failing' });
  const told = await service.db.selectFrom('event').select('data').where('type', '=', 'endpoint.paused').execute();
  t.match(told, [{ data: { reason: 'failing' } }]);
  t.equal((await service.call('POST', `/v1/endpoints/${id}/resume`)).status, 200);
  t.strictSame(await pauseFailing(service.db, NOW + 6 * day, chance), [], 'counters start fresh');
});

t.test('an endpoint whose secrets cannot be opened does not hold up the others', async (t) => {
  const { service, receiver, lead, endpoint, at } = await delivering(t);
  const other = await startReceiver(t);
  const { id } = await endpoint(other);
  const foreign = createSealer(Buffer.alloc(32, 9), [], Buffer.alloc(12)).seal(Buffer.from('[]')).toString('base64');
  await service.db.updateTable('endpoint').set({ secrets: foreign }).where('id', '=', id).execute();
  await lead();
  await at(NOW);
  await at(NOW + 1000);
  t.equal(receiver.received.length, 1);
  t.equal(other.received.length, 0);
  const told = service.logs().filter(({ msg, what }) => msg === 'delivery.failed' && what === 'open');
  t.equal(told.length, 1, 'once');
});

t.test('a lead that cannot be unsealed does not cost the others their claim', async (t) => {
  const { service, receiver, lead, at, delivery } = await delivering(t, {}, { atRest: 'all' });
  const { leadId } = await lead();
  await lead();
  const foreign = createSealer(Buffer.alloc(32, 9), [], Buffer.alloc(12)).seal(Buffer.from('+86')).toString('base64');
  await service.db.updateTable('lead').set({ phone: foreign }).where('id', '=', leadId).execute();
  await at(NOW);
  t.equal(receiver.received.length, 1);
  t.match(await delivery(leadId), { state: 'pending', reason: 'not_readable', attempts: 1 });
});

t.test('what is given back untried is as if it had never been claimed', async (t) => {
  const { service, id, lead, delivery } = await delivering(t);
  await lead();
  const session = await openIngestConnection(service.databaseUrl);
  t.teardown(session.end);
  const want = aWant(id, { leaseMs: 60_000 });
  const [claimed] = (await claimDeliveries(session, service.vault, [want], NOW)).claimed;
  if (claimed === undefined) throw new Error('nothing was claimed');
  await settleDeliveries(session, [givenBack(claimed, NOW)], NOW);
  const [row] = await service.db.selectFrom('delivery_due').selectAll().execute();
  t.match(row, { attempts: 0, first_attempt_at: null, lease_until: null, claims: 1 });
  t.match(await delivery(), { state: 'pending', reason: null, attempts: 0 });
});

t.test('a change of the endpoint between claim and sending sends nothing to where it no longer belongs', async (t) => {
  const { service, receiver, id, lead, at } = await delivering(t, { concurrency: 1, payload: 'full' });
  const elsewhere = await startReceiver(t);
  for (let count = 0; count < 6; count += 1) await lead();
  let changed: Promise<unknown> | null = null;
  const change = async () => {
    const patch = async (version: number, body: object) => {
      const headers = { 'if-match': `"${version}"` };
      const done = await service.call('PATCH', `/v1/endpoints/${id}`, { body, headers });
      t.match(done, { status: 200 }, done.text);
    };
    await patch(1, { payload: 'masked' });
    await patch(2, { url: elsewhere.url });
  };
  receiver.answer((_received, response) => {
    changed ??= change();
    void changed.then(() => response.writeHead(200).end());
  });
  await at(NOW);
  t.equal(receiver.received.length + elsewhere.received.length, 6);
  t.ok(elsewhere.received.length > 0);
  t.notOk(elsewhere.received.some(({ text }) => /1390000/.test(text)));
});
