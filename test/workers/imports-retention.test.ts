import { randomBytes } from 'node:crypto';
import t, { type Test } from 'tap';
import type { ImportState } from '../../src/domain/import.ts';
import { newId } from '../../src/flows/new-id.ts';
import { createDb, type Db } from '../../src/store/database.ts';
import { importsRetentionWorker } from '../../src/workers/imports-retention.ts';
import { testDatabase } from '../helpers/database.ts';

const NOW = Date.UTC(2026, 5, 1);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

interface Made {
  readonly state: ImportState;
  readonly createdAt?: number;
  readonly finishedAt?: number;
  readonly rows?: number;
}

async function make(db: Db, { state, createdAt = NOW - DAY, finishedAt, rows = 0 }: Made): Promise<string> {
  const id = newId(NOW, randomBytes);
  const source = newId(NOW, randomBytes);
  const finished_at = finishedAt === undefined ? null : new Date(finishedAt);
  const created_at = new Date(createdAt);
  const values = {
    id,
    source_id: source,
    state,
    dry_run: state === 'previewed',
    mode: 'live' as const,
    actor: 'key:x',
  };
  await db
    .insertInto('import')
    .values({ ...values, options: '{}', created_at, finished_at })
    .execute();
  await db
    .insertInto('import_chunk')
    .values({ import_id: id, seq: 0, body: Buffer.from('x'), sealed: false })
    .execute();
  for (let row = 1; row <= rows; row++) {
    await db.insertInto('import_row').values({ import_id: id, row, class: 'new', decision: 'created' }).execute();
  }
  return id;
}

async function start(t: Test, importRetentionDays: number | null) {
  const { pool } = await testDatabase(t);
  const db = createDb(pool);
  const retention = { importRetentionDays, uploadSeconds: 900 };
  const { round } = importsRetentionWorker(db, () => NOW, randomBytes, retention);
  const of = async (table: 'import_chunk' | 'import_row', id: string) =>
    (await db.selectFrom(table).select('import_id').where('import_id', '=', id).execute()).length;
  const stateOf = async (id: string) =>
    (await db.selectFrom('import').select('state').where('id', '=', id).executeTakeFirst())?.state ?? null;
  return { db, round, of, stateOf };
}

t.test('an upload that was cut off goes, one that may still arrive stays', async (t) => {
  const { db, round, of, stateOf } = await start(t, 180);
  const cut = await make(db, { state: 'uploading', createdAt: NOW - 900_000 - HOUR - 1 });
  const slow = await make(db, { state: 'uploading', createdAt: NOW - 900_000 - HOUR + 1 });
  t.equal(await round(), 1);
  t.strictSame([await stateOf(cut), await of('import_chunk', cut)], [null, 0]);
  t.strictSame([await stateOf(slow), await of('import_chunk', slow)], ['uploading', 1]);
});

t.test('a dry run that nobody has run for a week is cancelled, with its file', async (t) => {
  const { db, round, of, stateOf } = await start(t, 180);
  const old = await make(db, { state: 'previewed', finishedAt: NOW - 7 * DAY - 1, rows: 1 });
  const young = await make(db, { state: 'previewed', finishedAt: NOW - 7 * DAY + 1 });
  t.equal(await round(), 1);
  t.strictSame([await stateOf(old), await of('import_chunk', old), await of('import_row', old)], ['cancelled', 0, 1]);
  t.strictSame([await stateOf(young), await of('import_chunk', young)], ['previewed', 1]);
  const [entry] = await db.selectFrom('audit').selectAll().execute();
  t.match(entry, { action: 'import.cancelled', actor: 'service', subject_id: old });
});

t.test('bytes that arrived behind a cancellation go, those of an import that runs stay', async (t) => {
  const { db, round, of } = await start(t, 180);
  const left = await make(db, { state: 'cancelled', finishedAt: NOW - 2 * HOUR });
  const running = await make(db, { state: 'running' });
  await round();
  t.strictSame([await of('import_chunk', left), await of('import_chunk', running)], [0, 1]);
});

t.test('rows go with their retention, all of them and only those of imports that have ended', async (t) => {
  const { db, round, of, stateOf } = await start(t, 10);
  const at = { finishedAt: NOW - 10 * DAY - 1, rows: 3 };
  const old = await make(db, { state: 'completed', ...at });
  const reverting = await make(db, { state: 'reverting', ...at });
  const young = await make(db, { state: 'completed', finishedAt: NOW - 10 * DAY + 1, rows: 3 });
  t.equal(await round(), 3);
  t.strictSame(
    [await of('import_row', old), await of('import_row', reverting), await of('import_row', young)],
    [0, 3, 3],
  );
  t.equal(await stateOf(old), 'completed', 'that it was is kept');
  t.equal(await round(), 0);
});

t.test('retention that is off keeps every row', async (t) => {
  const { db, round, of } = await start(t, null);
  const old = await make(db, { state: 'completed', finishedAt: 1, rows: 2 });
  await round();
  t.equal(await of('import_row', old), 2);
});
