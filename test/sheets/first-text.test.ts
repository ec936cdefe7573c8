import t from 'tap';
import { firstText } from '../../src/sheets/first-text.ts';
import { fileOf } from './file-of.ts';

t.test('the beginning of a text, whole characters only', async (t) => {
  const file = fileOf('\uFEFF张三abc', 2);
  t.equal(await firstText(file, { name: 'utf-8', mark: 3 }, 4), '张');
  t.equal(await firstText(file, { name: 'utf-8', mark: 3 }, 100), '张三abc');
});
