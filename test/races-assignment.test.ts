import t from 'tap';
import { createDb } from '../src/store/database.ts';
import { phoneOf } from './helpers/captured.ts';
import { testDatabase } from './helpers/database.ts';
import { staff, tally } from './helpers/staffed.ts';
import { startTwo } from './helpers/two-processes.ts';

const NEVER = { zone: 'Asia/Shanghai', weekly: {} };

t.setTimeout(180_000);
t.test('assignment over two processes', async (t) => {
  const { url, pool } = await testDatabase(t);
  const db = createDb(pool);
  const { processes, post } = await startTwo(t, url);
  let phones = 0;
  const capture = (process: number, store: string) => {
    phones += 1;
    return post(process, '/v1/leads', { channel: 'douyin', store, person: { phone: phoneOf(phones) } });
  };
  const rowsOf = async (text: string) => (await pool.query(text)).rows;
  await staff(db, {
    stores: { S1: {}, S2: {}, S3: {} },
    advisers: {
      A1: { stores: ['S1'] },
      A2: { stores: ['S1'] },
      A3: { stores: ['S1'] },
      B1: { stores: ['S2'], shifts: NEVER, dailyCap: 1 },
      B2: { stores: ['S2'], shifts: NEVER, dailyCap: 1 },
      C1: { stores: ['S3'], openCap: 0 },
      C2: { stores: ['S3', 'S2'], openCap: 0 },
    },
  });

  await t.test('scenario 65: a hundred at once', async (t) => {
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => capture(n, 'S1')));
    t.strictSame(Object.values(tally(answers.map(({ body }) => body.owner.adviser))).sort(), [33, 33, 34]);
    const more = await Promise.all(Array.from({ length: 500 }, (_, n) => capture(n, 'S1')));
    const all = [...answers, ...more].map(({ body }) => body.owner.adviser);
    t.strictSame(tally(all), { A1: 200, A2: 200, A3: 200 }, 'and six hundred');
  });

  await t.test('scenario 75: twenty claims of one lead', async (t) => {
    const [first, second] = [await capture(0, 'S2'), await capture(1, 'S2')];
    t.match(first.body.owner, { adviser: null, reason: 'pool' });
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        post(n, `/v1/leads/${first.body.lead_id}/claim`, { adviser: n % 4 < 2 ? 'B1' : 'B2' }),
      ),
    );
    t.strictSame(tally(claims.map(({ status, body }) => `${status} ${body.code ?? 'claimed'}`)), {
      '200 claimed': 1,
      '409 already_claimed': 19,
    });
    const winner = claims.find(({ status }) => status === 200)?.body.owner;
    const more = await post(0, `/v1/leads/${second.body.lead_id}/claim`, { adviser: winner });
    t.match(more, { status: 409, body: { why: 'daily_cap' } }, 'it counts one');
  });

  await t.test('one adviser claims twenty leads at once: their cap holds', async (t) => {
    await staff(db, { advisers: { B1: { stores: ['S2'], shifts: NEVER, openCap: 4 } } });
    const leads = await Promise.all(Array.from({ length: 20 }, (_, n) => capture(n, 'S2')));
    const before = (await rowsOf(`select id from lead where owner = 'B1'`)).length;
    const claims = await Promise.all(
      leads.map(({ body }, n) => post(n, `/v1/leads/${body.lead_id}/claim`, { adviser: 'B1' })),
    );
    t.equal(claims.filter(({ status }) => status === 200).length, 4 - before);
  });

  await t.test(
    'two drains and claims at once, one process dies: nobody doubled, caps kept, the rest is given',
    async (t) => {
      const leads = await Promise.all(Array.from({ length: 60 }, (_, n) => capture(n, 'S3')));
      const ids = leads.map(({ body }) => body.lead_id);
      const given = async () =>
        (
          await rowsOf(
            `select owner, count(*)::integer as n from lead where owner in ('C1', 'C2') group by owner order by owner`,
          )
        ).map(({ owner, n }) => `${owner} ${n}`);
      const until = async (expected: readonly string[]): Promise<void> => {
        const latest = Date.now() + 30_000;
        while ((await given()).join() !== expected.join() && Date.now() < latest)
          await pool.query('select pg_sleep(0.05)');
        t.strictSame(await given(), expected);
      };
      t.strictSame(await given(), []);
      await staff(db, { advisers: { C1: { stores: ['S3'], openCap: 7 }, C2: { stores: ['S3', 'S2'], dailyCap: 5 } } });
      await until(['C1 7', 'C2 5']);
      processes[1]?.child.kill('SIGKILL');
      await processes[1]?.exit;
      await staff(db, { advisers: { C1: { stores: ['S3'], openCap: 30 } } });
      const claims = await Promise.all(ids.map((id) => post(0, `/v1/leads/${id}/claim`, { adviser: 'C1' })));
      t.ok(claims.every(({ status }) => status === 200 || status === 409));
      await until(['C1 30', 'C2 5']);
      const told = await rowsOf(
        `select count(*)::integer as n, count(distinct lead_id)::integer as leads from event
        where type = 'lead.assigned' and data->>'owner' in ('C1', 'C2')`,
      );
      t.strictSame(told, [{ n: 35, leads: 35 }], 'each told once');
    },
  );
});
