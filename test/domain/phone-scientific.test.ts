import t from 'tap';
import { readScientific } from '../../src/domain/phone-scientific.ts';

t.test('reads what still holds all digits and nothing else', async (t) => {
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['1.3800138E+10', '13800138000'],
    ['1.3800138E10', '13800138000'],
    ['1.3800138e10', '13800138000'],
    ['1.3912345678E10', '13912345678'],
    ['1.39123456780E10', '13912345678'],
    ['8.613800138E12', '8613800138000'],
    ['13800138E3', '13800138000'],
    ['1.38E+10', undefined],
    ['1.38001E+10', undefined],
    ['1.380013E+10', undefined],
    ['1.3800100E+10', undefined],
    ['1.39123456785E10', undefined],
    ['8.6138001E12', undefined],
    ['8.61380013E12', undefined],
    ['1.062345E9', undefined],
    ['1.3800138E-10', undefined],
    ['1E10', undefined],
  ];
  for (const [text, digits] of rows) t.same(readScientific(text, 0), { end: text.length, digits }, text);
});

t.test('sees it only where it begins', async (t) => {
  t.equal(readScientific('13800138000', 0), undefined);
  t.equal(readScientific('1e10abc', 0), undefined);
  t.equal(readScientific('x1.38E+10', 0), undefined);
  t.same(readScientific('x1.38E+10', 1), { end: 9, digits: undefined });
});
