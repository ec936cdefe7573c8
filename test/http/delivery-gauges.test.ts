import { sql } from 'kysely';
import t from 'tap';
import { changeEndpoint } from '../../src/store/endpoints.ts';
import { anEndpoint, anEvent, deliveryIdOf, settleAs, tellAll } from '../helpers/deliveries.ts';
import { startService } from '../helpers/service.ts';

const NOON = Date.UTC(2026, 5, 1, 12);
const DAY = 86_400_000;

t.test('what waits, for how long, what died and what is paused, by endpoint', async (t) => {
  const { db, call, setClock } = await startService(t);
  setClock(NOON);
  const [busy, idle, gone] = [await anEndpoint(db), await anEndpoint(db, { events: ['deal.*'] }), await anEndpoint(db)];
  const events = Array.from({ length: 5 }, (_, i) => anEvent({ at: NOON - i * DAY }));
  for (const [i, event] of events.entries()) await tellAll(db, [event], NOON - i * DAY);
  const died = async (i: number, at: number) =>
    settleAs(db, await deliveryIdOf(db, events[i]?.id ?? '', busy), { state: 'dead', reason: 'x', at });
  await died(4, NOON - DAY - 1);
  await died(3, NOON - DAY + 1);
  await settleAs(db, await deliveryIdOf(db, events[0]?.id ?? '', busy), { state: 'withheld', at: NOON });
  await db.transaction().execute(async (tx) => {
    await changeEndpoint(tx, idle, { state: 'paused', pausedReason: 'failing' }, NOON);
    await changeEndpoint(tx, gone, { state: 'deleted' }, NOON);
  });
  const scrape = async () => (await call('GET', '/metrics')).text;
  const first = await scrape();
  const value = (text: string, series: string) =>
    text
      .split('\n')
      .find((line) => line.startsWith(series))
      ?.split(' ')
      .at(-1);
  t.equal(value(first, `clew_delivery_pending{endpoint="${busy}"}`), '2');
  t.equal(value(first, `clew_delivery_pending{endpoint="${idle}"}`), '0');
  t.equal(value(first, `clew_delivery_oldest_pending_seconds{endpoint="${busy}"}`), String((2 * DAY) / 1000));
  t.equal(value(first, `clew_delivery_oldest_pending_seconds{endpoint="${idle}"}`), '0');
  t.equal(value(first, `clew_delivery_dead{endpoint="${busy}"}`), '1');
  t.equal(value(first, `clew_endpoint_paused{endpoint="${idle}",reason="failing"}`), '1');
  t.equal(value(first, `clew_endpoint_paused{endpoint="${busy}"`), undefined);
  t.match(value(first, 'clew_event_feed_lag_seconds'), /^\d+/);
  t.notMatch(first, gone);

  await tellAll(db, [anEvent({ at: NOON })], NOON);
  setClock(NOON + 9_999);
  t.equal(value(await scrape(), `clew_delivery_pending{endpoint="${busy}"}`), '2', 'as it was, for ten seconds');
  setClock(NOON + 10_000);
  t.equal(value(await scrape(), `clew_delivery_pending{endpoint="${busy}"}`), '3');
});

t.test('an event that waits behind a transaction that is open makes the feed lag', async (t) => {
  const { db, call, setClock, databaseUrl } = await startService(t);
  setClock(NOON + 60_000);
  t.match(databaseUrl, /^postgres/);
  const lag = async () => {
    const { text } = await call('GET', '/metrics');
    return Number(/^clew_event_feed_lag_seconds (\S+)$/m.exec(text)?.[1]);
  };
  await db.transaction().execute(async (tx) => {
    await sql`select pg_current_xact_id()`.execute(tx);
    await tellAll(db, [anEvent({ at: NOON })], NOON);
    t.equal(await lag(), 60);
  });
});

t.test('a figure that cannot be read is left out, and the scrape answers all the same', async (t) => {
  const { db, call, logs } = await startService(t);
  const endpoint = await anEndpoint(db);
  await db.schema.alterTable('delivery_due').renameTo('elsewhere').execute();
  const { status, text } = await call('GET', '/metrics');
  t.equal(status, 200);
  t.notMatch(text, /^clew_delivery_pending\{/m);
  t.match(text, new RegExp(`^clew_delivery_dead\\{endpoint="${endpoint}"\\} 0$`, 'm'), 'the others are there');
  t.ok(logs().some(({ msg }) => msg === 'metrics.unread'));
});

t.test('a figure that takes too long is left out', async (t) => {
  const { db, call } = await startService(t);
  await anEndpoint(db);
  await db.transaction().execute(async (tx) => {
    await sql`lock table delivery_due in access exclusive mode`.execute(tx);
    const { status, text } = await call('GET', '/metrics');
    t.equal(status, 200);
    t.notMatch(text, /^clew_delivery_pending\{/m);
    t.match(text, /^clew_delivery_dead\{/m);
  });
});
