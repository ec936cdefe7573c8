import { sql } from 'kysely';
import t from 'tap';
import type { ImportCounts } from '../../src/domain/import.ts';
import { cancelImportIn } from '../../src/flows/switch-import.ts';
import { testAct } from '../helpers/act.ts';
import { capture, phoneOf } from '../helpers/captured.ts';
import { awayAfter, finish, importerOf, rowsOf, upload } from '../helpers/importing.ts';
import { type Service, startService } from '../helpers/service.ts';

const HEADER = '线索ID,手机号,姓名,线索创建时间,城市';
const TABLES = ['customer', 'identity', 'lead', 'submission', 'touch', 'event', 'receipt', 'quarantine', 'raw_body'];

const line = (phone: string, n: number, more: { readonly id?: string; readonly at?: string } = {}) =>
  `${more.id ?? ''},${phone},客户${n},${more.at ?? `2026-06-01 12:${String(n % 60).padStart(2, '0')}:00`},杭州`;

async function sourceOf(service: Service, settings: object = {}): Promise<string> {
  const made = await service.call('POST', '/v1/sources', {
    body: { name: '线下活动', kind: 'csv', channel: 'event', settings },
  });
  return made.body.id;
}

async function countsOf({ db }: Service): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of TABLES) {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from ${sql.table(table)}`.execute(db);
    counts[table] = rows[0]?.n ?? -1;
  }
  return counts;
}

const sum = (classes: ImportCounts['classes']) => Object.values(classes).reduce((total, n) => total + n, 0);

/** The file of the accounting: 1,000 rows of every class, in no order of classes. */
function thousand(): string {
  const rows: string[] = [];
  for (let n = 0; n < 700; n += 1) rows.push(line(phoneOf(1_000 + n), n));
  for (let n = 0; n < 120; n += 1) rows.push(line(phoneOf(n), n));
  for (let n = 0; n < 80; n += 1) rows.push(line(phoneOf(1_000 + n), n + 7));
  for (let n = 0; n < 60; n += 1) rows.push(line(n % 2 === 0 ? '1.38001E+10' : '138****8000', n));
  for (let n = 0; n < 25; n += 1) rows.push(line(n % 2 === 0 ? '' : '无', n));
  for (let n = 0; n < 10; n += 1) rows.push(line(phoneOf(5_000 + n), n, { at: '2026-13-40' }));
  for (let n = 0; n < 5; n += 1) rows.push(line(phoneOf(6_000 + n), n, { id: `known-${n}` }));
  return rows.map((_, at) => rows[(at * 7) % rows.length]).join('\r\n');
}

const SEVEN = {
  new: 700,
  existing: 120,
  repeated_in_file: 80,
  phone_unusable: 60,
  phone_empty: 25,
  date_invalid: 10,
  replayed: 5,
};

t.test('every row is accounted for, by a dry run that writes nothing as by the run', async (t) => {
  const service = await startService(t);
  const sourceId = await sourceOf(service);
  for (let n = 0; n < 120; n += 1) await capture(service, { channel: 'douyin', person: { phone: phoneOf(n) } });
  const importer = importerOf(t, service, { batchRows: 64 });
  const known = Array.from({ length: 5 }, (_, n) => line(phoneOf(6_000 + n), n, { id: `known-${n}` }));
  await finish(service, importer, await upload(service, { sourceId, file: [HEADER, ...known].join('\n') }));

  const file = `${HEADER}\r\n${thousand()}\r\n`;
  const before = await countsOf(service);
  const dry = await upload(service, { sourceId, file, dryRun: true });
  const previewed = await finish(service, importer, dry);
  t.match(previewed, { state: 'previewed', rowsTotal: 1000, rowsDone: 1000 });
  t.strictSame({ ...previewed.counts.classes }, SEVEN);
  t.strictSame(await countsOf(service), before, 'nothing was written');
  const { preview } = await service.db
    .selectFrom('import')
    .select('preview')
    .where('id', '=', dry)
    .executeTakeFirstOrThrow();
  t.equal(JSON.parse(service.vault.open(preview ?? Buffer.alloc(0)).toString()).length, 20);

  const real = await upload(service, { sourceId, file });
  const completed = await finish(service, importer, real);
  t.match(completed, { state: 'completed', rowsTotal: 1000, rowsDone: 1000 });
  t.strictSame({ ...completed.counts.classes }, SEVEN);
  t.equal(sum(completed.counts.classes), 1000);
  const [expected, got] = [await rowsOf(service, dry), await rowsOf(service, real)];
  const told = (row: (typeof got)[number]) => [
    row.row,
    row.class,
    row.decision,
    row.code,
    row.column_name,
    row.warnings,
  ];
  t.strictSame(got.map(told), expected.map(told), 'row by row');
  const refused = got.filter(({ code }) => code !== null);
  t.equal(refused.length, 95);
  t.ok(refused.every(({ hint, cells, column_name }) => hint !== null && cells !== null && column_name !== null));
  const [first] = refused.filter(({ code }) => code === 'phone_scientific_notation');
  t.match(first, { class: 'phone_unusable', column_name: '手机号', decision: 'quarantined' });
  t.equal(
    (await service.db.selectFrom('import_chunk').select('seq').where('import_id', '=', real).execute()).length,
    0,
  );
  const events = await service.db.selectFrom('event').selectAll().where('type', '=', 'import.completed').execute();
  t.match(events.at(-1), { subject_id: real, data: { failed: 95, rows_total: 1000 } });
});

t.test('a file that is uploaded again is replayed, and one more row of it is one more', async (t) => {
  const service = await startService(t);
  const sourceId = await sourceOf(service);
  const importer = importerOf(t, service);
  const rows = Array.from({ length: 10 }, (_, n) => line(phoneOf(n), n));
  const file = [HEADER, ...rows, line('12345', 1)].join('\n');
  await finish(service, importer, await upload(service, { sourceId, file }));
  const before = await countsOf(service);
  const again = await finish(service, importer, await upload(service, { sourceId, file }));
  t.match(again.counts, { classes: { replayed: 10, phone_unusable: 1 }, decisions: { replayed: 11 } });
  const { event, ...rest } = await countsOf(service);
  t.match({ event: event === (before['event'] ?? 0) + 1, ...rest }, { ...before, event: true }, 'but its own end');
});

t.test('a key that is used for other content is an error of its row, whatever the kind of the source', async (t) => {
  const service = await startService(t);
  const sourceId = await sourceOf(service);
  const importer = importerOf(t, service);
  const first = [HEADER, line(phoneOf(1), 1, { id: 'L1' })].join('\n');
  await finish(service, importer, await upload(service, { sourceId, file: first }));
  const other = [HEADER, line(phoneOf(1), 2, { id: 'L1' }), line(phoneOf(2), 3, { id: 'L2' })].join('\n');
  const id = await upload(service, { sourceId, file: other });
  t.match((await finish(service, importer, id)).counts.classes, { other_error: 1, new: 1 });
  const [row] = await rowsOf(service, id);
  t.match(row, { row: 2, decision: 'conflict', code: 'idempotency_conflict' });
  t.ok(row?.cells, 'its cells are kept, to be corrected');
});

t.test('an importer that goes on where another stopped ends as one that was never interrupted', async (t) => {
  const service = await startService(t);
  const sourceId = await sourceOf(service);
  let now = Date.now();
  const clock = () => now;
  const file = `${HEADER}\n${thousand()}`;
  const lost = importerOf(t, service, { batchRows: 40, clock });
  const id = await upload(service, { sourceId, file });
  while ((await rowsOf(service, id)).length === 0) await lost.round();
  t.equal(await importerOf(t, service, { clock }).round(), 0, 'nobody else takes it while it is held');
  now += 31_000; // the lease has ended
  const next = importerOf(t, service, { batchRows: 77, clock });
  const ended = await finish(service, next, id);
  t.match(ended, { state: 'completed', rowsDone: 1000 });
  t.equal(await lost.round(), 0, 'the first has nothing any more');
  const rows = await rowsOf(service, id);
  t.equal(new Set(rows.map(({ row }) => row)).size, 1000);

  const other = await startService(t);
  const source = await sourceOf(other);
  const whole = await upload(other, { sourceId: source, file });
  await finish(other, importerOf(t, other), whole);
  const told = (row: (typeof rows)[number]) => [row.row, row.class, row.decision, row.code];
  t.strictSame(rows.map(told), (await rowsOf(other, whole)).map(told));
  const { event: _a, ...counts } = await countsOf(service);
  const { event: _b, ...expected } = await countsOf(other);
  t.strictSame(counts, expected);
});

t.test('a row that was left out between others is done before anything else', async (t) => {
  const service = await startService(t);
  const sourceId = await sourceOf(service);
  const file = [HEADER, ...Array.from({ length: 300 }, (_, n) => line(phoneOf(n), n))].join('\n');
  const id = await upload(service, { sourceId, file });
  // Its connection is away after some batches: it cannot come to the end before it is closed.
  const first = importerOf(t, service, { batchRows: 20, wrapLane: awayAfter(4) });
  while ((await rowsOf(service, id)).length < 60) await first.round().catch(() => undefined);
  await first.close();
  const done = (await rowsOf(service, id)).length;
  t.ok(done >= 60 && done < 300, `${done} rows`);
  await service.db.deleteFrom('import_row').where('import_id', '=', id).where('row', 'in', [5, 30]).execute();
  await service.db
    .updateTable('import')
    .set({ rows_done: done - 2, counts: JSON.stringify({ classes: { new: done - 2 }, decisions: {} }) })
    .where('id', '=', id)
    .execute();
  const ended = await finish(service, importerOf(t, service, { batchRows: 10 }), id);
  t.match(ended, { state: 'completed', rowsDone: 300, rowsTotal: 300 });
  t.strictSame(
    (await rowsOf(service, id)).filter(({ class: found }) => found === 'replayed').map(({ row }) => row),
    [5, 30],
    'they had been taken in',
  );
});

t.test('a key without ops brings in no leads of stores that are not its own', async (t) => {
  const service = await startService(t);
  const sourceId = await sourceOf(service);
  const rows = ['S1', 'S2', ''].map((store, n) => `${phoneOf(n)},${store}`);
  const file = ['手机号,门店', ...rows].join('\n');
  const options = { field_map: { fields: { store: { label: '门店' } } } };
  const id = await upload(service, { sourceId, file, options, stores: ['S1'] });
  await finish(service, importerOf(t, service), id);
  t.match(await rowsOf(service, id), [
    { class: 'new' },
    { class: 'other_error', code: 'store_not_permitted', column_name: '门店' },
    { class: 'new' },
  ]);
});

t.test('two importers work on several imports, and each row is done once', async (t) => {
  const service = await startService(t);
  const sourceId = await sourceOf(service);
  const importers = [importerOf(t, service, { batchRows: 10 }), importerOf(t, service, { batchRows: 10 })] as const;
  const ids = await Promise.all(
    [0, 1, 2, 3].map((file) =>
      upload(service, {
        sourceId,
        file: [HEADER, ...Array.from({ length: 60 }, (_, n) => line(phoneOf(file * 30 + n), n))].join('\n'),
      }),
    ),
  );
  const [first, second] = importers;
  const both = [first, second].map(async (importer) => {
    for (const id of ids) await finish(service, importer, id);
  });
  await Promise.all(both);
  for (const id of ids) t.equal((await rowsOf(service, id)).length, 60);
  const leads = await service.db.selectFrom('lead').select('phone').execute();
  t.equal(leads.length, 150);
  t.equal(new Set(leads.map(({ phone }) => phone)).size, 150);
});

t.test('a cancelled import stops, and what was done stays', async (t) => {
  const service = await startService(t);
  const sourceId = await sourceOf(service);
  const importer = importerOf(t, service, { batchRows: 5, busy: () => true });
  const file = [HEADER, ...Array.from({ length: 2_000 }, (_, n) => line(phoneOf(n), n))].join('\n');
  const id = await upload(service, { sourceId, file });
  while ((await rowsOf(service, id)).length === 0) await importer.round();
  await service.db.transaction().execute((tx) => cancelImportIn(tx, testAct(Date.now()), id));
  const done = (await rowsOf(service, id)).length;
  await importer.round();
  const ended = await finish(service, importer, id);
  t.match(ended, { state: 'cancelled', rowsDone: done });
  t.equal((await rowsOf(service, id)).length, done);
  t.ok(done < 2_000);
});

t.test('a file that cannot be taken is refused with a reason, and nothing of it is written', async (t) => {
  const service = await startService(t);
  const sourceId = await sourceOf(service);
  const importer = importerOf(t, service, { maxRows: 3 });
  const refused = async (file: string | Buffer, options: object = {}) =>
    (await finish(service, importer, await upload(service, { sourceId, file, options }))).fault?.code;
  t.equal(await refused('一,二\n三,四\n'), 'header_not_found');
  t.equal(await refused(Buffer.from('%PDF-1.7 …')), 'format_unknown');
  t.equal(await refused([HEADER, ...[1, 2, 3, 4].map((n) => line(phoneOf(n), n))].join('\n')), 'too_many_rows');
  t.equal(await refused(`${HEADER}\n`, { template: 'nowhere' }), 'template_unknown');
  t.equal(await refused(`${HEADER}\n"L1,13800138001`), 'quote_open');
  t.strictSame(await service.db.selectFrom('submission').select('id').execute(), []);
  t.strictSame(await service.db.selectFrom('import_chunk').select('seq').execute(), []);
});

t.test('a channel is read by its name or its code, and one that nobody knows is kept as typed', async (t) => {
  const service = await startService(t);
  const sourceId = await sourceOf(service);
  const rows = ['抖音', 'xhs', 'XHS', '灯箱', ''].map((channel, n) => `${phoneOf(n)},${channel}`);
  const id = await upload(service, { sourceId, file: ['手机号,渠道', ...rows].join('\n') });
  await finish(service, importerOf(t, service), id);
  const touches = await service.db.selectFrom('touch').select('channel').orderBy('identity_id').execute();
  t.strictSame(touches.map(({ channel }) => channel).sort(), ['douyin', 'event', 'xhs', 'xhs', '灯箱']);
  t.match(
    (await rowsOf(service, id)).map(({ warnings }) => warnings.includes('channel_unknown')),
    [false, false, false, true, false],
  );
});

t.test('a row that the database refuses is kept in quarantine, and its neighbours are taken in', async (t) => {
  const service = await startService(t);
  const sourceId = await sourceOf(service);
  const importer = importerOf(t, service);
  await sql`alter table touch add constraint no_such check (campaign is distinct from 'poison||')`.execute(service.db);
  const header = `${HEADER},活动名称`;
  const rows = [1, 2, 3, 4].map((n) => `${line(phoneOf(n), n)},${n === 3 ? 'poison' : '车展'}`);
  const id = await upload(service, { sourceId, file: [header, ...rows].join('\n') });
  t.match((await finish(service, importer, id)).counts.classes, { new: 3, other_error: 1 });
  t.match((await rowsOf(service, id))[2], { row: 4, decision: 'quarantined', code: 'ingest_failed' });
});
