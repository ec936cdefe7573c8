import t from 'tap';
import { isDateFormat, readDateStyles } from '../../src/sheets/xlsx-styles.ts';

t.test('formats that show a point in time', async (t) => {
  const dates = [
    'yyyy/m/d\\ hh:mm',
    'yyyy"年"m"月"d"日"',
    'yyyy\\年m\\月d\\日',
    '[$-804]yyyy-mm-dd;@',
    '[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy',
    'h:mm:ss AM/PM',
    'YYYY-MM-DD HH:MM:SS',
    'mm:ss',
    '[DBNum1]yyyy',
  ];
  for (const code of dates) t.equal(isDateFormat(code), true, code);
});

t.test('formats that do not', async (t) => {
  const numbers = [
    'General',
    '0',
    '@',
    '0.00E+00',
    '#,##0_);[Red](#,##0)',
    '"days" 0',
    '0 "d"',
    '0\\d',
    '_d0',
    '*d0',
    '[h]:mm',
    '[mm]:ss',
    '[SS]',
    '[$USD] 0.00',
    '\\¥#,##0.00',
    'G/通用格式',
    '0;"m";yyyy',
    '"open',
    '[Red',
    '',
  ];
  for (const code of numbers) t.equal(isDateFormat(code), false, code);
});

t.test('styles by number: of the workbook’s own formats, else of those built in', async (t) => {
  const ids = [0, 14, 22, 27, 36, 45, 46, 47, 50, 58, 1, 23, 49, 59, 176, 177, 15];
  const formats =
    '<numFmt numFmtId="176" formatCode="yyyy"/><numFmt numFmtId="177" formatCode="0"/><numFmt numFmtId="15" formatCode="0"/>';
  const xfs = ids.map((id) => `<xf numFmtId="${id}"/>`).join('');
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(`<s><numFmts>${formats}</numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>`);
    yield Buffer.from(`<cellXfs>${xfs}</cellXfs><cellStyles><xf numFmtId="14"/></cellStyles></s>`);
  }
  const styles = await readDateStyles(bytes(), 'xl/styles.xml');
  t.strictSame(
    ids.filter((_, at) => styles[at]),
    [14, 22, 27, 36, 45, 47, 50, 58, 176],
  );
  t.equal(styles.length, ids.length, 'those of named styles are left out');
});
