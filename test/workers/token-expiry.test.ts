import t from 'tap';
import { tokenExpiry } from '../../src/flows/token-expiry.ts';
import { tokenExpiryWorker } from '../../src/workers/token-expiry.ts';

const DAY = 86_400_000;
const BEGAN = Date.parse('2026-06-01T00:00:00Z');

t.test('from a week before, once a day', async (t) => {
  let now = BEGAN;
  const source = (id: string, said?: string) =>
    ({ source: { id }, credentials: said === undefined ? {} : { access_token_expires_at: said } }) as never;
  const sources = [source('a', '2026-06-10T00:00:00Z'), source('b'), source('c', 'soon')];
  const told: string[] = [];
  const worker = tokenExpiryWorker(
    { all: async () => sources },
    () => now,
    ({ id }, at) => void told.push(`${id} ${(at - now) / DAY}`),
  );
  for (let hour = 0; hour < 11 * 24; hour += 1) {
    now = BEGAN + hour * 3_600_000;
    await worker.round();
  }
  t.strictSame(told, [
    'a 6.958333333333333',
    'a 5.958333333333333',
    'a 4.958333333333333',
    'a 3.9583333333333335',
    'a 2.9583333333333335',
    'a 1.9583333333333333',
    'a 0.9583333333333334',
    'a -0.041666666666666664',
    'a -1.0416666666666667',
  ]);
});

t.test('what an operator said', async (t) => {
  t.equal(
    tokenExpiry({ credentials: { access_token_expires_at: '2026-06-10T08:00:00+08:00' } }),
    Date.UTC(2026, 5, 10),
  );
  t.equal(tokenExpiry({ credentials: {} }), null);
});
