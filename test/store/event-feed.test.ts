import fc from 'fast-check';
import type pg from 'pg';
import t, { type Test } from 'tap';
import { createDb, type Db } from '../../src/store/database.ts';
import { FEED_BEGINNING, type FeedPlace, feedEnd, readFeed } from '../../src/store/event-feed.ts';
import { testDatabase } from '../helpers/database.ts';
import { anEvent, id, tellAll } from '../helpers/deliveries.ts';

const EVERY = { types: null, limit: 100 };

async function insertBy(client: pg.PoolClient, eventId: string, type = 'lead.touched'): Promise<void> {
  await client.query(
    `insert into event (id, type, subject_kind, subject_id, occurred_at, recorded_at, actor, data)
     values ($1, $2, 'lead', $1, now(), now(), 'key:test', '{}')`,
    [eventId, type],
  );
}

/** Reads on from a place until so many events have come: other databases of the server can hold the feed back for a moment. */
async function readUntil(db: Db, from: FeedPlace, count: number) {
  const events: string[] = [];
  let place = from;
  const deadline = Date.now() + 20_000;
  while (events.length < count) {
    if (Date.now() > deadline) throw new Error(`${events.length} of ${count} have come`);
    const page = await readFeed(db, place, EVERY);
    events.push(...page.events.map((event) => event.id));
    place = page.next;
  }
  return { events, place };
}

async function connection(t: Test, pool: pg.Pool): Promise<pg.PoolClient> {
  const client = await pool.connect();
  t.teardown(() => client.release(true));
  return client;
}

t.test('an event that is committed late is not skipped, and those behind it wait for it', async (t) => {
  const { pool } = await testDatabase(t);
  const db = createDb(pool);
  const [slow, quick] = [await connection(t, pool), await connection(t, pool)];
  const [late, early] = [id(), id()];
  await slow.query('begin');
  await insertBy(slow, late);
  await insertBy(quick, early);
  const before = await readFeed(db, FEED_BEGINNING, EVERY);
  t.strictSame([before.events, before.next, before.more], [[], FEED_BEGINNING, false], 'though one is committed');
  await slow.query('commit');
  const { events, place } = await readUntil(db, before.next, 2);
  t.strictSame(events, [late, early], 'in the order in which they were begun');
  t.strictSame((await readFeed(db, place, EVERY)).events, []);
});

t.test('what is rolled back never comes, and holds nothing back for long', async (t) => {
  const { pool } = await testDatabase(t);
  const db = createDb(pool);
  const [one, two] = [await connection(t, pool), await connection(t, pool)];
  const kept = id();
  await one.query('begin');
  await insertBy(one, id());
  await insertBy(two, kept);
  await one.query('rollback');
  t.strictSame((await readUntil(db, FEED_BEGINNING, 1)).events, [kept]);
});

t.test('from now on: what was written before does not come, what is committed later does', async (t) => {
  const { pool } = await testDatabase(t);
  const db = createDb(pool);
  await tellAll(db, [anEvent()], Date.now());
  await readUntil(db, FEED_BEGINNING, 1);
  const open = await connection(t, pool);
  const late = id();
  await open.query('begin');
  await insertBy(open, late);
  const now = await feedEnd(db);
  const after = anEvent();
  await tellAll(db, [after], Date.now());
  await open.query('commit');
  t.strictSame((await readUntil(db, now, 2)).events, [late, after.id]);
});

t.test('page by page, of some types only, with a place to go on from even where nothing was found', async (t) => {
  const db = createDb((await testDatabase(t)).pool);
  const events = Array.from({ length: 12 }, (_, i) =>
    anEvent({ at: Date.UTC(2026, 0, 1) + i, type: i % 4 === 0 ? 'deal.recorded' : 'lead.touched' }),
  );
  for (const event of events) await tellAll(db, [event], Date.UTC(2026, i6(event.id), 1));
  await readUntil(db, FEED_BEGINNING, 12);
  const found: string[] = [];
  const pages: (readonly [number, boolean])[] = [];
  let place = FEED_BEGINNING;
  for (let more = true; more; ) {
    const page = await readFeed(db, place, { types: ['deal.*'], limit: 2 });
    found.push(...page.events.map((event) => event.id));
    pages.push([page.events.length, page.more]);
    [place, more] = [page.next, page.more];
  }
  t.strictSame(
    found,
    events.filter(({ type }) => type === 'deal.recorded').map((event) => event.id),
  );
  t.strictSame(pages, [
    [2, true],
    [1, false],
  ]);
  const none = await readFeed(db, FEED_BEGINNING, { types: ['customer.*'], limit: 2 });
  t.strictSame([none.events, none.more, none.next], [[], false, place], 'gone through to the end all the same');
});

t.test('whatever the order of commits, every committed event comes exactly once', async (t) => {
  const { pool } = await testDatabase(t);
  const db = createDb(pool);
  const clients = [await connection(t, pool), await connection(t, pool), await connection(t, pool)];
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('insert' as const), by: fc.nat(2) }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constantFrom('commit' as const, 'rollback' as const), by: fc.nat(2) }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('poll' as const), limit: fc.integer({ min: 1, max: 4 }) }) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      let place = await feedEnd(db);
      const written: (string[] | null)[] = [null, null, null]; // of the transaction that each has open
      const committed = new Set<string>();
      const seen: string[] = [];
      const poll = async (limit: number): Promise<boolean> => {
        const page = await readFeed(db, place, { types: null, limit });
        seen.push(...page.events.map((event) => event.id));
        place = page.next;
        return page.more;
      };
      const end = async (by: number, how: 'commit' | 'rollback') => {
        await clients[by]?.query(how);
        if (how === 'commit') for (const event of written[by] ?? []) committed.add(event);
        written[by] = null;
      };
      for (const it of steps) {
        if (it.kind === 'poll') await poll(it.limit);
        else if (it.kind === 'insert') {
          if (written[it.by] === null) await clients[it.by]?.query('begin');
          const event = id();
          await insertBy(clients[it.by] as pg.PoolClient, event);
          written[it.by] = [...(written[it.by] ?? []), event];
        } else if (written[it.by] !== null) await end(it.by, it.kind);
      }
      for (const by of [0, 1, 2]) if (written[by] !== null) await end(by, 'commit');
      while (seen.length < committed.size) await poll(3);
      if (seen.length !== new Set(seen).size) throw new Error('one came twice');
      const strays = seen.filter((event) => !committed.has(event));
      if (strays.length > 0) throw new Error(`${strays.length} came that were not committed`);
    }),
    { numRuns: 40 },
  );
  t.pass();
});

/** A month by the last digit of an id, so that the events lie in several. */
function i6(text: string): number {
  return Number.parseInt(text.slice(-1), 16) % 6;
}
