import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { SETTINGS } from '../../src/settings.ts';
import { createDb } from '../../src/store/database.ts';
import { listPartitions } from '../../src/store/partitions.ts';
import { emptyDatabase, testDatabase } from '../helpers/database.ts';
import { type Ran, runClew } from '../helpers/io.ts';

t.setTimeout(240_000); // seconds are plenty on an idle machine; this one may not be

const newKey = () => randomBytes(32).toString('base64');
const ADMIN = `clew_${'a'.repeat(43)}`;

async function serve(t: Test, env: Readonly<Record<string, string>>): Promise<Ran & { readonly url: string }> {
  const ran = await runClew([], { PORT: '0', ...env });
  t.teardown(() => ran.stop({}));
  const url = /takes leads at (\S+)/.exec(ran.err)?.[1] ?? '';
  return Object.assign(ran, { url });
}

t.test('from an empty database it migrates, makes partitions and keys, listens, and says where', async (t) => {
  const { url: databaseUrl, pool } = await emptyDatabase(t);
  const ran = await serve(t, { DATABASE_URL: databaseUrl, CLEW_SECRET_KEY: newKey(), CLEW_ADMIN_KEY: ADMIN });
  t.equal(ran.exit, 'serving', ran.err);
  t.match(ran.err, `${ran.url}/docs`);
  t.match(ran.err, '$CLEW_ADMIN_KEY');
  t.notMatch(ran.err + JSON.stringify(ran.log), ADMIN, 'a key that the operator chose is not printed');
  t.equal((await listPartitions(createDb(pool), 'event')).length, 3);
  const body = JSON.stringify({ channel: 'douyin', person: { phone: '13800138000', name: '张三' } });
  const headers = { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' };
  const post = async (query = '') =>
    (await fetch(`${ran.url}/v1/leads${query}`, { method: 'POST', headers, body })).json();
  t.match(await post('?dry_run=true'), { decision: 'created', lead_id: null });
  t.match(await post(), { decision: 'created', lead_id: /^[0-9a-f-]{36}$/ });
  t.equal((await fetch(`${ran.url}/health/ready`)).status, 200);
  t.match(await (await fetch(`${ran.url}/metrics`, { headers })).text(), /^clew_capture_waiting 0$/m);
  t.match(
    ran.log.find((line) => line['msg'] === 'batch.ingested'),
    { size: 1, decisions: { created: 1 } },
  );
  t.notMatch(JSON.stringify(ran.log), /13800138000|张三/);
  await ran.stop({ signal: 'SIGTERM' });
  t.match(ran.log.slice(-2), [{ msg: 'service.stopping', signal: 'SIGTERM' }, { msg: 'service.stopped' }]);
  t.notOk(ran.log.some((line) => line['msg'] === 'service.release_failed'));
  await t.rejects(fetch(`${ran.url}/health/live`));
  const lanes = `select from pg_stat_activity where datname = current_database() and application_name = 'clew-ingest'`;
  let left = 1;
  // A backend leaves the list a moment after its connection has ended.
  for (let look = 0; look < 2000 && left > 0; look += 1) left = (await pool.query(lanes)).rowCount ?? 0;
  t.equal(left, 0, 'the connections of the way in are closed');
});

t.test('several that start at once on an empty database all serve, under one identity key', async (t) => {
  const { url: databaseUrl, pool } = await emptyDatabase(t);
  const env = { DATABASE_URL: databaseUrl, CLEW_SECRET_KEY: newKey(), CLEW_ADMIN_KEY: ADMIN, CLEW_DB_POOL_MAX: '2' };
  const all = await Promise.all(Array.from({ length: 6 }, () => serve(t, env)));
  t.strictSame(new Set(all.map((ran) => ran.exit)), new Set(['serving']), all.map((ran) => ran.err).join(''));
  t.strictSame((await pool.query('select key from deployment order by key')).rows, [
    { key: 'at_rest' },
    { key: 'identity_key' },
  ]);
  t.equal((await pool.query('select from api_key')).rowCount, 1);
});

t.test('readiness turns red when the schema no longer fits', async (t) => {
  const { url: databaseUrl, pool } = await testDatabase(t);
  const ran = await serve(t, { DATABASE_URL: databaseUrl, CLEW_SECRET_KEY: newKey() });
  t.match(ran.err, 'clew keys create', 'without an admin key it says how to make one');
  await pool.query(`insert into migration values (9999, '9999_later', '', 9999, now())`);
  const ready = await fetch(`${ran.url}/health/ready`);
  t.equal(ready.status, 503);
  t.match(await ready.json(), { reasons: [{ code: 'schema', detail: /9999_later/ }] });
  const another = await serve(t, { DATABASE_URL: databaseUrl, CLEW_SECRET_KEY: newKey() });
  t.match(another, { exit: 1, err: /^clew: the database has migration 9999_later, .*: run a newer clew\n$/ });
});

t.test('the secret key of the first start is needed at every other, or it can be replaced', async (t) => {
  const { url: DATABASE_URL, pool } = await testDatabase(t);
  const [first, second, third] = [newKey(), newKey(), newKey()];
  t.equal((await serve(t, { DATABASE_URL, CLEW_SECRET_KEY: first })).exit, 'serving');
  const wrong = await serve(t, { DATABASE_URL, CLEW_SECRET_KEY: second });
  t.match(wrong, { exit: 2, err: /^clew: this database was set up with another secret key: [^\n]+\n$/ });
  t.equal((await serve(t, { DATABASE_URL, CLEW_SECRET_KEY: second, CLEW_SECRET_KEY_PREVIOUS: first })).exit, 'serving');
  t.equal(
    (await serve(t, { DATABASE_URL, CLEW_SECRET_KEY: second })).exit,
    'serving',
    'what the deployment keeps was sealed anew',
  );
  t.match(await serve(t, { DATABASE_URL, CLEW_SECRET_KEY: third, CLEW_SECRET_KEY_PREVIOUS: first }), { exit: 2 });
  const { rows } = await pool.query(`select value from deployment where key = 'identity_key'`);
  for (const secret of [first, second]) t.notMatch(rows[0].value, secret);
});

t.test('what is encrypted at rest is fixed at the first start', async (t) => {
  const { url: DATABASE_URL } = await testDatabase(t);
  const env = { DATABASE_URL, CLEW_SECRET_KEY: newKey() };
  t.equal((await serve(t, { ...env, CLEW_AT_REST: 'all' })).exit, 'serving');
  t.equal((await serve(t, env)).exit, 'serving', 'unset is whatever was fixed');
  t.match(await serve(t, { ...env, CLEW_AT_REST: 'none' }), {
    exit: 2,
    err: /^clew: CLEW_AT_REST is none, but this database was set up with all, [^\n]+\n$/,
  });
});

t.test('what keeps it from starting is told in a sentence, and nothing is left open', async (t) => {
  const { url: DATABASE_URL, pool } = await testDatabase(t);
  const env = { DATABASE_URL, CLEW_SECRET_KEY: newKey() };
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  t.teardown(() => taken.close());
  const { port } = taken.address() as { port: number };
  t.match(await serve(t, { ...env, PORT: String(port) }), {
    exit: 1,
    err: `clew: port ${port} of 127.0.0.1 is taken: `,
  });
  t.match(await serve(t, { ...env, HOST: '203.0.113.7' }), {
    exit: 1,
    err: /^clew: cannot listen on port 0 of 203\.0\.113\.7/,
  });
  const away = await serve(t, { ...env, DATABASE_URL: 'postgres://me:geheim@127.0.0.1:1/clew' });
  t.match(away, {
    exit: 1,
    err: /^clew: the database at 127\.0\.0\.1:1\/clew cannot be used \([^\n]*ECONNREFUSED[^\n]*\): [^\n]+\n$/,
  });
  t.notMatch(away.err, 'geheim');
  const nobody = new URL(DATABASE_URL);
  nobody.pathname = '/no_such_database';
  t.match(await serve(t, { ...env, DATABASE_URL: nobody.href }), {
    exit: 1,
    err: /"no_such_database" does not exist\): start it/,
  });
  const { rows } = await pool.query(
    `select count(*) as n from pg_stat_activity where datname = current_database() and application_name like 'clew%' and pid <> pg_backend_pid()`,
  );
  t.ok(rows[0].n <= pool.totalCount, `${rows[0].n} connections are open`);
});

t.test('its help lists every setting', async (t) => {
  const { out } = await runClew(['serve', '--help'], {});
  for (const { env } of Object.values(SETTINGS.properties) as unknown as { env: string }[]) t.match(out, env);
});

t.test('a folder in which no push can be kept is told at the start, and needs none where none is kept', async (t) => {
  const { url: DATABASE_URL } = await testDatabase(t);
  const CLEW_DATA_DIR = join(t.testdir({ taken: 'a file' }), 'taken');
  const env = { DATABASE_URL, CLEW_SECRET_KEY: newKey(), CLEW_DATA_DIR };
  t.match(await serve(t, env), {
    exit: 1,
    err: /^clew: pushes cannot be kept under \S+taken \(ENOTDIR\) while the database is away: set CLEW_DATA_DIR [^\n]+\n$/,
  });
  t.equal((await serve(t, { ...env, CLEW_SPOOL_MAX_BYTES: '0' })).exit, 'serving');
});
