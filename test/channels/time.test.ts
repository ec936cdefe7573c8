import fc from 'fast-check';
import t from 'tap';
import { readTime } from '../../src/channels/time.ts';
import { parseInstant } from '../../src/domain/instant.ts';

const MORNING = '2026-04-12T01:30:00.000Z'; // 9:30 in Shanghai
const CASES: readonly (readonly [unknown, string | null])[] = [
  ['2026-04-12 09:30:00', MORNING],
  ['2026/4/12 9:30', MORNING],
  ['2026年4月12日', '2026-04-11T16:00:00.000Z'],
  ['2026年4月12日9时30分', MORNING],
  ['2026年04月12日 09时30分00秒', MORNING],
  ['2026年4月12日 上午9:30', MORNING],
  ['2026年4月12日 下午9:30', '2026-04-12T13:30:00.000Z'],
  ['2026-04-12 下午3点', '2026-04-12T07:00:00.000Z'],
  ['2026-04-12 上午12:30', '2026-04-11T16:30:00.000Z'],
  ['2026-04-12 下午12:30', '2026-04-12T04:30:00.000Z'],
  ['2026-04-12 中午1点', '2026-04-12T05:00:00.000Z'],
  ['2026-4-12 9:30 PM', '2026-04-12T13:30:00.000Z'],
  ['2026年4月12日 星期日 09:30', MORNING],
  ['2026.4.12', '2026-04-11T16:00:00.000Z'],
  ['２０２６－０４－１２　０９：３０', MORNING],
  ['20260412', '2026-04-11T16:00:00.000Z'],
  ['20260412093000', MORNING],
  ['202604120930', MORNING],
  ['46124.39', '2026-04-12T01:21:36.000Z'],
  [46124.395833333336, MORNING],
  [46124, '2026-04-11T16:00:00.000Z'],
  ['1760000000', '2025-10-09T08:53:20.000Z'],
  [1760000000, '2025-10-09T08:53:20.000Z'],
  ['1760000000123', '2025-10-09T08:53:20.123Z'],
  [1760000000123, '2025-10-09T08:53:20.123Z'],
  ['2026-04-12T01:30:00Z', MORNING],
  ['2026-04-12T09:30:00+08:00', MORNING],
  ['2026-04-12T01:30:00+0000', MORNING],
  ['2026-04-12T01:30:00.000999Z', MORNING],
  ['2026-04-12 09:30:00 GMT+8', MORNING],
  ['2026-02-30', null],
  ['2026-13-01', null],
  ['2026-04-12 25:00', null],
  ['2026-04-12 上午13:00', null],
  ['2026-04-12 晚上12:00', null],
  ['04/12/2026', null],
  ['1999-12-31', null],
  ['2101-01-01', null],
  ['2026-04/12', null],
  ['2026-04-12 foo', null],
  ['周末', null],
  ['', null],
  [null, null],
  [Number.NaN, null],
  [{}, null],
  ['9'.repeat(100), null],
];

t.test('times as platforms, sheets and people write them', async (t) => {
  for (const [written, read] of CASES) t.equal(readTime(written, 'Asia/Shanghai'), read, String(written));
});

t.test('zones with summer time', async (t) => {
  t.equal(readTime('2026-07-01 12:00', 'America/New_York'), '2026-07-01T16:00:00.000Z');
  t.equal(readTime('2026-01-01 12:00', 'America/New_York'), '2026-01-01T17:00:00.000Z');
  t.equal(
    readTime('2026-03-08 02:30', 'America/New_York'),
    '2026-03-08T07:30:00.000Z',
    'a skipped time is as much later',
  );
  t.equal(readTime('2026-11-01 01:30', 'America/New_York'), '2026-11-01T05:30:00.000Z', 'of two the first');
  t.equal(readTime('2026-01-01', 'Nowhere/Never'), null);
});

t.test('whatever is read, the way in accepts, and reading it again changes nothing', async () => {
  const number = (min: number, max: number) => fc.integer({ min, max });
  const text = fc
    .tuple(
      number(1998, 2102),
      number(0, 13),
      number(0, 32),
      number(0, 25),
      number(0, 61),
      fc.constantFrom('-', '/', '.'),
    )
    .map(([y, m, d, h, min, sep]) => `${y}${sep}${m}${sep}${d} ${h}:${min}`);
  fc.assert(
    fc.property(fc.oneof(text, fc.string(), fc.double(), number(0, 5_000_000_000_000)), (written) => {
      const read = readTime(written, 'Asia/Shanghai');
      return read === null || (parseInstant(read) !== null && readTime(read, 'UTC') === read);
    }),
  );
});
