import t from 'tap';
import { columnAt, placeOf } from '../../src/sheets/xlsx-place.ts';

t.test('columns by their letters', async (t) => {
  t.equal(columnAt('A1'), 0);
  t.equal(columnAt('c5'), 2);
  t.equal(columnAt('Z1'), 25);
  t.equal(columnAt('AA1'), 26);
  t.equal(columnAt('XFD1048576'), 16_383);
  for (const place of ['', '5', 'XFE1', 'ZZZZZZZZZZZZZZZZ1', '手1']) t.equal(columnAt(place), null, place);
});

t.test('every column is read back from its place', async (t) => {
  for (let column = 0; column < 16_384; column += 1) {
    if (columnAt(placeOf(column, 7)) !== column) t.fail(`${column}`);
  }
  t.equal(placeOf(2, 5), 'C5');
  t.equal(placeOf(702, 1), 'AAA1');
});
