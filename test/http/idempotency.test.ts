import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { fastify } from 'fastify';
import { sql } from 'kysely';
import t, { type Test } from 'tap';
import { request } from 'undici';
import { KEY_SCOPES } from '../../src/domain/key.ts';
import { createKey } from '../../src/flows/keys.ts';
import { newId } from '../../src/flows/new-id.ts';
import { authenticate } from '../../src/http/authenticate.ts';
import { idempotent } from '../../src/http/idempotency.ts';
import { readJsonBodies } from '../../src/http/json-body.ts';
import { problem } from '../../src/http/problem.ts';
import { answerProblems } from '../../src/http/problem-handler.ts';
import { createSealer } from '../../src/sealer.ts';
import { createDb, type Tx } from '../../src/store/database.ts';
import { findKeyByHash } from '../../src/store/keys.ts';
import { createVault } from '../../src/vault.ts';
import { testDatabase } from '../helpers/database.ts';

/** A service of one route that writes a row of the audit each time it runs. */
async function start(t: Test) {
  const { pool } = await testDatabase(t);
  const db = createDb(pool);
  const vault = createVault(createSealer(randomBytes(32), [], randomBytes(12)), randomBytes(32), 'raw');
  const time = { now: Date.now() };
  const clock = () => time.now;
  const hooks: { during: (tx: Tx, run: number) => Promise<void> } = { during: async () => {} };
  let runs = 0;
  const app = fastify();
  answerProblems(app);
  readJsonBodies(app, { jsonMaxDepth: 8, jsonMaxKeys: 100 });
  authenticate(app, { findKey: (hash) => findKeyByHash(db, hash), keyCacheSeconds: 60, rateLimitPerMinute: 0, clock });
  app.post('/v1/act', { config: { scope: 'ops', idempotent: true } }, (request, reply) =>
    idempotent({ db, vault, clock }, request, reply, async (tx) => {
      runs++;
      const row = {
        id: newId(clock(), randomBytes),
        at: new Date(clock()),
        actor: 'x',
        action: 'act',
        subject_kind: 'x',
        detail: '{}',
      };
      await tx.insertInto('audit').values(row).execute();
      await hooks.during(tx, runs);
      return {
        status: 201,
        body: { run: runs, phone: '13800138000' },
        headers: { etag: `"${runs}"` },
        customerId: 'c-1',
      };
    }),
  );
  await app.listen({ port: 0, host: '127.0.0.1' });
  t.teardown(() => app.close());
  const act = {
    actor: 'test',
    at: clock(),
    requestId: null,
    newId: () => newId(clock(), randomBytes),
    chance: randomBytes,
  };
  const makeKey = async (name: string, sourceId?: string) =>
    createKey(db, act, { name, scopes: KEY_SCOPES, ...(sourceId === undefined ? {} : { sourceId }) });
  const { secret, key } = await makeKey('first');
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/v1/act`;
  const post = async (idempotencyKey: string | null, body: object = {}, bearer = secret, query = '') => {
    const headers = {
      authorization: `Bearer ${bearer}`,
      'content-type': 'application/json',
      ...(idempotencyKey === null ? {} : { 'idempotency-key': idempotencyKey }),
    };
    const answer = await request(`${url}${query}`, { method: 'POST', headers, body: JSON.stringify(body) });
    const read = (await answer.body.json()) as { run?: number; code?: string };
    const replayed = answer.headers['idempotency-replayed'];
    return { status: answer.statusCode, run: read.run, code: read.code, replayed, etag: answer.headers['etag'] };
  };
  const written = async () =>
    Number(
      (
        await db
          .selectFrom('audit')
          .select(sql<string>`count(*)`.as('n'))
          .where('action', '=', 'act')
          .executeTakeFirstOrThrow()
      ).n,
    );
  return { db, time, hooks, post, makeKey, written, sourceId: key.sourceId };
}

t.test('the same request again gets the kept answer, and changes nothing', async (t) => {
  const { post, written } = await start(t);
  t.match(await post('k1', { a: 1, b: 2 }), { status: 201, run: 1, replayed: undefined });
  t.match(
    await post('k1', { b: 2, a: 1 }),
    { status: 201, run: 1, replayed: 'true', etag: '"1"' },
    'order of keys is none',
  );
  t.equal(await written(), 1);
  t.match(await post('k2', { a: 1, b: 2 }), { run: 2 }, 'another key is another request');
  t.match(await post(null), { run: 3, replayed: undefined });
  t.match(await post(null), { run: 4 });
});

t.test('another request under the same key is a conflict', async (t) => {
  const { post, written, makeKey, sourceId } = await start(t);
  await post('k1', { a: 1 });
  t.match(await post('k1', { a: 2 }), { status: 422, code: 'idempotency_conflict' });
  t.match(await post('k1', { a: 1 }, undefined, '?x=1'), { status: 422, code: 'idempotency_conflict' });
  const sibling = (await makeKey('second', sourceId)).secret;
  t.match(
    await post('k1', { a: 1 }, sibling),
    { status: 422 },
    'a key of the same source does not read the answer of another',
  );
  const stranger = (await makeKey('third')).secret;
  t.match(await post('k1', { a: 1 }, stranger), { status: 201, run: 2 }, 'another source has keys of its own');
  t.equal(await written(), 2);
});

t.test('a key that a submission has used is a conflict', async (t) => {
  const { post, db, sourceId, time } = await start(t);
  await db
    .insertInto('receipt')
    .values({
      source_id: sourceId,
      kind: 'request',
      key: 'k1',
      submission_id: newId(time.now, randomBytes),
      fingerprints: ['1:x'],
      created_at: new Date(time.now),
      expires_at: null,
    })
    .execute();
  t.match(await post('k1'), { status: 422, code: 'idempotency_conflict' });
});

t.test('ten at once: one runs, nine wait and get its answer', async (t) => {
  const { post, written } = await start(t);
  const answers = await Promise.all(Array.from({ length: 10 }, () => post('k1', { a: 1 })));
  t.strictSame(new Set(answers.map(({ status, run }) => `${status} ${run}`)), new Set(['201 1']));
  t.equal(answers.filter(({ replayed }) => replayed === 'true').length, 9);
  t.equal(await written(), 1);
});

t.test('what fails is rolled back, and the key is free', async (t) => {
  const { post, hooks, written } = await start(t);
  hooks.during = async () => {
    throw problem('state_conflict');
  };
  t.match(await post('k1'), { status: 409, code: 'state_conflict' });
  hooks.during = async () => {
    throw new Error('unforeseen');
  };
  t.match(await post('k1'), { status: 500, code: 'internal' });
  t.equal(await written(), 0);
  hooks.during = async () => {};
  t.match(await post('k1'), { status: 201, replayed: undefined });
  t.equal(await written(), 1);
});

t.test('a lost deadlock is tried again, three times in all', async (t) => {
  const { post, hooks, written } = await start(t);
  hooks.during = async (tx, run) => {
    if (run < 3) await sql`do $$ begin raise exception 'lost' using errcode = '40P01'; end $$`.execute(tx);
  };
  t.match(await post('k1'), { status: 201, run: 3 });
  t.equal(await written(), 1);
  hooks.during = async (tx) => {
    await sql`do $$ begin raise exception 'lost' using errcode = '40001'; end $$`.execute(tx);
  };
  t.match(await post('k2'), { status: 503, code: 'database_unavailable' });
  t.equal(await written(), 1);
});

t.test('a key is remembered for 90 days', async (t) => {
  const { post, time } = await start(t);
  await post('k1');
  time.now += 90 * 86_400_000 - 1;
  t.match(await post('k1'), { run: 1, replayed: 'true' });
  time.now += 1;
  t.match(await post('k1', { other: true }), { status: 201, run: 2, replayed: undefined });
  t.match(await post('k1', { other: true }), { run: 2, replayed: 'true' });
});

t.test('a kept answer is encrypted and names whom it is about', async (t) => {
  const { post, db } = await start(t);
  await post('k1');
  const { answer } = await db.selectFrom('receipt').select('answer').where('key', '=', 'k1').executeTakeFirstOrThrow();
  t.match(answer, { status: 201, customer_id: 'c-1', sealed: String });
  t.notMatch(JSON.stringify(answer), /138001/);
});
