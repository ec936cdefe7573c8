import type { Explanation } from './assignment.ts';
import type { Adviser } from './directory.ts';
import { type Asked, whyNot } from './eligible.ts';
import { type Place, placesOf } from './place.ts';
import { countGiven, moveTurn, type Staffing } from './staffing.ts';
import { nextTurn } from './wheel.ts';

/** Whom a search has found, in which pool, and whom it has passed over. */
export interface Found {
  readonly adviser: string | null;
  readonly pool: Place | null;
  readonly passedOver: Explanation['passed_over'];
}

const MOST_TOLD = 20; // advisers passed over that an answer or event names: a store has some ten

/**
 * Finds somebody in the first of some places where anybody can be given a lead, in turn, and moves the turn. With `off_shift` of
 * `assign` everybody is asked again without regard to shifts, where nobody is on one.
 */
export function findOwner(
  staffing: Staffing,
  chain: readonly Place[],
  asked: Asked,
  offShift: 'wait' | 'assign',
): Found {
  const places = placesOf(staffing.directory);
  const passed = new Map<string, string>();
  const off: { readonly place: Place; readonly advisers: readonly Adviser[] }[] = [];
  for (const place of chain) {
    const able: Adviser[] = [];
    const away: Adviser[] = [];
    for (const adviser of places.get(place) ?? []) {
      const why = whyNot(adviser, staffing, asked);
      if (why === null) able.push(adviser);
      else passed.set(adviser.code, why);
      if (why === 'off_shift') away.push(adviser);
    }
    if (able.length > 0) return told(give(staffing, place, able, asked.skill), place, passed);
    off.push({ place, advisers: away });
  }
  const late = offShift === 'assign' ? off.find(({ advisers }) => advisers.length > 0) : undefined;
  if (late === undefined) return told(null, null, passed);
  const adviser = give(staffing, late.place, late.advisers, asked.skill);
  passed.delete(adviser ?? '');
  return told(adviser, late.place, passed);
}

/** Whether anybody in some places could be given a lead now; moves no turn. */
export function couldGive(
  staffing: Staffing,
  chain: readonly Place[],
  asked: Asked,
  offShift: 'wait' | 'assign',
): boolean {
  const places = placesOf(staffing.directory);
  return chain.some((place) =>
    (places.get(place) ?? []).some((adviser) => {
      const why = whyNot(adviser, staffing, asked);
      return why === null || (why === 'off_shift' && offShift === 'assign');
    }),
  );
}

function give(staffing: Staffing, place: Place, able: readonly Adviser[], skill: string | null): string | null {
  const { directory, open, turns } = staffing;
  const pick = place.startsWith('store:') ? directory.stores.get(place.slice(6))?.pick : 'round_robin';
  const fewest = Math.min(...able.map(({ code }) => open.get(code) ?? 0));
  const asked = pick === 'least_loaded' ? able.filter(({ code }) => (open.get(code) ?? 0) === fewest) : able;
  const members = asked.map(({ code, weight }) => ({ code, weight: pick === 'weighted' ? weight : 1 }));
  const turn = nextTurn(turns.get(place)?.[skill ?? ''] ?? null, members);
  if (turn === null) return null;
  moveTurn(staffing, place, skill, turn);
  countGiven(staffing, turn.code);
  return turn.code;
}

function told(adviser: string | null, pool: Place | null, passed: ReadonlyMap<string, string>): Found {
  const passedOver = [...passed].slice(0, MOST_TOLD).map(([code, why]) => ({ adviser: code, why }));
  return { adviser, pool, passedOver };
}
