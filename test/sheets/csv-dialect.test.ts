import t from 'tap';
import { delimiterNamed, delimiterOf } from '../../src/sheets/csv-dialect.ts';
import { SheetError } from '../../src/sheets/sheet.ts';

function told(text: string, whole = true): string {
  return delimiterOf({ text, whole });
}

t.test('every delimiter is told', async (t) => {
  for (const delimiter of [',', '\t', ';', '，', '|']) {
    const rows = ['手机 姓名 备注', '13800138000 张三 好', '13800138001 李四 '];
    for (const end of ['\n', '\r\n', '\r']) {
      t.equal(
        told(rows.map((row) => row.replaceAll(' ', delimiter)).join(end)),
        delimiter,
        JSON.stringify(delimiter + end),
      );
    }
  }
});

t.test('others within cells do not mislead', async (t) => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['quotes', '手机;备注\n"1,2,3";"a,b,c"\n"4,5,6";"d,e,f"\n', ';'],
    ['decimal commas', 'a;b\n1,5;2,5\n3,5;4,5\n', ';'],
    ['lists in every row', '手机,标签\n13800138000,a|b|c\n13800138001,a|b|c\n', ','],
    ['full-width commas in text', '手机,需求\n13800138000,想看，很急，周末\n13800138001,问价，贷款，置换\n', ','],
    ['a title row', '活动报名表，二零二六\n手机\t姓名\n13800138000\t张三\n', '\t'],
    ['ragged rows', 'a,b,c,d\n1,2,3,4\n1,2\n1,2,3\n1,2;3,4\n', ','],
    ['a line break in a cell', 'a\t"x,\ny,\nz,"\nb\t"x,\ny,"\n', '\t'],
    ['header only', '手机;姓名;城市', ';'],
  ];
  for (const [what, text, delimiter] of cases) t.equal(told(text), delimiter, what);
});

t.test('one column is comma', async (t) => {
  for (const text of ['', '\n\n', '手机\n13800138000\n', '"open']) t.equal(told(text), ',', JSON.stringify(text));
});

t.test('a sample that ends in a row or in a quote does not mislead', async (t) => {
  t.equal(told('a;b\n1;2\n3,4,5,6,7', false), ';');
  t.equal(told('a;b\n1;2\n3;"4,5', false), ';');
});

t.test('a sep= line is obeyed', async (t) => {
  t.equal(told('sep=^\na^b,c,d\n'), '^');
  t.equal(told('SEP=;\r\na,b\r\n'), ';');
});

t.test('a delimiter is one character, no quote and no line end', async (t) => {
  t.equal(delimiterNamed(null), null);
  t.equal(delimiterNamed('，'), '，');
  t.equal(delimiterNamed('\\t'), '\t');
  for (const wrong of ['', ',,', '"', '\n', '\r', '\0', '\ud800']) {
    t.throws(() => delimiterNamed(wrong), SheetError, JSON.stringify(wrong));
  }
});
