import t from 'tap';
import { SOURCE_KINDS } from '../src/channels/kinds.ts';
import { readReadme, renderReadme } from './helpers/readme.ts';

t.test('the tables of the README are what they are about', async (t) => {
  const readme = await readReadme();
  t.equal(renderReadme(readme), readme, 'render them anew with: npm run readme');
  for (const name of ['decisions', 'settings', 'problems']) {
    const rows =
      readme.split(`<!-- ${name}:begin -->`)[1]?.split(`<!-- ${name}:end -->`)[0]?.split('\n| `').length ?? 0;
    t.ok(rows > 10, `${name} has ${rows} rows`);
  }
});

t.test('every kind of source has a section', async (t) => {
  const readme = await readReadme();
  const pushed = SOURCE_KINDS.filter((kind) => !['rest', 'csv'].includes(kind));
  t.ok(pushed.length > 15);
  for (const kind of pushed) t.match(readme, new RegExp(`^###+ .*\\(\`${kind}\`\\)$`, 'm'), kind);
});
