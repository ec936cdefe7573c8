import t from 'tap';
import { duration, progressLine } from '../../src/commands/import-progress.ts';
import type { ImportProgress } from '../../src/http/schemas/import.ts';

/** A progress line on a stderr that is so wide, or no terminal; time goes on as it is told. */
function line(columns: number | null) {
  let [at, text] = [0, ''];
  const io = {
    now: () => at,
    columns: () => columns,
    stderr: (more: string) => {
      text += more;
    },
  };
  const after = (ms: number) => {
    at += ms;
  };
  return { ...progressLine(io), after, text: () => text };
}

const running = (done: number, over: Partial<ImportProgress> = {}): ImportProgress => ({
  state: 'running',
  rows: { total: 10_000, done, failed: 20 },
  rows_per_second: 1234.5,
  remaining_seconds: 83,
  classes: { existing: 20, new: done - 40, phone_empty: 20, other: 0 },
  decisions: {},
  ...over,
});

t.test('a terminal has one line that is rewritten, no longer than it is wide', async (t) => {
  const wide = line(200);
  wide.upload(500_000, 2_000_000);
  wide.rows(running(5000));
  wide.after(99);
  wide.rows(running(5001));
  wide.after(1);
  wide.rows(running(7500));
  wide.end();
  t.equal(
    wide.text(),
    '\ruploading [#####...............] 25 % 500.0 kB of 2.0 MB\u001b[K' +
      '\rrunning [##########..........] 50 % 5,000 of 10,000 rows, 1,235 rows/s, 1 min 23 s left, new 4,960, existing 20, phone_empty 20\u001b[K' +
      '\rrunning [###############.....] 75 % 7,500 of 10,000 rows, 1,235 rows/s, 1 min 23 s left, new 7,460, existing 20, phone_empty 20\u001b[K' +
      '\r\u001b[K',
  );
  const narrow = line(30);
  narrow.rows(running(5000));
  t.equal(narrow.text(), '\rrunning [##########..........\u001b[K');
});

t.test('elsewhere there is a plain line for each stage and every five seconds', async (t) => {
  const plain = line(null);
  plain.rows(running(0, { state: 'waiting' }));
  plain.rows(running(0, { state: 'checking' }));
  for (let second = 0; second < 11; second += 1) {
    plain.rows(running(1000 + second));
    plain.after(1000);
  }
  plain.rows(running(0, { state: 'failed', rows: { total: null, done: 0, failed: 0 } }));
  plain.end();
  const rest = ', 1,235 rows/s, 1 min 23 s left';
  t.equal(
    plain.text(),
    'waiting to be read\nreading the file\n' +
      `running 1,000 of 10,000 rows${rest}, new 960, existing 20, phone_empty 20\n` +
      `running 1,005 of 10,000 rows${rest}, new 965, existing 20, phone_empty 20\n` +
      `running 1,010 of 10,000 rows${rest}, new 970, existing 20, phone_empty 20\n` +
      'failed\n',
  );
});

t.test('times are said as a person says them', async (t) => {
  t.strictSame([0, 59, 60, 3599, 3600, 90_061].map(duration), [
    '0 s',
    '59 s',
    '1 min 0 s',
    '59 min 59 s',
    '1 h 0 min',
    '25 h 1 min',
  ]);
});
