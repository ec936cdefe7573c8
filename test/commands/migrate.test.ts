import { randomBytes } from 'node:crypto';
import t from 'tap';
import { readMigrations } from '../../src/store/migrations.ts';
import { emptyDatabase } from '../helpers/database.ts';
import { runClew } from '../helpers/io.ts';
import { ROOT } from '../helpers/root.ts';

t.test('the schema is brought up, and told of', async (t) => {
  const { url } = await emptyDatabase(t);
  const env = { DATABASE_URL: url, CLEW_SECRET_KEY: randomBytes(32).toString('base64') };
  const all = await readMigrations(new URL('migrations/', ROOT));
  const version = all.at(-1)?.version;
  const first = await runClew(['migrate', '--json'], env);
  t.strictSame(JSON.parse(first.out), { version, applied: all.map((it) => it.name) });
  t.match(await runClew(['migrate'], env), {
    exit: 0,
    out: `the schema is at version ${version}: nothing to do\n`,
    err: '',
  });
});
