import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import t, { type Test } from 'tap';
import { startClew } from './helpers/clew.ts';
import { testDatabase } from './helpers/database.ts';

const ROWS = 3_000;
const KILLS = 10;
const TABLES = ['customer', 'identity', 'lead', 'submission', 'touch', 'receipt', 'quarantine', 'raw_body'];

/** A file with people new, known to it, unusable and undated, and rows with an id of their own. */
function fileOf(): string {
  const lines = ['线索ID,手机号,姓名,留资时间'];
  for (let n = 0; n < ROWS; n += 1) {
    const phone = n % 17 === 0 ? '12345' : `139${String(10_000_000 + (n % 5 === 4 ? (n * 7) % 500 : n))}`;
    const at = n % 101 === 100 ? '2026-02-31' : `2026-06-0${1 + (n % 9)} 10:00:0${n % 10}`;
    lines.push(`${n % 3 === 0 ? `L${n}` : ''},${phone},客户${n},${at}`);
  }
  return lines.join('\n');
}

/** A serving process that leaves the work to others, with the file uploaded. */
async function begin(t: Test) {
  const { url, pool } = await testDatabase(t);
  const key = `clew_${randomBytes(32).toString('base64url')}`;
  const env = {
    DATABASE_URL: url,
    CLEW_SECRET_KEY: randomBytes(32).toString('hex'),
    CLEW_ADMIN_KEY: key,
    CLEW_INGEST_BATCH_MAX: '40',
    LOG_LEVEL: 'warn',
  };
  const serve = startClew(t, ['serve'], { ...env, CLEW_WORKERS: 'off', PORT: '0' });
  const [, base = ''] = await serve.said('stderr', /takes leads at (http:\S+)/);
  const answer = await fetch(`${base}/v1/imports?file_name=leads.csv`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'text/csv' },
    body: fileOf(),
  });
  const { id } = (await answer.json()) as { readonly id: string };
  t.equal(answer.status, 202);
  return { pool, env, id, work: () => startClew(t, ['work'], env) };
}

async function progress(pool: pg.Pool, id: string): Promise<{ readonly state: string; readonly rows_done: number }> {
  const { rows } = await pool.query('select state, rows_done from import where id = $1', [id]);
  return rows[0];
}

async function result(pool: pg.Pool, id: string) {
  const { rows } = await pool.query(
    'select row, class, decision, code, submission_id is null as bare from import_row where import_id = $1 order by row',
    [id],
  );
  const counts: Record<string, number> = {};
  for (const table of TABLES) {
    counts[table] = (await pool.query(`select count(*)::int as n from ${table}`)).rows[0].n;
  }
  const { rows: leads } = await pool.query(
    'select phone, state, touch_count, cycle, event_sequence from lead order by phone, created_at',
  );
  const { rows: found } = await pool.query('select state, rows_done, rows_total, counts from import where id = $1', [
    id,
  ]);
  return { rows, counts, leads, import: found[0] };
}

t.setTimeout(400_000);
t.test('killed at any row and started again, an import ends as one that was never interrupted', async (t) => {
  const whole = await begin(t);
  const quiet = whole.work();
  while ((await progress(whole.pool, whole.id)).state !== 'completed');
  quiet.child.kill('SIGTERM');
  t.equal(await quiet.exit, 0);

  const broken = await begin(t);
  const at = Array.from({ length: KILLS }, () => Math.floor(Math.random() * (ROWS - 400))).sort((a, b) => a - b);
  t.comment(`killed after rows ${at.join(', ')}`);
  let kills = 0;
  for (const row of at) {
    const worker = broken.work();
    let so = await progress(broken.pool, broken.id);
    while (so.rows_done < row && so.state !== 'completed') so = await progress(broken.pool, broken.id);
    worker.child.kill('SIGKILL');
    await worker.exit;
    if (so.state !== 'completed') kills += 1;
    // As if the half minute had gone by in which a process may be silent.
    await broken.pool.query("update import set lease_until = now() - interval '1 second' where id = $1", [broken.id]);
  }
  t.ok(kills >= KILLS / 2, `${kills} kills met it running`);
  broken.work();
  while ((await progress(broken.pool, broken.id)).state !== 'completed');
  const [expected, got] = [await result(whole.pool, whole.id), await result(broken.pool, broken.id)];
  t.equal(got.rows.length, ROWS);
  t.strictSame(got, expected);
});
