import t from 'tap';
import { cancelDeleted } from '../../src/flows/cancel-deleted.ts';
import { cancelOfDeleted } from '../../src/store/cancel-deleted.ts';
import { createDb } from '../../src/store/database.ts';
import { claimDeliveries } from '../../src/store/delivery-claim.ts';
import { findDelivery } from '../../src/store/delivery-list.ts';
import { changeEndpoint } from '../../src/store/endpoints.ts';
import { sessionOf } from '../../src/store/session.ts';
import { testDatabase } from '../helpers/database.ts';
import { anEndpoint, anEvent, deliveryIdOf, dueOf, settleAs, tellAll } from '../helpers/deliveries.ts';
import { testVault } from '../helpers/vault.ts';
import { aWant } from '../helpers/want.ts';

const NOON = Date.UTC(2026, 5, 1, 12);

t.test(
  'what waits for a deleted endpoint is cancelled, in steps; what is under way is left to its worker',
  async (t) => {
    const db = createDb((await testDatabase(t)).pool);
    const [gone, stays] = [await anEndpoint(db), await anEndpoint(db)];
    const events = Array.from({ length: 12 }, () => anEvent({ at: NOON }));
    await tellAll(db, events, NOON);
    const ids = await Promise.all(events.map((event) => deliveryIdOf(db, event.id, gone)));
    await settleAs(db, ids[0] ?? '', { state: 'dead', reason: 'x', at: NOON });
    const wants = [aWant(gone)];
    const { claimed } = await db
      .transaction()
      .execute((tx) => claimDeliveries(sessionOf(tx), testVault(), wants, NOON + 1));
    t.equal(claimed.length, 1);
    t.equal(await cancelDeleted(db, NOON), 0, 'nothing was deleted yet');
    await db.transaction().execute((tx) => changeEndpoint(tx, gone, { state: 'deleted' }, NOON));
    t.equal(await db.transaction().execute((tx) => cancelOfDeleted(tx, NOON + 5, 4)), 4, 'a step');
    t.equal(await cancelDeleted(db, NOON + 5), 6, 'and the rest');
    const underWay = claimed[0]?.held.deliveryId ?? '';
    for (const deliveryId of ids) {
      const delivery = await findDelivery(db, deliveryId);
      if (deliveryId === underWay) t.match(delivery, { state: 'pending' });
      else if (deliveryId === ids[0]) t.match(delivery, { state: 'dead', reason: 'x' });
      else t.match(delivery, { state: 'cancelled', reason: 'endpoint_deleted', settledAt: NOON + 5 });
    }
    t.ok(await dueOf(db, underWay));
    const other = await db.selectFrom('delivery_due').selectAll().where('endpoint_id', '=', stays).execute();
    t.equal(other.length, 12, 'another endpoint keeps its own');
  },
);
