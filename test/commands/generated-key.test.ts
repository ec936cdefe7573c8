import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import t from 'tap';
import { generatedKey } from '../../src/commands/generated-key.ts';

t.test('a key is made once, for its owner alone, and read from then on', async (t) => {
  const folder = join(t.testdir({}), 'deep', 'data');
  const path = join(folder, 'a.key');
  t.strictSame(await generatedKey(folder, 'a.key', () => 'first'), { text: 'first', path });
  t.strictSame(await generatedKey(folder, 'a.key', () => 'second'), { text: 'first', path });
  t.equal((await stat(path)).mode & 0o777, 0o600);
  t.equal((await stat(folder)).mode & 0o777, 0o700);
});

t.test('half a key of a start that was killed is not taken for one', async (t) => {
  const folder = t.testdir({});
  await writeFile(join(folder, 'a.key.new'), 'hal');
  t.match(await generatedKey(folder, 'a.key', () => 'whole'), { text: 'whole' });
});

t.test('a file that cannot be read is told of', async (t) => {
  const folder = t.testdir({ 'a.key': {} });
  await t.rejects(
    generatedKey(folder, 'a.key', () => 'x'),
    { exit: 1, message: /a\.key cannot be read \(EISDIR\)/ },
  );
});
