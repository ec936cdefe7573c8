import t from 'tap';
import { unescapeText } from '../../src/sheets/xlsx-text.ts';

t.test('escapes of a workbook are undone', async (t) => {
  t.equal(unescapeText('a_x000D_\nb'), 'a\nb');
  t.equal(unescapeText('a_x0009_b'), 'a\tb');
  t.equal(unescapeText('_x005F_x000D_'), '_x000D_', 'an underscore that was meant');
  t.equal(unescapeText('a_x0000_b'), 'ab', 'NULs are left out');
  t.equal(unescapeText('_xD83D_'), '_xD83D_', 'half a character is none');
  t.equal(unescapeText('my_xlsx_file'), 'my_xlsx_file');
});
