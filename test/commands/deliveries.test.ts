import { randomBytes } from 'node:crypto';
import t from 'tap';
import { listAudit } from '../../src/store/audit.ts';
import { createDb } from '../../src/store/database.ts';
import { testDatabase } from '../helpers/database.ts';
import { anEndpoint, anEvent, deliveryIdOf, settleAs, tellAll } from '../helpers/deliveries.ts';
import { runClew } from '../helpers/io.ts';

const NOON = Date.UTC(2026, 5, 1, 12);
const HOUR = 3_600_000;

t.test('deliveries are listed, and what was given up is sent again', async (t) => {
  const { url, pool } = await testDatabase(t);
  const db = createDb(pool);
  const env = { DATABASE_URL: url, CLEW_SECRET_KEY: randomBytes(32).toString('base64') };
  const clew = (line: string) => runClew(line.split(' '), env);
  const json = async (line: string) => JSON.parse((await clew(`${line} --json`)).out);
  t.match(await clew('deliveries list'), { exit: 0, out: 'no deliveries\n' });
  const endpoint = await anEndpoint(db);
  const events = Array.from({ length: 4 }, (_, i) => anEvent({ at: NOON + i * HOUR }));
  for (const [i, event] of events.entries()) await tellAll(db, [event], NOON + i * HOUR);
  const ids = await Promise.all(events.map((event) => deliveryIdOf(db, event.id, endpoint)));
  for (const deliveryId of ids.slice(0, 3)) {
    await settleAs(db, deliveryId, { state: 'dead', reason: 'exhausted:http_500', at: NOON + 9 * HOUR, attempts: 2 });
  }
  t.strictSame(
    (await json('deliveries list')).map((it: { id: string }) => it.id),
    [...ids].reverse(),
  );
  t.equal((await json(`deliveries list --endpoint ${endpoint} --state dead,parked --limit 2`)).length, 2);
  t.match(
    (await clew('deliveries list --state pending')).out,
    `${ids[3]}  2026-06-01T15:00:00.000Z  pending  0 attempts`,
  );

  t.match(await clew(`deliveries redrive ${ids[0]}`), { exit: 0, out: `delivery ${ids[0]} is sent again\n` });
  t.match(await clew(`deliveries redrive ${ids[0]}`), { exit: 1, err: /^clew: The delivery is pending;/ });
  const since = '2026-06-01T14:00:00Z';
  t.match(await clew(`deliveries redrive --endpoint ${endpoint} --since ${since}`), {
    exit: 0,
    out: '1 deliveries are sent again\n',
  });
  t.strictSame(await json('deliveries redrive --all --limit 1'), { redriven: 1, more: true });
  t.strictSame(await json('deliveries redrive --state dead'), { redriven: 0, more: false });
  t.strictSame(await json('deliveries list --state dead'), []);
  const entries = await listAudit(db, { action: 'delivery.redriven', limit: 9 });
  t.strictSame(
    entries.map(({ actor }) => actor),
    ['cli', 'cli', 'cli'],
  );

  const wrong: readonly (readonly [string, RegExp])[] = [
    ['deliveries redrive', /name a delivery by its id, or say which/],
    ['deliveries redrive --all --state dead', /name a delivery by its id, or say which/],
    [`deliveries redrive ${ids[0]} --all`, /leave the other flags out/],
    ['deliveries redrive one', /one is not an id/],
    ['deliveries redrive one two', /takes \[ID\]; see clew deliveries redrive --help/],
    ['deliveries redrive --state pending', /--state takes some of dead, withheld, parked/],
    ['deliveries redrive --since soon', /--since must be a time/],
    ['deliveries list --state lost', /--state takes some of pending/],
    ['deliveries list one', /takes no arguments/],
  ];
  for (const [line, err] of wrong) t.match(await clew(line), { exit: 2, err }, line);
  t.match((await clew('deliveries redrive --help')).out, /^Usage: clew deliveries redrive \[ID\] \[flags\]$/m);
});
