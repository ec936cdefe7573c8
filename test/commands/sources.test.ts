import { randomBytes } from 'node:crypto';
import t from 'tap';
import { testDatabase } from '../helpers/database.ts';
import { runClew } from '../helpers/io.ts';

t.test('a source is made, listed, paused, resumed, and its secret rotated', async (t) => {
  const { url } = await testDatabase(t);
  const env = { DATABASE_URL: url, CLEW_SECRET_KEY: randomBytes(32).toString('base64') };
  const clew = (line: string) => runClew(line.split(' '), env);
  const json = async (line: string) => JSON.parse((await clew(`${line} --json`)).out);
  t.match(await clew('sources list'), { exit: 0, out: 'no sources\n' });
  const made = await json(
    'sources create --name wall --kind github-style --channel event --store S1 --completes-later',
  );
  t.match(made, {
    name: 'wall',
    kind: 'github-style',
    state: 'active',
    channel: 'event',
    defaults: { store: 'S1' },
    version: 1,
    has_secret: true,
  });
  t.strictSame(made.settings, { completes_later: true });
  t.match(made.secret, /^[A-Za-z0-9_-]{43}$/);
  t.match(await clew(`sources pause ${made.id}`), { exit: 0, out: 'source wall is paused\n' });
  t.match(await json('sources list'), [{ id: made.id, state: 'paused', version: 2 }]);
  t.match((await clew('sources list')).out, `${made.id}  github-style  paused  wall`);
  t.match(await clew(`sources resume ${made.id}`), { exit: 0, out: 'source wall is active\n' });
  const rotated = await clew(`sources rotate ${made.id} --overlap 0`);
  t.match(rotated, { exit: 0, out: /\n[A-Za-z0-9_-]{43}\n$/ });
  t.notMatch(rotated.out, made.secret);
  t.match(await clew('sources create --name x --kind pigeon'), {
    exit: 2,
    err: /^clew: kind must be one of rest, csv, form, /,
  });
  t.match(await clew('sources create --name wall --kind rest'), {
    exit: 1,
    err: 'clew: another source has the name wall\n',
  });
  t.match(await clew('sources pause wall'), { exit: 2, err: /^clew: wall is not an id/ });
});
