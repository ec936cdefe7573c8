import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { type RunningClew, startClew } from './helpers/clew.ts';
import { testDatabase } from './helpers/database.ts';
import { runClew } from './helpers/io.ts';
import { ROOT } from './helpers/root.ts';

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

t.test('told to stop, twice at once as by npm, it takes no more, finishes what is under way and exits 0', async (t) => {
  const { clew, url } = await serve(t);
  const open = await halfSent(url);
  clew.child.kill('SIGINT');
  clew.child.kill('SIGTERM');
  await stopping(clew);
  await t.rejects(fetch(`${url}/health/live`), 'a new connection is refused');
  t.equal(await open.finish(), 201);
  t.equal(await clew.exit, 0);
  t.match(clew.stdout(), /service\.stopped/);
});

t.test('a second signal some time after the first ends it at once, exit 1', async (t) => {
  const { clew, url } = await serve(t);
  await halfSent(url);
  const pressing = setInterval(() => clew.child.kill('SIGINT'), 100);
  t.equal(await clew.exit, 1);
  clearInterval(pressing);
  t.match(clew.stderr(), /second SIGINT: stopping at once\n$/);
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
  const version = JSON.parse(await readFile(new URL('package.json', ROOT), 'utf8')).version;
  const told = startClew(t, ['--version'], {});
  t.equal(await told.exit, 0);
  t.equal(told.stdout(), `${version}\n`);
  const wrong = startClew(t, ['serve'], { PORT: 'x' });
  t.equal(await wrong.exit, 2);
  t.match(wrong.stderr(), /^clew: the configuration is not usable:\n {2}PORT must be [^\n]+\n$/);
});

t.test('without a database it brings its own, and everything it prints works', async (t) => {
  const CLEW_DATA_DIR = join(t.testdir({}), 'data');
  const env = { CLEW_DATA_DIR, PORT: '0' };
  const before = await runClew(['keys', 'create', '--name', 'early', '--scopes', 'ops'], env);
  t.match(before, { exit: 0, err: '' }, 'a short command starts it where nobody serves');
  const clew = startClew(t, [], env);
  const [, key = ''] = await clew.said('stderr', /admin key {2}(clew_[A-Za-z0-9_-]{43})\n/);
  const [, url = '', bearer = '', body = ''] = await clew.said(
    'stderr',
    /curl -s (http:\S+) -H "authorization: (Bearer clew_\S+)" -H "content-type: application\/json" -d '(.*)'\n/,
  );
  t.equal(bearer, `Bearer ${key}`);
  const headers = { authorization: bearer, 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', body, headers });
  t.equal(answer.status, 201);
  t.match(await answer.json(), { decision: 'created' });
  t.equal((await fetch(new URL('/docs', url))).status, 200);
  for (const name of ['secret.key', 'admin.key']) {
    t.equal((await stat(join(CLEW_DATA_DIR, name))).mode & 0o777, 0o600, name);
  }
  t.notMatch(clew.stdout(), key, 'the key is not in the log');

  t.match(await runClew([], env), { exit: 1, err: /^clew: Another clew is running on [^\n]+\n$/ });
  const keys = await runClew(['keys', 'list', '--json'], env);
  t.equal(keys.exit, 0, 'a short command shares the database of the one that serves');
  t.match(JSON.parse(keys.out), [{ name: 'admin', prefix: key.slice(0, 11) }, { name: 'early' }]);
  clew.child.kill('SIGTERM');
  t.equal(await clew.exit, 0);

  const again = startClew(t, [], env);
  await again.said('stderr', new RegExp(`admin key  ${key}[\\s\\S]*curl`));
  const [pid = ''] = (await readFile(join(CLEW_DATA_DIR, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');
  process.kill(Number(pid), 'SIGQUIT');
  t.equal(await again.exit, 1, 'when its PostgreSQL ends, so does the service');
  t.match(again.stdout(), /"level":60,[^\n]*the own PostgreSQL has ended[^\n]*service\.failed/);
});
