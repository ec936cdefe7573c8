import { randomBytes } from 'node:crypto';
import t, { type Test } from 'tap';
import { hashOf } from '../../src/flows/keys.ts';
import { createDb } from '../../src/store/database.ts';
import { findKeyByHash } from '../../src/store/keys.ts';
import { testDatabase } from '../helpers/database.ts';
import { type Ran, runClew } from '../helpers/io.ts';

async function database(t: Test) {
  const { url, pool } = await testDatabase(t);
  const env = { DATABASE_URL: url, CLEW_SECRET_KEY: randomBytes(32).toString('base64') };
  const clew = (line: string): Promise<Ran> => runClew(line.split(' '), env);
  return { db: createDb(pool), clew, json: async (line: string) => JSON.parse((await clew(`${line} --json`)).out) };
}

t.test('a key is made, listed and revoked', async (t) => {
  const { db, clew, json } = await database(t);
  t.match(await clew('keys list'), { exit: 0, out: 'no keys\n' });
  const made = await clew(
    'keys create --name crm --scopes leads:write,leads:read --scopes ops --stores S1,S2 --rate-limit 60',
  );
  t.match(made, { exit: 0, err: '' });
  const secret = made.out.trim().split('\n').at(-1) ?? '';
  const key = await findKeyByHash(db, hashOf(secret));
  t.match(key, {
    name: 'crm',
    scopes: ['leads:write', 'leads:read', 'ops'],
    stores: ['S1', 'S2'],
    rateLimit: 60,
    createdBy: 'cli',
  });
  const id = key?.id ?? '';
  t.match(await json('keys list'), [{ id, name: 'crm', prefix: secret.slice(0, 11), revoked_at: null }]);
  t.match((await clew('keys list')).out, new RegExp(`${id}.*crm.*leads:write,leads:read,ops`));
  t.match(await clew(`keys revoke ${id}`), { exit: 0, out: `key crm (${id}) is revoked\n` });
  t.type((await findKeyByHash(db, hashOf(secret)))?.revokedAt, 'number');
  t.match((await clew('keys list')).out, /revoked 2/);
  t.notMatch((await clew('keys list')).out + JSON.stringify(await json('keys list')), secret);
});

t.test('json holds the secret of a new key', async (t) => {
  const { db, json } = await database(t);
  const made = await json('keys create --name a --scopes admin --adviser A7 --expires 2099-01-01T00:00:00+08:00');
  t.match(made, { name: 'a', scopes: ['admin'], adviser: 'A7', expires_at: '2098-12-31T16:00:00.000Z', stores: null });
  t.equal((await findKeyByHash(db, hashOf(made.secret)))?.id, made.id);
  const other = await json(`keys create --name b --scopes ops --source ${made.source_id}`);
  t.equal(other.source_id, made.source_id);
});

t.test('what cannot be is refused in a sentence', async (t) => {
  const { clew } = await database(t);
  t.match(await clew('keys create --scopes ops'), { exit: 2, out: '', err: 'clew: --name is needed\n' });
  t.match(await clew('keys create --name a'), {
    exit: 2,
    out: '',
    err: /^clew: scopes must be one or more of leads:write/,
  });
  t.match(await clew('keys create --name a --scopes ops --expires soon'), {
    exit: 2,
    err: /^clew: --expires must be a time/,
  });
  t.match(await clew('keys create --name a --scopes ops --rate-limit lots'), {
    exit: 2,
    err: /^clew: --rate-limit must be/,
  });
  t.match(await clew('keys revoke nobody'), { exit: 2, out: '', err: /^clew: nobody is not an id/ });
  const nobody = '00000000-0000-7000-8000-000000000000';
  t.match(await clew(`keys revoke ${nobody}`), { exit: 1, out: '', err: `clew: there is no key ${nobody}\n` });
  t.match(await clew('keys create --name a --scopes ops --source x'), { exit: 2, err: /^clew: x is not an id/ });
  t.match(await clew('keys list'), { exit: 0, out: 'no keys\n' });
});
