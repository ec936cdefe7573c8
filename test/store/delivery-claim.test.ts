import t from 'tap';
import { createDb } from '../../src/store/database.ts';
import { claimDeliveries, type Want } from '../../src/store/delivery-claim.ts';
import { openIngestConnection } from '../../src/store/session.ts';
import { testDatabase } from '../helpers/database.ts';
import { anEndpoint, anEvent, id, tellAll } from '../helpers/deliveries.ts';
import { testVault } from '../helpers/vault.ts';
import { aWant } from '../helpers/want.ts';

const NOW = Date.now();
const MINUTE = 60_000;

t.test('a claim looks from where it is told, and says what it saw', async (t) => {
  const { url, pool } = await testDatabase(t);
  const db = createDb(pool);
  const endpointId = await anEndpoint(db);
  const session = await openIngestConnection(url);
  t.teardown(session.end);
  const claim = async (over: Partial<Want>) => {
    const { claimed, seen } = await claimDeliveries(session, testVault(), [aWant(endpointId, over)], NOW);
    return { sequences: claimed.map(({ held }) => held.sequence), seen: seen.get(endpointId) };
  };

  // One lead whose first event is under way, with twenty behind it, and then a lead that is ready.
  const [busy, customer] = [id(), id()];
  const of = (leadId: string, sequence: number, at: number) => anEvent({ at, leadId, customerId: customer, sequence });
  await tellAll(db, [of(busy, 1, NOW - 10 * MINUTE)], NOW - 10 * MINUTE);
  t.strictSame(await claim({}), {
    sequences: [1],
    seen: { looked: 1, waiting: 0, since: NOW - 10 * MINUTE },
  });
  const behind = Array.from({ length: 20 }, (_, index) => index + 2);
  for (const sequence of behind) await tellAll(db, [of(busy, sequence, NOW - 9 * MINUTE)], NOW - 9 * MINUTE);
  await tellAll(db, [of(id(), 90, NOW - 5 * MINUTE)], NOW - 5 * MINUTE);

  t.strictSame(await claim({ look: 2 }), {
    sequences: [],
    seen: { looked: 2, waiting: 2, since: NOW - 9 * MINUTE },
  });
  t.strictSame(
    await claim({ look: 1_000 }),
    { sequences: [90], seen: { looked: 19, waiting: 18, since: NOW - 9 * MINUTE } },
    'one look past all that wait',
  );

  await tellAll(db, [of(id(), 91, NOW - 4 * MINUTE)], NOW - 4 * MINUTE);
  t.strictSame(await claim({ from: NOW - 3 * MINUTE }), {
    sequences: [],
    seen: { looked: 0, waiting: 0, since: null },
  });
  t.strictSame(
    (await claim({ from: NOW - 4 * MINUTE })).sequences,
    [91],
    'what became due at that very moment is seen',
  );
});
