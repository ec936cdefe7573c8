import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import t from 'tap';
import { runClew } from '../helpers/io.ts';

t.test('the document is printed, written and checked, without a database', async (t) => {
  const root = pathToFileURL(`${t.testdir({})}/`);
  await mkdir(new URL('openapi', root));
  const file = new URL('openapi/openapi.json', root);
  const clew = (...flags: string[]) => runClew(['openapi', ...flags], { PORT: 'nonsense' }, { root });
  const printed = await clew();
  t.match(printed, { exit: 0, err: '' });
  t.match(JSON.parse(printed.out), { openapi: /^3\.1/, info: { title: 'clew', version: '1.2.3' } });
  t.match(await clew('--check'), {
    exit: 1,
    out: '',
    err: /^clew: openapi\/openapi\.json is not what the routes say: run /,
  });
  t.match(await clew('--write'), { exit: 0, out: '' });
  t.equal(await readFile(file, 'utf8'), printed.out);
  t.match(await clew('--check'), { exit: 0, out: '', err: '' });
  await writeFile(file, printed.out.replace('"clew"', '"clow"'));
  t.match(await clew('--check'), { exit: 1 });
});
