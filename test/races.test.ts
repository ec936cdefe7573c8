import t from 'tap';
import { testDatabase } from './helpers/database.ts';
import { tally } from './helpers/staffed.ts';
import { startTwo } from './helpers/two-processes.ts';

const CHANNELS = ['douyin', 'xhs', 'search', 'event', 'shop'];

t.setTimeout(180_000);
t.test('races over two processes', async (t) => {
  const { url, pool } = await testDatabase(t);
  const { post } = await startTwo(t, url);
  const count = async (text: string, values: readonly unknown[]): Promise<number> =>
    (await pool.query(text, [...values])).rows[0].n;

  await t.test('scenario 17: a hundred first submissions of one person at once', async (t) => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        post(i, '/v1/leads', {
          external_id: `r17-${i}`,
          channel: CHANNELS[i % 5],
          person: { phone: '13800138017', name: `客户${i}` },
        }),
      ),
    );
    t.strictSame(tally(answers.map((answer) => `${answer.status} ${answer.body.decision}`)), {
      '201 created': 1,
      '200 merged': 99,
    });
    t.equal(new Set(answers.map((answer) => answer.body.lead_id)).size, 1, 'one lead');
    t.equal(new Set(answers.map((answer) => answer.body.customer_id)).size, 1, 'one customer');
    const [lead] = answers.map((answer) => answer.body.lead_id);
    t.equal(await count('select touch_count as n from lead where id = $1', [lead]), 100);
    t.equal(await count('select count(*)::integer as n from touch where lead_id = $1', [lead]), 100);
    const told =
      "select count(*)::integer as n from event where lead_id = $1 and type in ('lead.created', 'lead.touched')";
    t.equal(await count(told, [lead]), 100);
    // Each channel came, so that it was rated anew once.
    t.equal(await count('select count(distinct sequence)::integer as n from event where lead_id = $1', [lead]), 101);
    t.equal(
      await count('select max(sequence) as n from event where lead_id = $1', [lead]),
      101,
      'the sequence has no gap',
    );
  });

  await t.test('a hundred people by phone and WeChat at once, in opposite orders', async (t) => {
    const person = (i: number) => ({
      phone: `138001382${String(i % 10).padStart(2, '0')}`,
      wechat: `wx_race_${i % 7}`,
    });
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => {
        const items = Array.from({ length: 10 }, (_, k) => ({
          channel: 'event',
          external_id: `mix-${i}-${k}`,
          person: { ...person(i % 2 === 0 ? k : 9 - k), name: `n${i}-${k}` },
        }));
        return post(i, '/v1/leads/batch', { items });
      }),
    );
    t.ok(answers.every((answer) => answer.status === 200));
    const decisions = tally(
      answers.flatMap((answer) => answer.body.items.map((one: { decision: string }) => one.decision)),
    );
    t.strictSame(decisions, { created: 10, merged: 390 }, 'ten people, ten leads');
  });

  await t.test('scenario 35: ten wake-ups of a dormant lead at once', async (t) => {
    const first = await post(0, '/v1/leads', {
      channel: 'douyin',
      store: 'S1',
      owner: 'A1',
      person: { phone: '13800138035' },
    });
    const lead = first.body.lead_id;
    t.equal((await post(0, `/v1/leads/${lead}/state`, { state: 'dormant' })).status, 200);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        post(i, '/v1/leads', {
          external_id: `r35-${i}`,
          channel: 'xhs',
          store: i % 2 === 0 ? 'S1' : 'S2',
          person: { phone: '13800138035', name: `客户${i}` },
        }),
      ),
    );
    t.strictSame(tally(answers.map((answer) => answer.body.decision)), { reactivated: 1, merged: 9 });
    t.equal(await count('select cycle as n from lead where id = $1', [lead]), 2, 'one new cycle');
    t.equal(await count('select count(*)::integer as n from lead where customer_id = $1', [first.body.customer_id]), 1);
  });

  await t.test('single requests and a batch of the same people at once', async (t) => {
    const phone = (i: number) => `1380013${String(9000 + i)}`;
    const items = Array.from({ length: 50 }, (_, i) => ({
      channel: 'event',
      person: { phone: phone(i), name: '名单' },
    }));
    const [batch, ...singles] = await Promise.all([
      post(0, '/v1/leads/batch', { items }),
      ...items.map((_, i) => post(1, '/v1/leads', { channel: 'douyin', person: { phone: phone(i), name: '表单' } })),
    ]);
    t.equal(batch?.status, 200);
    for (const [i, single] of singles.entries()) {
      const pair = [single.body.decision, batch?.body.items[i].decision].sort();
      t.strictSame(pair, ['created', 'merged'], `person ${i}: one lead, whichever wins`);
      t.equal(single.body.lead_id, batch?.body.items[i].lead_id);
    }
  });

  await t.test('one key with two contents at once', async (t) => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        post(i, '/v1/leads', {
          external_id: 'one-key',
          channel: 'douyin',
          person: { phone: `1390013${String(8000 + (i % 2))}` },
        }),
      ),
    );
    const decisions = tally(answers.map((answer) => answer.body.decision));
    t.strictSame(decisions, { created: 1, replayed: 9, conflict: 10 }, 'one lead; the other content is a conflict');
    t.ok(answers.every((answer) => answer.status < 500));
  });
});
