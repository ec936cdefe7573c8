import fc from 'fast-check';
import t from 'tap';
import {
  type AttemptResult,
  DEFAULT_SCHEDULE,
  type FaultClass,
  horizonOf,
  leaseOf,
  type RetryRules,
  readRetryAfter,
  resultOfStatus,
  type Verdict,
  verdictOf,
} from '../../src/domain/retry.ts';

const NOW = Date.UTC(2026, 5, 1, 4);
const HOLD = { seconds: 600, attempts: 5 };
const RULES: RetryRules = { schedule: DEFAULT_SCHEDULE, hold: HOLD };
const JITTER = 0.2;
const FOREVER = { seconds: 86_400, attempts: 30 };

function failure(fault: FaultClass, more: { readonly retryAfterMs?: number; readonly result?: string } = {}) {
  return { kind: 'failed', result: 'it_failed', status: null, fault, retryAfterMs: null, ...more } as const;
}

interface Step {
  readonly at: number; // of the attempt
  readonly attempts: number; // with it
  readonly verdict: Verdict;
}

/** A delivery whose attempts all end as `results` says, each made when it is due, to its end. */
function run(
  results: (index: number) => AttemptResult,
  rules: RetryRules,
  chance: (index: number) => number = () => 0,
): readonly Step[] {
  const steps: Step[] = [];
  let at = NOW;
  let attempts = 0;
  for (let index = 0; index < 10_000; index += 1) {
    attempts += 1;
    const verdict = verdictOf(results(index), { attempts, firstAttemptAt: NOW }, rules, at, chance(index));
    steps.push({ at, attempts, verdict });
    if (verdict.kind !== 'retry') return steps;
    attempts -= verdict.refund;
    at = verdict.dueAt;
  }
  return steps;
}

const parkedAt = (steps: readonly Step[]): number | undefined =>
  steps.find(({ verdict }) => verdict.kind === 'retry' && verdict.parked)?.attempts;

t.test('every status from 100 to 599 is what the rules say, with and without Retry-After', async (t) => {
  const fault = (status: number, retryAfterMs: number | null): FaultClass | null => {
    const result = resultOfStatus(status, retryAfterMs);
    return result.kind === 'failed' ? result.fault : null;
  };
  const counts = new Map<string, number>();
  for (let status = 100; status <= 599; status += 1) {
    const without =
      status >= 200 && status <= 299
        ? null
        : status === 410
          ? 'gone'
          : [408, 425, 429].includes(status) || status >= 500
            ? 'transient'
            : 'rejected';
    t.equal(fault(status, null), without, `${status}`);
    t.equal(fault(status, 0), [429, 503].includes(status) ? 'throttled' : without, `${status} with Retry-After`);
    counts.set(String(without), (counts.get(String(without)) ?? 0) + 1);
    const result = resultOfStatus(status, null);
    t.equal(result.result, without === null ? 'delivered' : `http_${status}`);
    t.equal(result.status, status);
  }
  t.strictSame(Object.fromEntries(counts), { null: 100, gone: 1, transient: 103, rejected: 296 });
});

t.test('the published times, without jitter and with all of it', async (t) => {
  const published = [0, 5, 60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
  t.strictSame(DEFAULT_SCHEDULE, published);
  t.equal(horizonOf(DEFAULT_SCHEDULE), 272_165, 'three days and some hours, after the first attempt');
  for (const [chance, factor] of [
    [0, 1],
    [0.5, 1.1],
    [1 - 2 ** -32, 1.2],
  ] as const) {
    const steps = run(
      () => failure('transient'),
      RULES,
      () => chance,
    );
    const waits = steps.map(({ at }, index) => at - (steps[index - 1]?.at ?? NOW));
    t.strictSame(
      waits,
      published.map((seconds) => Math.round(seconds * 1000 * factor)),
      `with ${factor}`,
    );
    t.strictSame(steps.at(-1)?.verdict, { kind: 'dead', reason: 'exhausted:it_failed' });
  }
});

t.test('what follows from each class of fault at the first attempt', async (t) => {
  const first = { attempts: 1, firstAttemptAt: NOW };
  const verdict = (result: AttemptResult) => verdictOf(result, first, RULES, NOW, 0);
  const retry = { kind: 'retry', parked: false, pauses: false, reason: 'it_failed' };
  for (const [result, follows] of [
    [{ kind: 'delivered', result: 'delivered', status: 204 }, { kind: 'delivered' }],
    [failure('transient'), { ...retry, dueAt: NOW + 5_000, refund: 0 }],
    [failure('rejected'), { ...retry, dueAt: NOW + 5_000, refund: 0 }],
    [failure('throttled', { retryAfterMs: 90_000 }), { ...retry, dueAt: NOW + 90_000, refund: 1 }],
    [failure('throttled', { retryAfterMs: 0 }), { ...retry, dueAt: NOW + 1_000, refund: 1 }],
    [failure('gone'), { ...retry, dueAt: NOW, refund: 1, pauses: true }],
    [failure('forbidden'), { kind: 'dead', reason: 'it_failed' }],
  ] as const) {
    t.strictSame(verdict(result), follows, `${result.kind} ${'fault' in result ? result.fault : ''}`);
  }
});

t.test('Retry-After is read in its two forms, in whatever zone the process is', async (t) => {
  const { TZ } = process.env;
  process.env.TZ = 'Asia/Shanghai';
  t.teardown(() => {
    if (TZ === undefined) delete process.env.TZ;
    else process.env.TZ = TZ;
  });
  t.equal(new Date(NOW).getTimezoneOffset(), -480);
  const at = Date.UTC(1994, 10, 6, 8, 49, 0);
  for (const [text, ms] of [
    ['0', 0],
    ['120', 120_000],
    [' 120 ', 120_000],
    ['999999999', 999_999_999_000],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 37_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 37_000],
    ['Sun Nov  6 08:49:37 1994', 37_000],
    ['Sun, 06 Nov 1994 08:48:59 GMT', 0],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['-5', null],
    ['1.5', null],
    ['1e3', null],
    ['0x10', null],
    ['1780288200', null],
    ['soon', null],
    ['Sometime tomorrow', null],
    ['', null],
    ['  ', null],
    [null, null],
  ] as const) {
    t.equal(readRetryAfter(text, at), ms, String(text));
  }
  fc.assert(
    fc.property(
      fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2090, 0) }),
      fc.integer({ min: 0, max: 864_000 }),
      (now, seconds) =>
        readRetryAfter(new Date(now + seconds * 1000).toUTCString(), now) === milliseconds(now, seconds),
    ),
  );
  fc.assert(
    fc.property(fc.string(), (text) => {
      const read = readRetryAfter(text, NOW);
      return read === null || (Number.isFinite(read) && read >= 0);
    }),
  );
});

/** An HTTP date has whole seconds. */
function milliseconds(now: number, seconds: number): number {
  return Math.max(0, Math.floor((now + seconds * 1000) / 1000) * 1000 - now);
}

t.test('429 and 503: with Retry-After they move the time and cost nothing, without they cost like any', async (t) => {
  for (const status of [429, 503]) {
    const told = resultOfStatus(status, 30_000);
    const steps = run((index) => (index < 40 ? told : resultOfStatus(200, null)), RULES);
    t.equal(steps.length, 41, 'forty times half a minute, and delivered');
    t.ok(steps.every(({ attempts }) => attempts === 1));
    t.strictSame(steps.at(-1), { at: NOW + 40 * 30_000, attempts: 1, verdict: { kind: 'delivered' } });
    t.equal(run(() => resultOfStatus(status, null), RULES).length, DEFAULT_SCHEDULE.length);
  }
  t.equal(
    run(() => resultOfStatus(500, 30_000), RULES).length,
    DEFAULT_SCHEDULE.length,
    'of another 5xx it says nothing',
  );
});

t.test('what is only put off is never put off beyond the horizon, tried there, and given up', async (t) => {
  const end = NOW + horizonOf(DEFAULT_SCHEDULE) * 1000;
  const steps = run(() => failure('throttled', { retryAfterMs: 999_999_999_000 }), RULES);
  t.strictSame(
    steps.map(({ at }) => at),
    [NOW, end],
  );
  t.strictSame(steps.at(-1)?.verdict, { kind: 'dead', reason: 'horizon_passed' });
  const once = run(() => failure('throttled', { retryAfterMs: 1000 }), { schedule: [0], hold: HOLD });
  t.strictSame(
    once.map(({ verdict }) => verdict),
    [{ kind: 'dead', reason: 'horizon_passed' }],
    'a schedule of one attempt leaves no room',
  );
});

t.test('410 pauses every time, costs nothing, and is due at once when the endpoint is resumed', async (t) => {
  for (const attempts of [1, 4, 11, 30]) {
    const verdict = verdictOf(resultOfStatus(410, null), { attempts, firstAttemptAt: NOW }, RULES, NOW + 5, 0.9);
    t.match(verdict, { kind: 'retry', refund: 1, pauses: true, dueAt: NOW + 5, reason: 'http_410' });
  }
});

t.test('redirects and other 4xx: three retries, then parked, and still tried to the end', async (t) => {
  for (const status of [300, 301, 302, 307, 308, 400, 401, 403, 404, 409, 413, 422, 451]) {
    const steps = run(() => resultOfStatus(status, null), RULES);
    t.equal(parkedAt(steps), 4, `${status} is parked after the third retry`);
    t.equal(steps.length, DEFAULT_SCHEDULE.length);
    t.ok(steps.slice(3, -1).every(({ verdict }) => verdict.kind === 'retry' && verdict.parked));
    t.strictSame(steps.at(-1)?.verdict, { kind: 'dead', reason: `exhausted:http_${status}` });
  }
  const patient = run(() => resultOfStatus(404, null), { ...RULES, hold: FOREVER });
  t.equal(parkedAt(patient), 4, 'whatever the hold');
});

t.test('5xx, timeouts and the like: parked after five attempts or ten minutes, and still tried', async (t) => {
  const quick = { schedule: [0, 1, 1, 1, 1, 1, 1, 1], hold: HOLD };
  const slow = { schedule: [0, 599, 1, 1000, 1000], hold: HOLD };
  for (const result of [resultOfStatus(500, null), resultOfStatus(408, null), failure('transient')]) {
    t.equal(parkedAt(run(() => result, quick)), 5, 'the fifth attempt, within seconds');
    const steps = run(() => result, slow);
    t.equal(parkedAt(steps), 3, 'ten minutes after the first attempt');
    t.strictSame(
      steps.map(({ at }) => at - NOW),
      [0, 599_000, 600_000, 1_600_000, 2_600_000],
    );
    t.equal(steps.at(-1)?.verdict.kind, 'dead');
    t.equal(
      parkedAt(run(() => result, { schedule: [0, 0], hold: { seconds: 0, attempts: 30 } })),
      1,
      'a hold of nothing',
    );
  }
});

t.test('what costs no attempt is not counted for the hold', async (t) => {
  const put = (attempts: number, fault: FaultClass) =>
    verdictOf(failure(fault, { retryAfterMs: 1000 }), { attempts, firstAttemptAt: NOW }, RULES, NOW, 0);
  for (const fault of ['throttled', 'gone'] as const) {
    t.match(put(5, fault), { parked: false }, 'four have failed');
    t.match(put(6, fault), { parked: true });
  }
  t.match(put(5, 'transient'), { parked: true });
  const late = verdictOf(failure('throttled'), { attempts: 1, firstAttemptAt: NOW }, RULES, NOW + 600_000, 0);
  t.match(late, { parked: true, refund: 1 }, 'but time is');
});

t.test('an address that may not be called is dead at once, however many attempts there were', async (t) => {
  for (const attempts of [1, 5, 11]) {
    const result = failure('forbidden', { result: 'forbidden_address' });
    const verdict = verdictOf(result, { attempts, firstAttemptAt: NOW }, RULES, NOW, 0);
    t.strictSame(verdict, { kind: 'dead', reason: 'forbidden_address' });
  }
});

t.test('a claim lasts ten seconds longer than the timeout, and never longer than thirty', async (t) => {
  t.strictSame([500, 15_000, 20_000, 25_000].map(leaseOf), [10_500, 25_000, 30_000, 30_000]);
});

const schedule = fc.array(fc.integer({ min: 0, max: 604_800 }), { minLength: 1, maxLength: 30 });
const hold = fc.record({ seconds: fc.integer({ min: 0, max: 86_400 }), attempts: fc.integer({ min: 1, max: 30 }) });
const chances = fc.infiniteStream(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }));
const wait = fc.option(fc.integer({ min: 0, max: 10_000_000 }), { nil: null });
const anyFault = fc.constantFrom<FaultClass>('transient', 'throttled', 'rejected', 'gone', 'forbidden');

t.test('laws of one verdict', async () => {
  fc.assert(
    fc.property(
      fc.record({ schedule, hold }),
      anyFault,
      wait,
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 0, max: 1_000_000_000 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (rules, fault, retryAfterMs, attempts, age, chance) => {
        const now = NOW + age;
        const result = { kind: 'failed', result: 'r', status: null, fault, retryAfterMs } as const;
        const verdict = verdictOf(result, { attempts, firstAttemptAt: NOW }, rules, now, chance);
        if (verdict.kind === 'dead') return verdict.reason !== '';
        if (verdict.kind !== 'retry') return false;
        const free = fault === 'throttled' || fault === 'gone';
        return (
          Number.isInteger(verdict.dueAt) &&
          verdict.dueAt >= now &&
          verdict.refund === (free ? 1 : 0) &&
          verdict.pauses === (fault === 'gone') &&
          (free || attempts < rules.schedule.length)
        );
      },
    ),
    { numRuns: 500 },
  );
});

t.test('a failure without end ends dead in time, and attempts never pass the schedule', async (t) => {
  let ends = 0;
  fc.assert(
    fc.property(
      fc.record({ schedule, hold }),
      fc.array(
        fc.record({
          fault: fc.constantFrom<FaultClass>('transient', 'throttled', 'rejected'),
          wait: fc.integer({ min: 1_000_000, max: 9_000_000 }),
        }),
        { minLength: 1, maxLength: 5 },
      ),
      chances,
      (rules, faults, stream) => {
        const fault = (index: number): FaultClass => faults[index % faults.length]?.fault ?? 'transient';
        const steps = run(
          (index) => failure(fault(index), { retryAfterMs: faults[index % faults.length]?.wait ?? 0 }),
          rules,
          () => stream.next().value,
        );
        const last = steps.at(-1);
        const kinds = new Set(steps.map((_, index) => fault(index)));
        // What was put off to the end of the horizon may have its whole schedule still before it.
        const putOff = kinds.has('throttled') && kinds.size > 1 ? 1 : 0;
        const most = horizonOf(rules.schedule) * 1000 * (1 + JITTER + putOff) + 30; // 30: a rounded millisecond each
        ends += 1;
        return (
          last?.verdict.kind === 'dead' &&
          last.at - NOW <= most &&
          steps.every(({ attempts }) => attempts <= rules.schedule.length)
        );
      },
    ),
    { numRuns: 300 },
  );
  t.ok(ends >= 300);
});
