import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import t, { type Test } from 'tap';
import { migrate } from '../../src/store/migrate.ts';
import { MigrationError, readMigrations } from '../../src/store/migrations.ts';
import { schemaState } from '../../src/store/schema-state.ts';
import { emptyDatabase } from '../helpers/database.ts';
import { ROOT } from '../helpers/root.ts';

const REAL = new URL('migrations/', ROOT);

/** A folder of migrations, written anew at each call. */
function folderOf(t: Test): (files: Record<string, string>) => Promise<URL> {
  const parent = t.testdir({});
  let count = 0;
  return async (files) => {
    count += 1;
    const folder = join(parent, String(count));
    await mkdir(folder);
    for (const [name, sql] of Object.entries(files)) await writeFile(join(folder, name), sql);
    return pathToFileURL(`${folder}/`);
  };
}

t.test('from nothing, twenty at once apply each migration once, and again for no change', async (t) => {
  const { pool } = await emptyDatabase(t);
  const files = await readMigrations(REAL);
  const reports = await Promise.all(Array.from({ length: 20 }, () => migrate(pool, REAL)));
  t.strictSame(
    reports.flatMap((report) => report.applied).sort(), // each may have been applied by another
    files.map((file) => file.name),
  );
  for (const report of reports) t.equal(report.version, files.at(-1)?.version);
  const before = await pool.query('select * from migration order by version');
  t.strictSame(await migrate(pool, REAL), { version: files.at(-1)?.version, applied: [] });
  t.strictSame((await pool.query('select * from migration order by version')).rows, before.rows);
});

t.test('twenty at once over several migrations apply each once and in order', async (t) => {
  const { pool } = await emptyDatabase(t);
  const folder = await folderOf(t)({
    '0001_log.sql': 'create table log (id serial primary key, what text)',
    '0002_two.sql': `insert into log (what) values ('two')`,
    '0003_three.sql': `insert into log (what) values ('three')`,
  });
  const reports = await Promise.all(Array.from({ length: 20 }, () => migrate(pool, folder)));
  t.strictSame(reports.flatMap((report) => report.applied).sort(), ['0001_log', '0002_two', '0003_three']);
  const { rows } = await pool.query('select what from log order by id');
  t.strictSame(
    rows.map((row) => row.what),
    ['two', 'three'],
  );
});

t.test('a migration that fails leaves nothing behind and says where', async (t) => {
  const { pool } = await emptyDatabase(t);
  const write = folderOf(t);
  const good = 'create table a (id integer);';
  const broken = await write({
    '0001_a.sql': good,
    '0002_b.sql': 'create table b (id integer);\n\ncreate tabel c (id integer);',
  });
  await t.rejects(migrate(pool, broken), {
    name: 'MigrationError',
    code: 'migration_failed',
    message: /^migration 0002_b failed at line 3, nothing of it was kept: syntax error/,
  });
  t.strictSame((await pool.query(`select to_regclass('a')::text as a, to_regclass('b')::text as b`)).rows, [
    { a: 'a', b: null },
  ]);
  const mended = await write({ '0001_a.sql': good, '0002_b.sql': 'create table b (id integer);' });
  t.strictSame(await migrate(pool, mended), { version: 2, applied: ['0002_b'] });
});

t.test('an applied file that has changed is refused, other line ends are no change', async (t) => {
  const { pool } = await emptyDatabase(t);
  const write = folderOf(t);
  await migrate(pool, await write({ '0001_a.sql': 'create table a (\n  id integer\n);\n' }));
  t.strictSame(await migrate(pool, await write({ '0001_a.sql': 'create table a (\r\n  id integer\r\n);\r\n' })), {
    version: 1,
    applied: [],
  });
  const changed = await write({ '0001_a.sql': 'create table a (id bigint);' });
  await t.rejects(migrate(pool, changed), { code: 'migration_changed', message: /0001_a .*write a new migration/ });
  const gone = await write({ '0002_b.sql': 'create table b (id bigint);' });
  await t.rejects(migrate(pool, gone), { code: 'migration_changed' });
});

t.test('a migration older than the newest applied one is refused', async (t) => {
  const { pool } = await emptyDatabase(t);
  const write = folderOf(t);
  await migrate(pool, await write({ '0001_a.sql': 'select 1', '0003_c.sql': 'select 3' }));
  const late = await write({ '0001_a.sql': 'select 1', '0002_b.sql': 'select 2', '0003_c.sql': 'select 3' });
  await t.rejects(migrate(pool, late), { code: 'migration_out_of_order', message: /0002_b/ });
});

t.test('a newer schema is run against only where it is marked compatible', async (t) => {
  const { pool } = await emptyDatabase(t);
  const write = folderOf(t);
  const old = await write({ '0001_a.sql': 'select 1' });
  const compatible = { '0001_a.sql': 'select 1', '0002_b.sql': '-- compatible-with: 1\nselect 2' };
  await migrate(pool, await write(compatible));
  t.strictSame(await migrate(pool, old), { version: 2, applied: [] });
  t.strictSame(await schemaState(pool, old), { kind: 'current', version: 2 });
  await migrate(pool, await write({ ...compatible, '0003_c.sql': 'select 3;\n-- compatible-with: 1' }));
  await t.rejects(migrate(pool, old), { code: 'schema_too_new', message: /0003_c.*run a newer clew/ });
  t.match(await schemaState(pool, old), { kind: 'unusable', version: 3, error: { code: 'schema_too_new' } });
});

t.test('the state of the schema is told without a change', async (t) => {
  const { pool } = await emptyDatabase(t);
  const folder = await folderOf(t)({ '0001_a.sql': 'select 1', '0002_b.sql': 'select 2' });
  t.strictSame(await schemaState(pool, folder), { kind: 'pending', version: 0, pending: ['0001_a', '0002_b'] });
  t.strictSame((await pool.query(`select to_regclass('migration') as it`)).rows, [{ it: null }]);
  await migrate(pool, folder);
  t.strictSame(await schemaState(pool, folder), { kind: 'current', version: 2 });
});

t.test('files with a wrong name or the same number are refused', async (t) => {
  const write = folderOf(t);
  await t.rejects(readMigrations(await write({ '1_a.sql': '' })), {
    code: 'migration_name_invalid',
    message: /1_a\.sql must be named/,
  });
  const twice = await write({ '0001_a.sql': '', '0001_b.sql': '' });
  await t.rejects(
    readMigrations(twice),
    new MigrationError('migration_name_invalid', 'two migrations have the number of 0001_b: renumber the newer one'),
  );
  t.strictSame(await readMigrations(await write({ 'README.md': '' })), []);
});
