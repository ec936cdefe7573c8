import { sql } from 'kysely';
import pg from 'pg';
import t from 'tap';
import { isDatabaseUnavailable } from '../../src/http/database-fault.ts';
import { problemOf } from '../../src/http/problem-handler.ts';
import { letWork } from '../../src/store/let-work.ts';
import { startService } from '../helpers/service.ts';

const state = (code: string) => Object.assign(new Error('x'), { code, severity: 'ERROR' });
const system = (code: string, syscall: string) => Object.assign(new Error('x'), { code, syscall });

t.test('states under which the same call may succeed soon', async (t) => {
  for (const code of ['08006', '40001', '40P01', '53300', '53100', '57P01', '57P03', '57014', '25006', '55P03']) {
    t.ok(isDatabaseUnavailable(state(code)), code);
  }
  for (const code of ['23505', '22P02', '42P01', '28P01', '57000']) t.notOk(isDatabaseUnavailable(state(code)), code);
});

t.test('a connection that fails, and not a file that is missing', async (t) => {
  t.ok(isDatabaseUnavailable(system('ECONNREFUSED', 'connect')));
  t.ok(isDatabaseUnavailable(system('ENOENT', 'connect')), 'a socket file that is gone');
  t.notOk(isDatabaseUnavailable(system('ENOENT', 'open')));
  t.notOk(isDatabaseUnavailable(new Error('whatever')));
  t.notOk(isDatabaseUnavailable('ECONNREFUSED'));
});

t.test('a statement of the pool that works or waits too long is answered 503, to be tried again', async (t) => {
  const { db } = await startService(t);
  const shown = async (name: string) =>
    (await sql<{ value: string }>`select current_setting(${name}) as value`.execute(db)).rows[0]?.value;
  t.equal(await shown('statement_timeout'), '15s');
  t.equal(await shown('lock_timeout'), '10s');
  t.equal(await shown('idle_in_transaction_session_timeout'), '30s');
  await db.transaction().execute(async (tx) => {
    await letWork(tx);
    const { rows } =
      await sql`select current_setting('statement_timeout') as s, current_setting('lock_timeout') as l`.execute(tx);
    t.strictSame(rows, [{ s: '10min', l: '10s' }], 'what takes longer says so');
  });
  // The same faults as after 15 s and 10 s, without the wait.
  for (const [setting, code] of Object.entries({ statement_timeout: '57014', lock_timeout: '55P03' })) {
    const faults: unknown[] = [];
    await db.transaction().execute(async (tx) => {
      await sql`lock table policy in access exclusive mode`.execute(tx);
      const waiting = db.transaction().execute(async (other) => {
        await sql`select set_config(${setting}, '100ms', true)`.execute(other);
        await sql`select from policy`.execute(other);
      });
      await waiting.catch((fault) => faults.push(fault));
    });
    t.match(faults, [{ code }]);
    const { code: answered } = problemOf(faults[0]);
    t.equal(answered, 'database_unavailable');
  }
});

t.test('a database that is gone for good: what the real driver says is understood', async (t) => {
  const { databaseUrl, call, makeKey } = await startService(t, { limits: { keyCacheSeconds: 0 } });
  const { secret } = await makeKey({});
  const at = new URL(databaseUrl);
  const name = at.pathname.slice(1);
  at.pathname = '/postgres';
  const admin = new pg.Client({ connectionString: at.href });
  await admin.connect();
  t.teardown(() => admin.end());
  await admin.query(`alter database ${name} allow_connections false`);
  await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
  for (let i = 0; i < 3; i++) {
    const answer = await call('POST', '/v1/leads', { key: secret, body: {} });
    t.equal(answer.status, 503, 'the first finds a broken connection, the others get none');
    t.equal(answer.body.code, 'database_unavailable');
    t.equal(answer.headers['retry-after'], '2');
  }
  const ready = await call('GET', '/health/ready', { key: null });
  t.match(
    ready,
    { status: 200, body: { status: 'spooling', reasons: [{ code: 'database' }] } },
    'for pushes, which are kept',
  );
  t.equal((await call('GET', '/health/live', { key: null })).status, 200, 'the process itself is well');
  await admin.query(`alter database ${name} allow_connections true`);
  t.equal((await call('POST', '/v1/leads', { key: secret, body: {} })).status, 422, 'and it comes back by itself');
});
