import fc from 'fast-check';
import t from 'tap';
import { dateText, isoDateText } from '../../src/sheets/xlsx-date.ts';

t.test('a day number is wall time', async (t) => {
  t.equal(dateText(46_124, '1900'), '2026-04-12');
  t.equal(dateText(46_124.395_833_333_3, '1900'), '2026-04-12 09:30:00');
  t.equal(dateText(44_662.395_833_333_3, '1904'), '2026-04-12 09:30:00', 'of a workbook that counts from 1904');
  t.equal(dateText(46_123.999_999_99, '1900'), '2026-04-12', 'what is short of a day by less than a second');
  t.equal(dateText(1, '1900'), '1900-01-01');
  t.equal(dateText(59, '1900'), '1900-02-28');
  t.equal(dateText(61, '1900'), '1900-03-01');
});

t.test('a time of day has no day', async (t) => {
  t.equal(dateText(0.395_833_333_333_333, '1900'), '09:30:00');
  t.equal(dateText(0, '1904'), '00:00:00');
  t.equal(dateText(0.999_999_9, '1900'), '23:59:59');
});

t.test('what no calendar holds is no date', async (t) => {
  for (const serial of [-1, Number.NaN, 3_000_000, Number.POSITIVE_INFINITY]) t.equal(dateText(serial, '1900'), null);
});

t.test('every second is read back', async () => {
  const second = fc.integer({ min: 61 * 86_400, max: 100_000 * 86_400 });
  fc.assert(
    fc.property(second, (seconds) => {
      const text = dateText(seconds / 86_400, '1900') ?? '';
      return (Date.parse(`${text.padEnd(19, ' 00:00:00')}Z`) - Date.UTC(1899, 11, 30)) / 1000 === seconds;
    }),
  );
});

t.test('a date that is written out takes the same form', async (t) => {
  t.equal(isoDateText('2026-04-12T09:30:00'), '2026-04-12 09:30:00');
  t.equal(isoDateText('2026-04-12T09:30:00.000Z'), '2026-04-12 09:30:00');
  t.equal(isoDateText('2026-04-12T00:00:00'), '2026-04-12');
  t.equal(isoDateText('2026-04-12'), '2026-04-12');
  t.equal(isoDateText('soon'), 'soon');
});
