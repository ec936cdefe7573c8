import fc from 'fast-check';
import t from 'tap';
import { nextTurn, type Turn, type WheelMember } from '../../src/domain/wheel.ts';

const even = (...codes: string[]): WheelMember[] => codes.map((code) => ({ code, weight: 1 }));

/** Whom a wheel picks, so many times, from where it stands. */
function turns(
  start: Turn | null,
  members: readonly WheelMember[],
  count: number,
): { picked: string[]; last: Turn | null } {
  const picked: string[] = [];
  let last = start;
  for (let n = 0; n < count; n += 1) {
    last = nextTurn(last, members);
    picked.push(last?.code ?? '');
  }
  return { picked, last };
}

const counts = (picked: readonly string[], members: readonly WheelMember[]): number[] =>
  members.map(({ code }) => picked.filter((one) => one === code).length);

const team = fc
  .uniqueArray(fc.string({ minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 7 })
  .chain((codes) =>
    fc.tuple(...codes.map((code) => fc.record({ code: fc.constant(code), weight: fc.integer({ min: 1, max: 9 }) }))),
  );
const evenTeam = team.map((members) => members.map(({ code }) => ({ code, weight: 1 })));
// Wherever a wheel may stand after people came, went and changed their weight.
const anywhere = fc
  .array(fc.tuple(team, fc.integer({ min: 1, max: 12 })), { maxLength: 4 })
  .map((past) => past.reduce<Turn | null>((last, [members, count]) => turns(last, members, count).last, null));

t.test('nobody there, nobody picked', async (t) => {
  t.equal(nextTurn(null, []), null);
});

t.test('law: within 1 over any window while the same people are there, wherever it stood', async () => {
  fc.assert(
    fc.property(anywhere, evenTeam, fc.nat(20), fc.integer({ min: 1, max: 20 }), (start, members, from, length) => {
      const window = turns(start, members, from + length).picked.slice(from);
      const each = counts(window, members);
      return Math.max(...each) - Math.min(...each) <= 1;
    }),
  );
});

t.test('law: any window of one round is exact for any weights, wherever it stood', async () => {
  fc.assert(
    fc.property(anywhere, team, fc.nat(40), (start, members, from) => {
      const round = members.reduce((sum, { weight }) => sum + weight, 0);
      const window = turns(start, members, from + round).picked.slice(from);
      const each = counts(window, members);
      return members.every(({ weight }, at) => each[at] === weight);
    }),
  );
});

t.test('law: whoever is passed by loses the turn, and those who stay keep their order', async () => {
  fc.assert(
    fc.property(anywhere, evenTeam, fc.nat(20), (start, members, away) => {
      const rest = members.filter((_, at) => at !== away % members.length);
      fc.pre(rest.length > 0);
      const all = turns(start, members, members.length * 3).picked;
      const without = all.filter((code) => rest.some((one) => one.code === code));
      const { picked } = turns(start, rest, without.length);
      return picked.join() === without.join();
    }),
  );
});

t.test('scenario 72: weights of 3 to 1 give 3 and 1 in any 4', async (t) => {
  for (const [heavy, light] of [
    ['A1', 'A2'],
    ['A2', 'A1'],
  ] as const) {
    const members = [
      { code: heavy, weight: 3 },
      { code: light, weight: 1 },
    ];
    const { picked } = turns(null, members, 40);
    for (let from = 0; from + 4 <= picked.length; from += 1) {
      t.strictSame(counts(picked.slice(from, from + 4), members), [3, 1], `from ${from}`);
    }
    t.strictSame(counts(picked.slice(0, 8), members), [6, 2]);
  }
});

t.test(
  'scenario 71: a newcomer takes two of the next eight, whatever the code and however much the others had',
  async (t) => {
    for (const newcomer of ['A0', 'A15', 'A4']) {
      for (const before of [500 * 3, 500 * 3 + 1, 500 * 3 + 2]) {
        const { last } = turns(null, even('A1', 'A2', 'A3'), before);
        const members = even('A1', 'A2', 'A3', newcomer);
        t.strictSame(counts(turns(last, members, 8).picked, members), [2, 2, 2, 2], `${newcomer} after ${before}`);
      }
    }
  },
);

t.test("a departed person's turn goes to the following one", async (t) => {
  const { last } = turns(null, even('A1', 'A2', 'A3'), 1);
  t.equal(nextTurn(last, even('A1', 'A3'))?.code, 'A3');
});

t.test('a weight that is changed takes hold from the next turn on', async (t) => {
  const { last } = turns(null, even('A1', 'A2'), 7);
  const members = [
    { code: 'A1', weight: 3 },
    { code: 'A2', weight: 2 },
  ];
  t.strictSame(counts(turns(last, members, 5).picked, members), [3, 2]);
});
