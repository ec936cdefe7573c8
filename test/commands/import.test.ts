import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { startClew } from '../helpers/clew.ts';
import { testDatabase } from '../helpers/database.ts';
import { runClew } from '../helpers/io.ts';

/** A command line over a database of its own with a source, and a folder for its files. */
async function commandLine(t: Test) {
  const { url, pool } = await testDatabase(t);
  const env = { DATABASE_URL: url, CLEW_SECRET_KEY: randomBytes(32).toString('base64') };
  const folder = t.testdir();
  const clew = (words: readonly string[]) => runClew(words, env);
  await clew(['sources', 'create', '--name', 'expo', '--kind', 'csv', '--channel', 'event']);
  const file = async (name: string, text: string | Buffer) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const leads = async () =>
    (await pool.query<{ count: number }>('select count(*)::int as count from lead')).rows[0]?.count;
  return { clew, file, folder, env, pool, leads };
}

const GOOD = '手机号,姓名\n13800138001,测试甲\n13800138002,测试乙\n';
const MIXED = `${GOOD}138001,测试丙\n,测试丁\n`;

t.test('a file whose rows are all good comes in, and the same file again writes nothing', async (t) => {
  const { clew, file, folder, leads } = await commandLine(t);
  const path = await file('leads.csv', GOOD);
  const ran = await clew(['import', path, '--source', 'expo']);
  t.equal(ran.exit, 0, ran.err);
  t.match(ran.out, /read as csv in utf-8, delimiter ","; the header is row 1/);
  t.match(ran.out, /A {2}手机号 +→ person\.phone \(exact\)/);
  t.match(ran.out, /completed: 2 rows\n {2}new +2 {2}Nobody knew this person\.\ndecisions: created 2\n/);
  t.notMatch(ran.out, /13800138001/);
  t.match(ran.err, /^uploading (\d+) B of \1 B$/m, 'lines, not a line that is rewritten');
  t.match(ran.err, /^completed 2 of 2 rows.*, new 2$/m);
  t.notOk(ran.err.includes('\r') || ran.err.includes('\u001b'));
  t.strictSame(await readdir(folder), ['leads.csv'], 'no errors file where nothing was refused');
  const again = await clew(['import', path, '--source', 'expo', '--json']);
  t.equal(again.exit, 0, again.err);
  t.match(JSON.parse(again.out), {
    state: 'completed',
    rows: { total: 2, done: 2, failed: 0 },
    classes: { replayed: 2, new: 0 },
    errors_file: null,
  });
  t.equal(await leads(), 2);
});

t.test('refused rows are written beside the file; corrected there, they come in, and nothing is doubled', async (t) => {
  const { clew, file, folder, leads, pool } = await commandLine(t);
  const path = await file('leads.csv', MIXED);
  const ran = await clew(['import', path, '--source', 'expo', '--encoding', 'utf-8', '--header-row', '1']);
  t.equal(ran.exit, 1, ran.err);
  const errors = join(folder, 'leads.errors.csv');
  t.ok(
    ran.out.endsWith(
      `2 rows were refused: ${errors} holds them, with the reasons. Correct them there, then: clew import ${errors} --source expo\n`,
    ),
    ran.out,
  );
  const read = await pool.query(
    "select actor, subject_id from audit where action = 'phone.read' or subject_kind = 'import' and reason is not null",
  );
  t.match(read.rows, [{ actor: 'cli' }], 'that phones were read is in the audit');
  t.equal((await stat(errors)).mode & 0o777, 0o600, 'it holds phones');
  const text = await readFile(errors, 'utf8');
  t.match(
    text,
    /^\uFEFF手机号,姓名,error_row,error_column,error_code,error_hint\r\n138001,测试丙,4,手机号,phone_invalid,/,
  );
  await writeFile(errors, text.replace('138001,', '13800138003,').replace('\r\n,测试丁', '\r\n13800138004,测试丁'));
  const fixed = await clew(['import', errors, '--source', 'expo']);
  t.equal(fixed.exit, 0, fixed.out + fixed.err);
  t.match(fixed.out, /error_row +not read/);
  t.match(fixed.out, /decisions: created 2\n/);
  t.equal(await leads(), 4);
  t.equal((await clew(['import', errors, '--source', 'expo'])).exit, 0);
  t.equal(await leads(), 4);
});

t.test('a dry run judges, shows the first rows masked, and writes nothing', async (t) => {
  const { clew, file, folder, leads } = await commandLine(t);
  const path = await file('leads.csv', MIXED);
  const ran = await clew(['import', path, '--source', 'expo', '--dry-run']);
  t.equal(ran.exit, 1, ran.err);
  t.match(ran.out, /the first rows as they are read:\n {2}2 {2}created {2}\{.*测试甲/);
  t.match(ran.out, /\n {2}4 {2}quarantined \(phone_invalid\)/);
  t.notMatch(ran.out, /13800138001/);
  t.match(ran.out, /previewed: 4 rows, of a dry run: nothing was written\n/);
  t.equal(await leads(), 0);
  t.match(await readFile(join(folder, 'leads.errors.csv'), 'utf8'), /138001,测试丙,4/);
});

t.test('what cannot be imported is a sentence and exit 2, and nothing is kept', async (t) => {
  const { clew, file, folder, pool } = await commandLine(t);
  const path = await file('leads.csv', GOOD);
  await mkdir(join(folder, 'more'));
  const source = ['--source', 'expo'];
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /^clew: name the file that is to be imported/],
    [[join(folder, 'leeds.csv'), ...source], /^clew: there is no file .*leeds\.csv\n$/],
    [[join(folder, 'more'), ...source], /^clew: .*more is a folder/],
    [[path], /^clew: say with --source whose leads these are; there are: expo\n$/],
    [[path, '--source', 'fair'], /^clew: there is no source fair; there are: expo\n$/],
    [[path, ...source, '--template', 'none'], /^clew: There is no template none\. There are: .*douyin-laike/],
    [[path, ...source, '--region', 'china'], /^clew: --region must /],
    [[path, ...source, '--header-row', 'two'], /^clew: --header-row must /],
    [[path, ...source, '--encoding', 'ebcdic'], /^clew: --encoding must /],
    [[path, ...source, '--map', join(folder, 'map.json')], /^clew: the field map .* cannot be read \(ENOENT\)\n$/],
    [[path, ...source, '--map', path], /does not hold a field map/],
    [[path, ...source, '--url', 'leads.example.cn'], /^clew: --url must be the address/],
    [[path, ...source, '--url', 'https://leads.example.cn'], /asks for a key: set CLEW_KEY, or give --key\n$/],
    [['--resume', '01a'], /is not an id/],
    [['--resume', '0197a3c2-5d10-7abc-8def-0123456789ab'], /^clew: there is no import 0197/],
    [[await file('empty.csv', ''), ...source], /^clew: The file has no bytes\.\n$/],
  ];
  for (const [words, sentence] of wrong) {
    t.match(await clew(['import', ...words]), { exit: 2, out: '', err: sentence }, words.join(' '));
  }
  t.equal((await pool.query('select 1 from import')).rowCount, 0);
  t.equal((await pool.query('select 1 from import_chunk')).rowCount, 0);
});

t.test('a file that is no table is refused with code, detail and hint', async (t) => {
  const { clew, file } = await commandLine(t);
  const path = await file('leads.csv', 'nothing,here\nis,known\n');
  const ran = await clew(['import', path, '--source', 'expo', '--json']);
  t.equal(ran.exit, 2, ran.err);
  t.match(ran.err, /clew: the file was refused \(header_not_found\): .+\. .+\n$/);
  t.match(JSON.parse(ran.out), { state: 'failed', fault: { code: 'header_not_found' } });
});

t.test('a map and the names of a service in the environment', async (t) => {
  const { clew, env, file, pool } = await commandLine(t);
  const path = await file('leads.csv', 'a;b\n13800138001;x\n');
  const map = await file('map.json', JSON.stringify({ fields: { 'person.phone': { path: 'a' } } }));
  const words = ['import', path, '--source', 'expo', '--map', map, '--delimiter', ';', '--campaign', 'c-1'];
  const ran = await runClew(words, { ...env, CLEW_URL: '', CLEW_KEY: 'x' });
  t.equal(ran.exit, 0, ran.err);
  t.match((await pool.query('select options from import')).rows, [
    { options: { delimiter: ';', campaign: { id: 'c-1' }, field_map: { fields: {} } } },
  ]);
  t.equal((await clew(['import', path, '--source', 'expo', '--dry-run'])).exit, 2, 'not without it');
});

t.test('an errors file goes where it is asked for, and takes no file of somebody else', async (t) => {
  const { clew, file, folder } = await commandLine(t);
  const path = await file('leads.csv', MIXED);
  const mine = await file('leads.errors.csv', 'mine\n');
  const run = (...more: string[]) => clew(['import', path, '--source', 'expo', '--dry-run', '--json', ...more]);
  const second = join(folder, 'leads.errors.2.csv');
  t.match(JSON.parse((await run()).out).errors_file, { path: second, masked: false });
  t.match(JSON.parse((await run()).out).errors_file, { path: second }, 'ours is written anew');
  t.equal(await readFile(mine, 'utf8'), 'mine\n');
  const asked = join(folder, 'x.csv');
  t.match(JSON.parse((await run('--errors', asked)).out).errors_file, { path: asked });
  const nowhere = await run('--errors', join(folder, 'no', 'x.csv'));
  t.match(nowhere, {
    exit: 1,
    err: /the errors file .* cannot be written \(ENOENT\): name another with --errors and --resume /,
  });
  const id = JSON.parse(nowhere.out).id;
  const again = await clew(['import', '--resume', id, '--errors', join(folder, 'y.csv'), '--json']);
  t.match(again, { exit: 1 }, again.err);
  t.match(JSON.parse(again.out), { id, errors_file: { path: join(folder, 'y.csv') } });
});

t.test('Ctrl-C ends it after the batch under way, and it can be resumed', async (t) => {
  const { clew, env, file, leads } = await commandLine(t);
  const rows = Array.from({ length: 2000 }, (_, at) => `1380013${String(at).padStart(4, '0')},n${at}`);
  const path = await file('leads.csv', `手机号,姓名\n${rows.join('\n')}\n`);
  const ran = startClew(t, ['import', path, '--source', 'expo'], { ...env, CLEW_INGEST_BATCH_MAX: '1' });
  await ran.said('stderr', /^running/m);
  ran.child.kill('SIGINT');
  t.equal(await ran.exit, 1, ran.stderr());
  const stopped =
    /clew: stopped after (\d+) of 2000 rows, which stay\. A running service goes on with the rest, or: clew import --resume (\S+)\n$/;
  const [, done, id = ''] = stopped.exec(ran.stderr()) ?? [];
  t.equal(await leads(), Number(done), 'it says what is in');
  t.ok(((await leads()) ?? 0) < 2000);
  const resumed = await clew(['import', '--resume', id, '--json']);
  t.equal(resumed.exit, 0, resumed.err);
  t.match(JSON.parse(resumed.out), { id, state: 'completed', rows: { done: 2000 }, classes: { new: 2000 } });
  t.equal(await leads(), 2000);
});
