import { sql } from 'kysely';
import t, { type Test } from 'tap';
import { databaseText } from '../helpers/database-text.ts';
import { runFile } from '../helpers/imported.ts';
import { finish, importerOf, rowsOf, upload } from '../helpers/importing.ts';
import { day, P, P2, startWorking, type Working } from '../helpers/working.ts';

const HEADER = '线索ID,手机号,姓名,微信,留资时间,渠道';
const NOW = Date.parse('2026-12-31T12:00:00Z');
const NAMES = /13800138000|ouyang_wx_77/;

async function leftovers(s: Working): Promise<readonly string[]> {
  const text = await databaseText(s.db, s.vault);
  return [...text].flatMap(([table, rows]) =>
    rows.split('\n').flatMap((row) => (NAMES.test(row.normalize('NFKC')) ? [`${table}: ${row.slice(0, 600)}`] : [])),
  );
}

async function start(test: Test) {
  const s = await startWorking(test);
  const importer = importerOf(test, s, { clock: () => NOW });
  const sourceId = (await s.post('/v1/sources', { name: 'file', kind: 'csv' })).id;
  return { s, importer, sourceId };
}

t.test('erasing a person empties the rows that imports have kept of them, and of nobody else', async (t) => {
  const { s, importer, sourceId } = await start(t);
  const done = await runFile(s, importer, sourceId, [
    HEADER,
    `x-1,${P},欧阳测试名,ouyang_wx_77,${day(6, 1)},event`,
    `x-1,${P},欧阳测试名,ouyang_wx_77,${day(6, 2)},event`, // other content under the same id: nothing of it is kept but the row
    `,${P},欧阳测试名,,九月九号吧,event`, // quarantined for its date
    `,123,别人,,${day(6, 3)},event`,
  ]);
  t.strictSame(done.decisions, ['created', 'conflict', 'quarantined', 'quarantined']);
  t.ok(
    (await leftovers(s)).some((row) => row.startsWith('import_row')),
    'refused rows are kept with their cells',
  );
  await s.post(`/v1/customers/${done.rows[0]?.customer_id}/erase`, { reason: 'asked' });
  t.strictSame(await leftovers(s), []);
  const kept = (await rowsOf(s, done.id)).map(({ cells }) => cells !== null);
  t.strictSame(kept, [false, false, false, true]);
});

t.test('a file that came before the erasure does not bring the person back', async (t) => {
  const { s, importer, sourceId } = await start(t);
  const known = await s.capture1(P, { occurred_at: day(6, 1) }, { wechat: 'ouyang_wx_77' });
  const lines = [
    HEADER,
    `,${P},欧阳测试名,,${day(6, 3)},event`,
    `,${P2},别人,,${day(6, 3)},event`,
    `,,欧阳测试名,ouyang_wx_77,${day(6, 4)},event`,
  ];
  const id = await upload(s, { sourceId, file: lines.join('\n'), dryRun: true, at: NOW });
  t.equal((await finish(s, importer, id)).state, 'previewed');
  await s.post(`/v1/customers/${known.customer_id}/erase`, { reason: 'asked' });
  t.strictSame(await s.db.selectFrom('import').select('preview').execute(), [{ preview: null }]);
  await s.post(`/v1/imports/${id}/run`, {});
  t.equal((await finish(s, importer, id)).state, 'completed');
  const rows = await rowsOf(s, id);
  t.strictSame(
    rows.map((row) => [row.decision, row.class, row.submission_id === null, row.cells]),
    [
      ['suppressed', 'other', true, null],
      ['created', 'new', false, null],
      ['suppressed', 'other', true, null],
    ],
  );
  t.strictSame(await leftovers(s), [], 'nothing of the person is kept');
  t.strictSame(
    await s.db.selectFrom('import_erased').select('token').execute(),
    [],
    'nor who it was, once it has ended',
  );
  t.equal((await s.capture1(P, { occurred_at: day(7, 1) })).decision, 'created', 'who comes anew is a new customer');
});

t.test('erasing waits for the batch that an importer is in, and the next one knows', async (t) => {
  const { s, importer, sourceId } = await start(t);
  const known = await s.capture1(P, { occurred_at: day(6, 1) });
  const file = [HEADER, `,${P},欧阳测试名,,${day(6, 3)},event`].join('\n');
  const id = await upload(s, { sourceId, file, at: NOW });
  let erased: Promise<unknown> = Promise.resolve();
  await s.db.transaction().execute(async (tx) => {
    await tx.selectFrom('import').select('id').where('id', '=', id).forUpdate().execute();
    erased = s.post(`/v1/customers/${known.customer_id}/erase`, { reason: 'asked' });
    for (let waits = 0; waits === 0; ) {
      const { rows } = await sql<{ waits: number }>`select count(*)::integer as waits from pg_locks where not granted
        and pid in (select pid from pg_stat_activity where datname = current_database())`.execute(tx);
      waits = rows[0]?.waits ?? 0;
    }
    t.match(await tx.selectFrom('lead').select('hidden').execute(), [{ hidden: null }], 'nothing is erased yet');
  });
  await erased;
  await finish(s, importer, id);
  t.match(await rowsOf(s, id), [{ decision: 'suppressed' }]);
});
