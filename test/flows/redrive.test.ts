import { sql } from 'kysely';
import t, { type Test } from 'tap';
import { REDRIVABLE } from '../../src/domain/delivery.ts';
import { redriveMany, redriveOne } from '../../src/flows/redrive.ts';
import { listAudit } from '../../src/store/audit.ts';
import { createDb, type Db } from '../../src/store/database.ts';
import { claimDeliveries } from '../../src/store/delivery-claim.ts';
import { findDelivery } from '../../src/store/delivery-list.ts';
import { changeEndpoint } from '../../src/store/endpoints.ts';
import { sessionOf } from '../../src/store/session.ts';
import { testAct } from '../helpers/act.ts';
import { testDatabase } from '../helpers/database.ts';
import {
  anEndpoint,
  anEvent,
  deliveryIdOf,
  dueOf,
  id,
  keepBody,
  settleAs,
  tellAll,
  writeLead,
} from '../helpers/deliveries.ts';
import { testVault } from '../helpers/vault.ts';
import { aWant } from '../helpers/want.ts';

const NOON = Date.UTC(2026, 5, 1, 12);
const HOUR = 3_600_000;
const LATER = NOON + 10 * HOUR;

/** One endpoint with one lead, whose events have come to the fates given. */
async function withFates(t: Test, fates: readonly Parameters<typeof settleAs>[2][]) {
  const db = createDb((await testDatabase(t)).pool);
  const endpointId = await anEndpoint(db);
  const [leadId, customerId] = [id(NOON), id(NOON)];
  await writeLead(db, leadId, customerId);
  const ids: string[] = [];
  for (const [i, fate] of fates.entries()) {
    const event = anEvent({ at: NOON + i, leadId, customerId, sequence: i + 1 });
    await tellAll(db, [event], NOON + i);
    const deliveryId = await deliveryIdOf(db, event.id, endpointId);
    await settleAs(db, deliveryId, fate);
    ids.push(deliveryId);
  }
  return { db, endpointId, leadId, ids };
}

async function claim(db: Db, endpointId: string, now: number) {
  const wants = [aWant(endpointId, { slots: 10 })];
  return (await db.transaction().execute((tx) => claimDeliveries(sessionOf(tx), testVault(), wants, now))).claimed;
}

t.test('a dead delivery is sent again with the same bytes, all attempts before it, and beside the line', async (t) => {
  const dead = { state: 'dead', reason: 'exhausted:http_500', at: NOON + HOUR, attempts: 11 } as const;
  const waiting = { state: 'pending', at: NOON + HOUR, attempts: 1 } as const;
  const { db, endpointId, ids } = await withFates(t, [waiting, dead]);
  const [, deliveryId = ''] = ids;
  await keepBody(db, deliveryId, '{"the":"bytes"}');
  const act = testAct(LATER);
  const redriven = await db.transaction().execute((tx) => redriveOne(tx, act, deliveryId));
  t.match(redriven, { id: deliveryId, state: 'pending', reason: null, attempts: 0, settledAt: null, lastStatus: 500 });
  t.match(await dueOf(db, deliveryId), { due_at: LATER, attempts: 0, blocking: false, lease_until: null });
  const claimed = await claim(db, endpointId, LATER);
  const again = claimed.find(({ held }) => held.deliveryId === deliveryId);
  t.equal(again?.body?.body.toString(), '{"the":"bytes"}', 'as kept, though an earlier event of the lead waits');
  t.match(again, { attempts: 1, firstAttemptAt: LATER, blocking: false });
  t.ok((again?.held.claims ?? 0) > 1000, 'its attempts are numbered beyond those before');
  t.match(await listAudit(db, { subjectId: deliveryId, limit: 9 }), [
    { action: 'delivery.redriven', actor: 'key:tester', subjectKind: 'delivery', detail: { state: 'dead' } },
  ]);
});

t.test('withheld and parked ones are sent again too; a parked one keeps its place in the queue', async (t) => {
  const { db, ids } = await withFates(t, [
    { state: 'withheld', reason: 'no_consent', at: NOON },
    { state: 'parked', reason: 'http_400', at: NOON, attempts: 4 },
  ]);
  for (const deliveryId of ids) {
    t.match(await db.transaction().execute((tx) => redriveOne(tx, testAct(LATER), deliveryId)), { state: 'pending' });
    t.match(await dueOf(db, deliveryId), { due_at: LATER, attempts: 0, first_attempt_at: null, blocking: false });
  }
  t.equal((await dueOf(db, ids[1] ?? ''))?.claims, 1004, 'a worker that is late settles it no more');
});

t.test('what is delivered, pending or cancelled, under way, or of an endpoint that is gone, is not', async (t) => {
  const { db, endpointId, ids } = await withFates(t, [
    { state: 'delivered', at: NOON, attempts: 1 },
    { state: 'pending', at: NOON },
    { state: 'cancelled', reason: 'erased', at: NOON },
    { state: 'parked', at: NOON - 2 * HOUR, attempts: 2 },
    { state: 'dead', reason: 'horizon_passed', at: NOON },
  ]);
  const refused = (deliveryId = '') =>
    t.rejects(
      db.transaction().execute((tx) => redriveOne(tx, testAct(LATER), deliveryId)),
      { code: 'state_conflict' },
    );
  for (const deliveryId of ids.slice(0, 3)) await refused(deliveryId);
  t.equal((await claim(db, endpointId, NOON)).length, 1);
  await refused(ids[3]);
  await db.transaction().execute((tx) => changeEndpoint(tx, endpointId, { state: 'deleted' }, NOON));
  await refused(ids[4]);
  t.strictSame(await redriveMany(db, testAct(LATER), { states: REDRIVABLE }, 10), { redriven: 0, more: false });
  await t.rejects(
    db.transaction().execute((tx) => redriveOne(tx, testAct(LATER), id())),
    { code: 'not_found' },
  );
});

t.test('many are chosen by state, type, reason, time and lead', async (t) => {
  const fates = [
    { state: 'dead', reason: 'exhausted:http_500', at: NOON + HOUR, attempts: 2 },
    { state: 'dead', reason: 'exhausted:timeout', at: NOON + HOUR },
    { state: 'dead', reason: 'deadline_passed', at: NOON + HOUR },
    { state: 'withheld', reason: 'no_consent', at: NOON + HOUR },
    { state: 'parked', reason: 'http_400', at: NOON + HOUR, attempts: 4 },
    { state: 'cancelled', reason: 'erased', at: NOON + HOUR },
    { state: 'delivered', at: NOON + HOUR },
  ] as const;
  const chosen: readonly (readonly [Partial<Parameters<typeof redriveMany>[2]>, readonly number[]])[] = [
    [{}, [0, 1, 2]],
    [{ states: REDRIVABLE }, [0, 1, 2, 3, 4]],
    [{ states: ['parked'] }, [4]],
    [{ reason: 'exhausted' }, [0, 1]],
    [{ reason: 'exhausted:timeout' }, [1]],
    [{ states: REDRIVABLE, reason: 'http_400' }, [4]],
    [{ from: NOON + 1, to: NOON + 2 }, [1]],
    [{ states: REDRIVABLE, from: NOON + 3 }, [3, 4]],
    [{ eventType: 'lead.*' }, [0, 1, 2]],
    [{ eventType: 'deal.*' }, []],
    [{ endpointId: id() }, []],
  ];
  for (const [query, expected] of chosen) {
    for (const by of ['endpoint', 'lead'] as const) {
      const { db, ids, leadId, endpointId } = await withFates(t, fates);
      const other = anEvent({ at: NOON });
      await tellAll(db, [other], NOON);
      await settleAs(db, await deliveryIdOf(db, other.id, endpointId), { state: 'delivered', at: NOON });
      const whole = { states: ['dead'] as const, ...query, ...(by === 'lead' ? { leadId } : {}) };
      const { redriven, more } = await redriveMany(db, testAct(LATER), whole, 100);
      const pending = await Promise.all(ids.map((it) => findDelivery(db, it)));
      const found = pending.flatMap((it, i) => (it?.state === 'pending' ? [i] : []));
      t.strictSame([found, redriven, more], [expected, expected.length, false], `${by} ${JSON.stringify(query)}`);
    }
  }
});

t.test('so many at most, step by step, each with its entry in the audit, and the same call goes on', async (t) => {
  const db = createDb((await testDatabase(t)).pool);
  const endpointId = await anEndpoint(db);
  await sql`with e as (
      insert into event (id, type, subject_kind, subject_id, customer_id, lead_id, sequence, occurred_at, recorded_at, actor, data)
      select gen_random_uuid(), 'lead.touched', 'lead', l, gen_random_uuid(), l, 1, to_timestamp(${NOON / 1000}),
        to_timestamp(${NOON / 1000}), 'key:test', '{}' from (select gen_random_uuid() as l from generate_series(1, 12000)) x
      returning *
    ) insert into delivery (id, created_at, endpoint_id, event_id, event_type, customer_id, lead_id, sequence, state, reason, failed_at, settled_at)
      select gen_random_uuid(), recorded_at, ${endpointId}, id, type, customer_id, lead_id, 1,
        case when row_number() over () % 12 = 0 then 'cancelled' else 'dead' end, 'x', recorded_at, recorded_at from e`.execute(
    db,
  );
  const query = { states: ['dead'] as const };
  t.strictSame(await redriveMany(db, testAct(LATER), query, 7000), { redriven: 7000, more: true });
  t.strictSame(await redriveMany(db, testAct(LATER), query, 7000), { redriven: 4000, more: false });
  t.strictSame(await redriveMany(db, testAct(LATER), query, 7000), { redriven: 0, more: false });
  const { rows } = await sql<{ state: string; n: number; due: number }>`
    select d.state, count(*) as n, count(q.delivery_id) as due from delivery d left join delivery_due q on q.delivery_id = d.id
    group by 1 order by 1`.execute(db);
  t.strictSame(rows, [
    { state: 'cancelled', n: 1000, due: 0 },
    { state: 'pending', n: 11000, due: 11000 },
  ]);
  const entries = await listAudit(db, { action: 'delivery.redriven', limit: 9 });
  t.strictSame(entries.map(({ detail }) => detail['redriven']).sort(), [2000, 4000, 5000]);
});
