import fc from 'fast-check';
import t from 'tap';
import type { Adviser, Directory } from '../../src/domain/directory.ts';
import { EMPTY_DIRECTORY } from '../../src/domain/directory.ts';
import { findOwner } from '../../src/domain/find-owner.ts';
import { countGiven, type Staffing, staffingOf } from '../../src/domain/staffing.ts';

const AT = Date.parse('2026-06-10T12:00:00+08:00');
const CODES = ['A1', 'A2', 'A3', 'A4', 'A5'];
const adviser = (code: string, more: Partial<Adviser> = {}): Adviser => ({
  code,
  name: code,
  stores: ['S1'],
  regions: [],
  hq: false,
  skills: [],
  weight: 1,
  openCap: null,
  dailyCap: null,
  shifts: null,
  leave: [],
  active: true,
  externalRef: null,
  version: 1,
  ...more,
});

/** What happens to a store: somebody comes, leaves, has another cap, closes a lead, is given one by hand; or a lead comes. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ kind: 'lead' } as const) },
  fc.record({ kind: fc.constantFrom('there', 'away', 'closes', 'by hand'), who: fc.constantFrom(...CODES) }),
  fc.record({
    kind: fc.constant('cap' as const),
    who: fc.constantFrom(...CODES),
    open: fc.option(fc.nat(4)),
    daily: fc.option(fc.nat(6)),
  }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

interface Pick {
  readonly adviser: string | null;
  readonly eligible: readonly string[]; // at that moment, by code
}

/** Plays steps on one wheel; the eligible are counted here, by rules of their own. */
function play(steps: readonly Step[]): { readonly picks: readonly Pick[]; readonly exceeded: boolean } {
  const team = new Map<string, Adviser>(CODES.slice(0, 3).map((code) => [code, adviser(code)]));
  const open = new Map<string, number>();
  const given = new Map<string, number>();
  const add = (counts: Map<string, number>, code: string, n: number) => counts.set(code, (counts.get(code) ?? 0) + n);
  const picks: Pick[] = [];
  let turns: Staffing['turns'] = new Map();
  let exceeded = false;
  for (const one of steps) {
    // As every batch does: from what is stored, not from what was in memory.
    const directory: Directory = { ...EMPTY_DIRECTORY, advisers: new Map(team) };
    const staffing = staffingOf(directory, { turns, open, given });
    switch (one.kind) {
      case 'there':
        if (!team.has(one.who)) team.set(one.who, adviser(one.who));
        break;
      case 'away':
        team.delete(one.who);
        break;
      case 'closes':
        if ((open.get(one.who) ?? 0) > 0) add(open, one.who, -1);
        break;
      case 'cap': {
        const known = team.get(one.who);
        if (known !== undefined) team.set(one.who, { ...known, openCap: one.open, dailyCap: one.daily });
        break;
      }
      case 'by hand':
        countGiven(staffing, one.who);
        if (staffing.moved.size > 0) exceeded = true; // it moves no turn
        add(open, one.who, 1);
        add(given, one.who, 1);
        break;
      case 'lead': {
        const eligible = [...team.values()]
          .filter(({ code, openCap, dailyCap }) => {
            const [has, got] = [open.get(code) ?? 0, given.get(code) ?? 0];
            return (openCap === null || has < openCap) && (dailyCap === null || got < dailyCap);
          })
          .map(({ code }) => code)
          .sort();
        const asked = { at: AT, takenFrom: [], coolDownHours: 168, skill: null };
        const found = findOwner(staffing, ['store:S1'], asked, 'wait');
        picks.push({ adviser: found.adviser, eligible });
        turns = staffing.turns;
        if (found.adviser !== null) {
          add(open, found.adviser, 1);
          add(given, found.adviser, 1);
          const who = team.get(found.adviser);
          if (who?.openCap != null && (open.get(who.code) ?? 0) > who.openCap) exceeded = true;
          if (who?.dailyCap != null && (given.get(who.code) ?? 0) > who.dailyCap) exceeded = true;
        }
        break;
      }
    }
  }
  return { picks, exceeded };
}

const steps = fc.array(step, { minLength: 5, maxLength: 120 });

t.test(
  'law: whoever comes, goes, is full or is given leads by hand, the turn goes to the following one who can',
  async () => {
    fc.assert(
      fc.property(steps, (given) => {
        const { picks, exceeded } = play(given);
        let last = '';
        for (const { adviser: picked, eligible } of picks) {
          if (picked !== (eligible.find((code) => code > last) ?? eligible[0] ?? null)) return false;
          last = picked ?? last;
        }
        return !exceeded;
      }),
      { numRuns: 300 },
    );
  },
);

t.test('law: counts within any window differ by 1 at most while the eligible set stands', async (t) => {
  let windows = 0;
  fc.assert(
    fc.property(steps, (given) => {
      const { picks } = play(given);
      for (let from = 0; from < picks.length; from += 1) {
        const { eligible } = picks[from] as Pick;
        const counts = new Map(eligible.map((code) => [code, 0]));
        for (let at = from; at < picks.length && picks[at]?.eligible.join() === eligible.join(); at += 1) {
          const picked = picks[at]?.adviser ?? null;
          if (picked === null) break;
          counts.set(picked, (counts.get(picked) ?? 0) + 1);
          windows += 1;
          if (Math.max(...counts.values()) - Math.min(...counts.values()) > 1) return false;
        }
      }
      return true;
    }),
    { numRuns: 300 },
  );
  t.ok(windows > 1_000, `${windows} windows were looked at`);
});

t.test(
  'law: weights are exact in any window of a round, wherever the wheel stood and whoever was full before',
  async () => {
    const weights = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(weights, fc.array(fc.nat(4), { maxLength: 12 }), fc.nat(12), (weights, before, from) => {
        const team = weights.map((weight, n) => adviser(CODES[n] ?? '', { weight }));
        const store = { code: 'S1', pick: 'weighted' } as const;
        const directory = {
          ...EMPTY_DIRECTORY,
          stores: new Map([['S1', store]]) as unknown as Directory['stores'],
          advisers: new Map(team.map((one) => [one.code, one])),
        };
        const asked = { at: AT, takenFrom: [], coolDownHours: 168, skill: null };
        let turns: Staffing['turns'] = new Map();
        const pickOf = (full: number | null): string => {
          const capped = new Map(
            team.map((one, n) => [one.code, full === n && team.length > 1 ? { ...one, openCap: 0 } : one]),
          );
          const staffing = staffingOf({ ...directory, advisers: capped }, { turns });
          const { adviser: found } = findOwner(staffing, ['store:S1'], asked, 'wait');
          turns = staffing.turns;
          return found ?? '';
        };
        for (const full of before) pickOf(full);
        const round = weights.reduce((sum, weight) => sum + weight, 0);
        const window = Array.from({ length: from + round }, () => pickOf(null)).slice(from);
        return team.every(({ code, weight }) => window.filter((one) => one === code).length === weight);
      }),
      { numRuns: 200 },
    );
  },
);
