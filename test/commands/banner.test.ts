import t from 'tap';
import { banner, urlOf } from '../../src/commands/banner.ts';
import { load } from '../../src/config.ts';

t.test('the address is one that can be called from this machine', async (t) => {
  t.equal(urlOf('127.0.0.1', 80), 'http://127.0.0.1:80');
  t.equal(urlOf('0.0.0.0', 8080), 'http://127.0.0.1:8080');
  t.equal(urlOf('::', 8080), 'http://[::1]:8080');
  t.equal(urlOf('localhost', 1), 'http://localhost:1');
});

t.test('a key that the operator chose is not shown, but how to give it', async (t) => {
  const database = { DATABASE_URL: 'postgres://db/clew', CLEW_SECRET_KEY: 'a'.repeat(64) };
  const chosen = `clew_${'k'.repeat(43)}`;
  const shown = banner('1.0.0', 'http://x', load({ ...database, CLEW_ADMIN_KEY: chosen }), null);
  t.notMatch(shown, chosen);
  t.match(shown, 'Bearer $CLEW_ADMIN_KEY"');
  t.match(banner('1.0.0', 'http://x', load(database), null), /clew keys create[\s\S]*Bearer \$CLEW_KEY"/);
  t.match(banner('1.0.0', 'http://x', load({}), chosen), new RegExp(`admin key  ${chosen}[\\s\\S]*Bearer ${chosen}"`));
});
