import { createHmac, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { type RunningClew, startClew } from './helpers/clew.ts';
import { testDatabase } from './helpers/database.ts';
import { type DatabaseProxy, startProxy } from './helpers/proxy.ts';

t.setTimeout(240_000); // processes from source, on a machine that may be busy
t.jobs = 1;

const ADMIN = `clew_${'a'.repeat(43)}`;
const SECRET = 'a-secret-of-tests';
const ACK_MS = 800;

interface Stage {
  readonly clew: RunningClew;
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
}

async function serve(t: Test, env: Readonly<Record<string, string>>): Promise<Stage> {
  const clew = startClew(t, [], env);
  const [, url = ''] = await clew.said('stderr', /takes leads at (\S+)\n/);
  return { clew, url, env };
}

async function stage(t: Test) {
  const { url: databaseUrl, pool } = await testDatabase(t);
  const proxy = await startProxy(t, databaseUrl);
  const data = await mkdtemp(join(tmpdir(), 'clew-spool-'));
  t.teardown(() => rm(data, { recursive: true, force: true }));
  const env = {
    DATABASE_URL: proxy.url,
    CLEW_SECRET_KEY: randomBytes(32).toString('base64'),
    CLEW_ADMIN_KEY: ADMIN,
    CLEW_DATA_DIR: data,
    CLEW_ACK_WITHIN_MS: String(ACK_MS),
    PORT: '0',
  };
  const first = await serve(t, env);
  const made = await fetch(`${first.url}/v1/sources`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'signed', kind: 'github-style', secret: SECRET }),
  });
  const { address } = (await made.json()) as { readonly address: string };
  return { first, env, proxy, pool, data, address };
}

const phone = (n: number) => `1380013${String(n).padStart(4, '0')}`;

async function push(url: string, address: string, n: number): Promise<{ status: number; ms: number }> {
  const body = JSON.stringify({ phone: phone(n) });
  const signature = createHmac('sha256', SECRET).update(body).digest('hex');
  const began = performance.now();
  const answer = await fetch(`${url}${address}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-hub-signature-256': `sha256=${signature}`,
      'x-github-delivery': `d-${n}`,
    },
    body,
  });
  await answer.text();
  return { status: answer.status, ms: performance.now() - began };
}

const pushes = (url: string, address: string, from: number, count: number) =>
  Promise.all(Array.from({ length: count }, (_, n) => push(url, address, from + n)));

async function readiness(
  url: string,
): Promise<{ readonly status: unknown; readonly spool: { readonly entries: number } }> {
  return (await (await fetch(`${url}/health/ready`)).json()) as Awaited<ReturnType<typeof readiness>>;
}

/** How many pushes lie in the files of a spool, which their names tell. */
function pushesIn(names: readonly string[]): number {
  return names.reduce((sum, name) => sum + Number(/-(\d+)\.push$/.exec(name)?.[1] ?? 0), 0);
}

/** Waits until the service itself says that the spool is empty. */
async function emptied(url: string): Promise<void> {
  for (;;) {
    if ((await readiness(url)).spool.entries === 0) return;
  }
}

function landed({ pool }: { readonly pool: Awaited<ReturnType<typeof testDatabase>>['pool'] }) {
  return pool
    .query<{ phone: string; received_at: number; decision: string }>(
      'select phone, received_at, decision from submission order by received_at, id',
    )
    .then(({ rows }) => rows);
}

for (const how of ['cut', 'freeze'] as const satisfies readonly (keyof DatabaseProxy)[]) {
  t.test(`the database is away (${how}): pushes are acknowledged in time, and taken in once it is back`, async (t) => {
    const { first, proxy, pool, data, address } = await stage(t);
    t.match(await pushes(first.url, address, 0, 3), [{ status: 200 }, { status: 200 }, { status: 200 }]);
    proxy[how]();
    const began = Date.now();
    const answers = await pushes(first.url, address, 3, 40);
    const ended = Date.now();
    t.ok(
      answers.every(({ status }) => status === 200),
      'all are acknowledged',
    );
    const slowest = Math.max(...answers.map(({ ms }) => ms));
    t.ok(slowest < 5_000, `the slowest after ${Math.round(slowest)} ms`);
    t.equal(pushesIn(await readdir(join(data, 'spool'))), 40);
    t.match(await readiness(first.url), { spool: { entries: 40 } });
    const rest = await fetch(`${first.url}/v1/leads`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ person: { phone: '13900139000' } }),
      signal: AbortSignal.timeout(60_000),
    });
    t.equal(rest.status, 503, 'REST is told, and can wait');

    proxy.mend();
    await emptied(first.url);
    const rows = (await landed({ pool })).filter((row) => row.decision !== 'replayed');
    const numbers = rows.map((row) => row.phone);
    t.strictSame(new Set(numbers).size, 43);
    t.equal(numbers.length, 43, 'each once');
    const late = rows.filter((row) => Number(phone(3)) <= Number(row.phone.slice(-11)));
    t.ok(
      late.every(({ received_at }) => received_at >= began && received_at <= ended),
      'with the times at which they came',
    );
    t.strictSame(await readdir(join(data, 'spool')), []);
  });
}

t.test('a process is killed while the database is away: the next one takes in what it acknowledged', async (t) => {
  const { first, env, proxy, pool, address } = await stage(t);
  proxy.cut();
  const answers = await pushes(first.url, address, 0, 25);
  t.ok(answers.every(({ status }) => status === 200));
  // Killed with pushes under way: what was acknowledged is on disk, what was not may be.
  const racing = Array.from({ length: 40 }, (_, n) =>
    push(first.url, address, 100 + n).then(
      ({ status }) => (status === 200 ? phone(100 + n) : null),
      () => null,
    ),
  );
  await Promise.race(racing);
  first.clew.child.kill('SIGKILL');
  await first.clew.exit;
  const acknowledged = (await Promise.all(racing)).filter((one) => one !== null);
  proxy.mend();
  const next = await serve(t, env);
  await emptied(next.url);
  const numbers = (await landed({ pool })).map((row) => row.phone.slice(-11));
  t.equal(new Set(numbers).size, numbers.length, 'each once');
  for (let n = 0; n < 25; n += 1) t.ok(numbers.includes(phone(n)), `${n} is there`);
  t.strictSame(
    acknowledged.filter((one) => !numbers.includes(one)),
    [],
    `nothing of the ${acknowledged.length} acknowledged in the last moment is lost`,
  );
});

t.test('a spool that is full refuses, so that the platform sends again', async (t) => {
  const { first, env, proxy, address } = await stage(t);
  first.clew.child.kill('SIGTERM');
  await first.clew.exit;
  const small = await serve(t, { ...env, CLEW_SPOOL_MAX_BYTES: '1500' });
  t.equal((await push(small.url, address, 0)).status, 200, 'it knows its sources');
  proxy.cut();
  const statuses = (await pushes(small.url, address, 1, 10)).map(({ status }) => status);
  t.ok(statuses.includes(200) && statuses.includes(503), statuses.join(' '));
  t.ok(statuses.every((status) => status === 200 || status === 503));
});
