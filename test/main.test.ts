import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { type RunningClew, startClew } from './helpers/clew.ts';
import { testDatabase } from './helpers/database.ts';

t.setTimeout(240_000); // seconds are plenty on an idle machine; this one may not be
t.jobs = 1; // each test is processes of its own: two cores have enough with one at a time

const ADMIN = `clew_${'a'.repeat(43)}`;
const LEAD = JSON.stringify({ channel: 'douyin', person: { phone: '13800138000', name: '张三' } });

async function serve(t: Test, more: Readonly<Record<string, string>> = {}) {
  const { url: DATABASE_URL } = await testDatabase(t);
  const CLEW_SECRET_KEY = randomBytes(32).toString('base64');
  const env = { DATABASE_URL, CLEW_SECRET_KEY, CLEW_ADMIN_KEY: ADMIN, PORT: '0', ...more };
  const clew = startClew(t, [], env);
  const [, url = ''] = await clew.said('stderr', /takes leads at (\S+)\n[\s\S]*curl/);
  return { clew, url, env };
}

/** A request whose head has reached the service and whose body has not; `finish` sends it and answers the status. */
async function halfSent(url: string): Promise<{ readonly finish: () => Promise<number | undefined> }> {
  const headers = { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json', expect: '100-continue' };
  const sent = request(`${url}/v1/leads`, {
    method: 'POST',
    headers: { ...headers, 'content-length': Buffer.byteLength(LEAD) },
  });
  sent.on('error', () => undefined); // in one test the service ends without an answer
  sent.flushHeaders();
  await once(sent, 'continue');
  return {
    finish: async () => {
      sent.end(LEAD);
      const [response] = await once(sent, 'response');
      response.resume();
      return response.statusCode;
    },
  };
}

function stopping(clew: RunningClew): Promise<RegExpExecArray> {
  return clew.said('stdout', /service\.stopping/);
}

t.test('on SIGTERM it takes no more, finishes what is under way and exits 0', async (t) => {
  const { clew, url } = await serve(t);
  const open = await halfSent(url);
  clew.child.kill('SIGTERM');
  await stopping(clew);
  await t.rejects(fetch(`${url}/health/live`), 'a new connection is refused');
  t.equal(await open.finish(), 201);
  t.equal(await clew.exit, 0);
  t.match(clew.stdout(), /service\.stopped/);
});

t.test('Ctrl-C under npm, which arrives twice at once, still drains; a later second one ends it at once', async (t) => {
  const { clew, url } = await serve(t);
  const open = await halfSent(url);
  clew.child.kill('SIGINT');
  clew.child.kill('SIGTERM');
  await stopping(clew);
  t.equal(await open.finish(), 201);
  t.equal(await clew.exit, 0);

  const again = await serve(t);
  await halfSent(again.url);
  const pressing = setInterval(() => again.clew.child.kill('SIGINT'), 100);
  t.equal(await again.clew.exit, 1);
  clearInterval(pressing);
  t.match(again.clew.stderr(), /second SIGINT: stopping at once\n$/);
});

t.test('what does not end within CLEW_DRAIN_SECONDS is cut off, exit 1', async (t) => {
  const { clew, url } = await serve(t, { CLEW_DRAIN_SECONDS: '1' });
  await halfSent(url);
  clew.child.kill('SIGTERM');
  t.equal(await clew.exit, 1);
  t.match(clew.stderr(), /not everything ended within 1 s: stopping at once\n$/);
});

t.test('a signal during the start ends it, exit 0', async (t) => {
  const { url: DATABASE_URL, pool } = await testDatabase(t);
  const blocker = await pool.connect();
  await blocker.query('begin');
  await blocker.query('lock table deployment in access exclusive mode');
  const clew = startClew(t, [], { DATABASE_URL, CLEW_SECRET_KEY: randomBytes(32).toString('hex'), PORT: '0' });
  await clew.said('stdout', /partitions\.made/);
  clew.child.kill('SIGTERM');
  await stopping(clew);
  await blocker.query('commit');
  blocker.release();
  t.equal(await clew.exit, 0);
  t.equal(clew.stderr(), '');
  t.notMatch(clew.stdout(), /service\.started/);
});

t.test('exit codes and sentences reach the shell', async (t) => {
  const version = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')).version;
  const told = startClew(t, ['--version'], {});
  t.equal(await told.exit, 0);
  t.equal(told.stdout(), `${version}\n`);
  const wrong = startClew(t, ['serve'], { PORT: 'x' });
  t.equal(await wrong.exit, 2);
  t.match(wrong.stderr(), /^clew: the configuration is not usable:\n {2}PORT must be [^\n]+\n$/);
  const away = { DATABASE_URL: 'postgres://127.0.0.1:1/clew', CLEW_SECRET_KEY: randomBytes(32).toString('hex') };
  const failed = startClew(t, ['serve'], away);
  t.equal(await failed.exit, 1);
  t.match(failed.stderr(), /^clew: the database at 127\.0\.0\.1:1\/clew cannot be used [^\n]+\n$/);
});

t.test('without a database it brings its own, and everything it prints works', async (t) => {
  const CLEW_DATA_DIR = join(t.testdir({}), 'data');
  const env = { CLEW_DATA_DIR, PORT: '0' };
  const clew = startClew(t, [], env);
  const [, key = ''] = await clew.said('stderr', /admin key {2}(clew_[A-Za-z0-9_-]{43})\n/);
  const [, url = '', bearer = '', body = ''] = await clew.said(
    'stderr',
    /curl -s (http:\S+) -H "authorization: (Bearer clew_\S+)" -H "content-type: application\/json" -d '(.*)'\n/,
  );
  t.equal(bearer, `Bearer ${key}`);
  const answer = await fetch(url, {
    method: 'POST',
    body,
    headers: { authorization: bearer, 'content-type': 'application/json' },
  });
  t.equal(answer.status, 201);
  t.match(await answer.json(), { decision: 'created' });
  t.equal((await fetch(new URL('/docs', url))).status, 200);
  for (const name of ['secret.key', 'admin.key'])
    t.equal((await stat(join(CLEW_DATA_DIR, name))).mode & 0o777, 0o600, name);
  t.notMatch(clew.stdout(), key, 'the key is not in the log');

  const second = startClew(t, [], env);
  t.equal(await second.exit, 1);
  t.match(second.stderr(), /^clew: Another clew is running on [^\n]+\n$/);
  const keys = startClew(t, ['keys', 'list', '--json'], env);
  t.equal(await keys.exit, 0, 'a short command shares the database of the one that serves');
  t.match(JSON.parse(keys.stdout()), [{ name: 'admin', prefix: key.slice(0, 11) }]);

  clew.child.kill('SIGTERM');
  t.equal(await clew.exit, 0);
  const after = startClew(t, ['keys', 'list', '--json'], env);
  t.equal(await after.exit, 0, 'and starts its own when none serves');
  t.match(JSON.parse(after.stdout()), [{ name: 'admin', prefix: key.slice(0, 11) }]);
});

t.test('when its own PostgreSQL ends, so does the service, exit 1', async (t) => {
  const CLEW_DATA_DIR = join(t.testdir({}), 'data');
  const clew = startClew(t, [], { CLEW_DATA_DIR, PORT: '0' });
  await clew.said('stderr', /curl -s/);
  const [pid = ''] = (await readFile(join(CLEW_DATA_DIR, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
  process.kill(Number(pid), 'SIGQUIT');
  t.equal(await clew.exit, 1);
  t.match(clew.stdout(), /"level":60,[^\n]*the own PostgreSQL has ended[^\n]*service\.failed/);
});
