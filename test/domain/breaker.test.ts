import fc from 'fast-check';
import t from 'tap';
import { allowed, type Breaker, breakerAt, CLOSED, failed, rampRate, succeeded } from '../../src/domain/breaker.ts';

const NOW = Date.UTC(2026, 5, 1, 4);
const CAP = 16;
const MIDDLE = 0.5; // of the chance: a pause as long as it is named

function failedTimes(times: number, from: Breaker = CLOSED): Breaker {
  let breaker = from;
  for (let time = 0; time < times; time += 1) breaker = failed(breaker, NOW, MIDDLE);
  return breaker;
}

/** Opens, is probed and fails again so often; the pauses in milliseconds. */
function pauses(times: number, chance: number): readonly number[] {
  let breaker: Breaker = { state: 'closed', failures: 9 };
  let now = NOW;
  const taken: number[] = [];
  for (let time = 0; time < times; time += 1) {
    breaker = failed(breakerAt(breaker, now), now, chance);
    if (breaker.state !== 'open') throw new Error(`it is ${breaker.state}`);
    taken.push(breaker.until - now);
    now = breaker.until;
  }
  return taken;
}

t.test('it opens after ten failures in a row, and not for nine and a success', async (t) => {
  t.match(failedTimes(9), { state: 'closed', failures: 9 });
  t.equal(allowed(failedTimes(9), CAP), CAP);
  t.strictSame(failedTimes(10), { state: 'open', until: NOW + 1_000, opened: 1 });
  t.equal(allowed(failedTimes(10), CAP), 0);
  let breaker: Breaker = CLOSED;
  for (let round = 0; round < 20; round += 1) {
    breaker = succeeded(failedTimes(9, breaker), NOW);
    t.equal(breaker, CLOSED, 'counting begins anew');
  }
});

t.test('its pause doubles from a second to five minutes', async (t) => {
  const published = [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300];
  for (const [chance, factor] of [
    [0, 0.8],
    [MIDDLE, 1],
    [1 - 2 ** -32, 1.2],
  ] as const) {
    t.strictSame(
      pauses(published.length, chance),
      published.map((seconds) => Math.round(seconds * 1000 * factor)),
    );
  }
  t.equal(pauses(2_000, MIDDLE).at(-1), 300_000, 'however often');
});

t.test('when its pause is over one probe goes, and what it says decides', async (t) => {
  const open = failedTimes(10);
  t.equal(breakerAt(open, NOW + 999), open);
  const probing = breakerAt(open, NOW + 1_000);
  t.strictSame(probing, { state: 'half_open', opened: 1 });
  t.equal(allowed(probing, CAP), 1);
  t.equal(rampRate(probing, NOW), null);
  t.strictSame(failed(probing, NOW + 1_500, MIDDLE), { state: 'open', until: NOW + 3_500, opened: 2 });
  t.strictSame(succeeded(probing, NOW + 1_500), { state: 'recovering', since: NOW + 1_500, opened: 1 });
});

t.test('what was under way when it opened neither closes it nor lengthens its pause', async (t) => {
  const open = failedTimes(10);
  t.equal(succeeded(open, NOW + 1), open);
  t.equal(failed(open, NOW + 1, 1), open);
});

t.test('it lets more and more through, twice as much every three seconds, and is closed after thirty', async (t) => {
  const recovering: Breaker = { state: 'recovering', since: NOW, opened: 3 };
  const rates = [0, 3, 6, 9, 27].map((seconds) => rampRate(recovering, NOW + seconds * 1000));
  t.strictSame(rates, [10, 20, 40, 80, 5_120]);
  t.equal(rampRate(recovering, NOW - 5_000), 10, 'a clock that was put back');
  t.equal(allowed(recovering, CAP), CAP);
  t.equal(succeeded(recovering, NOW + 29_999), recovering);
  t.equal(breakerAt(recovering, NOW + 29_999), recovering);
  t.equal(breakerAt(recovering, NOW + 30_000), CLOSED);
  t.equal(rampRate(CLOSED, NOW), null);
});

t.test('a failure while it recovers opens it for longer than before', async (t) => {
  const recovering = succeeded(breakerAt(failedTimes(10), NOW + 1_000), NOW + 1_000);
  t.strictSame(failed(recovering, NOW + 5_000, MIDDLE), { state: 'open', until: NOW + 7_000, opened: 2 });
  const over = breakerAt(recovering, NOW + 31_000);
  t.match(failed(over, NOW + 31_000, MIDDLE), { state: 'closed', failures: 1 }, 'once it has recovered, one is one');
});

type Step = { readonly after: number; readonly says: 'works' | 'fails' | 'nothing'; readonly chance: number };
const step: fc.Arbitrary<Step> = fc.record({
  after: fc.oneof(fc.constantFrom(0, 1, 1_000), fc.integer({ min: 0, max: 400_000 })),
  says: fc.oneof(
    { weight: 12, arbitrary: fc.constant('fails' as const) },
    { weight: 2, arbitrary: fc.constantFrom('works' as const, 'nothing' as const) },
  ),
  chance: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});

t.test('laws of any run', async (t) => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(fc.array(step, { minLength: 60, maxLength: 120 }), fc.integer({ min: 1, max: 256 }), (steps, cap) => {
      let breaker: Breaker = CLOSED;
      let now = NOW;
      let inRow = 0;
      for (const { after, says, chance } of steps) {
        now += after;
        const before = breakerAt(breaker, now);
        seen.add(before.state);
        if (breakerAt(before, now) !== before) return false; // looking twice changes nothing
        const most = allowed(before, cap);
        if (most !== (before.state === 'open' ? 0 : before.state === 'half_open' ? 1 : cap)) return false;
        const rate = rampRate(before, now);
        if ((rate !== null) !== (before.state === 'recovering') || (rate ?? 10) < 10 || (rate ?? 0) > 10_240)
          return false;
        breaker = says === 'nothing' ? before : says === 'works' ? succeeded(before, now) : failed(before, now, chance);
        inRow = before.state !== 'closed' || says === 'works' ? 0 : says === 'fails' ? inRow + 1 : inRow;
        if (before.state === 'closed' && (breaker.state === 'open') !== (inRow === 10)) return false;
        if (breaker.state === 'open') {
          if (breaker.until <= now && before.state !== 'open') return false;
          if (breaker.until - now > 360_000) return false; // never spared longer than five minutes and a fifth
          inRow = 0;
        }
      }
      return true;
    }),
    { numRuns: 500 },
  );
  t.strictSame([...seen].sort(), ['closed', 'half_open', 'open', 'recovering'], 'every state was met');
});

t.test('an endpoint that works again is sent to in full within its pause and half a minute', async () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let breaker: Breaker = CLOSED;
      let now = NOW;
      for (const { after, chance } of steps) {
        now += after;
        breaker = failed(breakerAt(breaker, now), now, chance);
      }
      const well = now;
      while (breakerAt(breaker, now).state !== 'closed' && now - well < 1_000_000) {
        if (allowed(breakerAt(breaker, now), CAP) > 0) breaker = succeeded(breakerAt(breaker, now), now);
        now += 100;
      }
      return now - well <= 360_000 + 30_000 + 200;
    }),
    { numRuns: 50 },
  );
});
