import t from 'tap';
import { columnLetter } from '../../src/channels/column-letter.ts';

t.test('columns as spreadsheets name them', async (t) => {
  const wanted = { 0: 'A', 25: 'Z', 26: 'AA', 51: 'AZ', 52: 'BA', 701: 'ZZ', 702: 'AAA', 16383: 'XFD' };
  for (const [index, letter] of Object.entries(wanted)) t.equal(columnLetter(Number(index)), letter);
});
