import t from 'tap';
import { createDb } from '../../src/store/database.ts';
import { claimDeliveries } from '../../src/store/delivery-claim.ts';
import { keepBodies } from '../../src/store/delivery-keep.ts';
import { readDeliveryBody } from '../../src/store/delivery-read.ts';
import { openIngestConnection } from '../../src/store/session.ts';
import { testDatabase } from '../helpers/database.ts';
import { anEndpoint, anEvent, tellAll } from '../helpers/deliveries.ts';
import { testVault } from '../helpers/vault.ts';
import { aWant } from '../helpers/want.ts';

const NOW = Date.now();

t.test('a body is kept for whoever holds the delivery, and never beside another', async (t) => {
  const { url, pool } = await testDatabase(t);
  const db = createDb(pool);
  const endpointId = await anEndpoint(db);
  await tellAll(db, [anEvent({ at: NOW })], NOW);
  const session = await openIngestConnection(url);
  t.teardown(session.end);
  const claim = async () => {
    const [one] = (await claimDeliveries(session, testVault(), [aWant(endpointId, { leaseMs: 10_000 })], NOW)).claimed;
    if (one === undefined) throw new Error('nothing was claimed');
    return one;
  };
  const expire = () =>
    db
      .updateTable('delivery_due')
      .set({ lease_until: new Date(0) })
      .execute();
  const keep = async ({ held, endpointVersion }: Awaited<ReturnType<typeof claim>>, text: string) => {
    const body = { held, endpointVersion, contentType: 'text/plain', body: Buffer.from(text), sealed: false };
    return [...(await keepBodies(session, [body]))];
  };

  const first = await claim();
  await expire();
  const second = await claim();
  t.strictSame(await keep(first, 'first'), [], 'another has claimed it since');
  const id = second.held.deliveryId;
  const changed = { ...second, endpointVersion: second.endpointVersion + 1 };
  t.strictSame(await keep(changed, 'for another'), [], 'it was rendered for the endpoint as it was');
  t.strictSame(await keep(second, 'second'), [id]);
  t.strictSame(await keep(second, 'again'), [], 'what has bytes already is not sent with others');
  t.equal((await readDeliveryBody(db, testVault(), { id, createdAt: NOW }))?.body.toString(), 'second');
  await expire();
  t.match((await claim()).body, { contentType: 'text/plain', body: Buffer.from('second') });
});
