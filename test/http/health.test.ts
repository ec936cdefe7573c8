import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import t from 'tap';
import { startService } from '../helpers/service.ts';

t.test('ready: green, then red with every reason, without a key', async (t) => {
  let draining = false;
  let schema: string | null = null;
  const { call, setClock, db } = await startService(t, {
    readiness: { draining: () => draining, schemaFault: async () => schema },
  });
  let now = Date.now();
  const ready = () => {
    now += 1_001; // past what the probe remembers
    setClock(now);
    return call('GET', '/health/ready', { key: null });
  };
  t.match(await ready(), { status: 200, body: { status: 'ok' } });
  draining = true;
  const red = await ready();
  t.equal(red.status, 503);
  t.match(red.headers, { 'content-type': /problem\+json/, 'retry-after': '1' });
  t.match(red.body, { code: 'not_ready', reasons: [{ code: 'draining' }] });
  schema = 'the schema lacks 0009_more';
  t.strictSame(
    (await ready()).body.reasons.map(({ code }: { code: string }) => code),
    ['draining', 'schema'],
  );
  draining = false;
  schema = null;
  t.equal((await ready()).status, 200);
  const { value } = await db
    .selectFrom('deployment')
    .select('value')
    .where('key', '=', 'write_probe')
    .executeTakeFirstOrThrow();
  t.equal(value, String(now), 'it has really written');
});

t.test('a database that takes no write is red without a spool, and asked once a second however many ask', async (t) => {
  const { call, setClock, db, databaseUrl, inbound } = await startService(t, { spoolMaxBytes: 70_000 });
  const now = Date.now();
  setClock(now);
  t.equal((await call('GET', '/health/ready', { key: null })).status, 200);
  const name = new URL(databaseUrl).pathname.slice(1);
  await sql`alter database ${sql.id(name)} set default_transaction_read_only = on`.execute(db);
  await sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name} and pid <> pg_backend_pid()`.execute(
    db,
  );
  await db.connection().execute(async (one) => {
    await sql`set default_transaction_read_only = on`.execute(one);
  });
  const answers = await Promise.all(Array.from({ length: 5 }, () => call('GET', '/health/ready', { key: null })));
  t.strictSame(
    answers.map(({ status }) => status),
    Array(5).fill(200),
    'what was seen a moment ago',
  );
  setClock(now + 1_001);
  t.match(await call('GET', '/health/ready', { key: null }), {
    status: 200,
    body: { status: 'spooling', reasons: [{ code: 'database' }], spool: { entries: 0, bytes: 0, oldest_seconds: 0 } },
  });
  const push = { method: 'POST', path: '', query: '', headers: {}, body: randomBytes(4_000), receivedAt: now } as const;
  t.equal(await inbound.spool.keep({ sourceId: 's', push, requestId: null, refusal: null }), 'kept');
  const red = await call('GET', '/health/ready', { key: null });
  t.equal(red.status, 503);
  t.match(red.body.reasons, [{ code: 'database', detail: /25006/ }]);
  t.match(red.body.spool, { entries: 1 });
  t.match(await call('GET', '/health/live', { key: null }), { status: 200, body: { status: 'ok' } });
});
