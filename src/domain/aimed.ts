import type { Aim } from './assignment-rules.ts';
import { cityKey } from './city-key.ts';
import type { Asked } from './eligible.ts';
import { couldGive, type Found, findOwner } from './find-owner.ts';
import { chainOf } from './place.ts';
import { countGiven, moveTurn, type Staffing } from './staffing.ts';
import { nextTurn } from './wheel.ts';

/** Whom an aim has found, and the store whose lead it is now; adviser null: it waits in the pool of that store. */
export interface Aimed extends Found {
  readonly store: string | null;
}

/** Finds somebody for a lead in turn, and moves the turns; `capture` is the store that it came by. */
export function findByAim(
  staffing: Staffing,
  aim: Aim | null,
  asked: Omit<Asked, 'skill'>,
  offShift: 'wait' | 'assign',
  capture: string | null,
): Aimed {
  if (aim === null) return { adviser: null, pool: null, passedOver: [], store: capture };
  if (aim.kind === 'adviser') {
    countGiven(staffing, aim.adviser);
    const stores = staffing.directory.advisers.get(aim.adviser)?.stores ?? [];
    const store = capture !== null && staffing.directory.stores.has(capture) ? capture : (stores[0] ?? null);
    return { adviser: aim.adviser, pool: null, passedOver: [], store };
  }
  const question = { ...asked, skill: aim.skill };
  const store = storeOf(staffing, aim, question, offShift);
  const chain = chainOf(staffing.directory, store, aim.region);
  return { ...findOwner(staffing, chain, question, offShift), store };
}

/** Which of several stores that cover a city: in turn, those first that can give the lead to somebody of their own. */
function storeOf(
  staffing: Staffing,
  { stores, city }: Extract<Aim, { kind: 'pool' }>,
  asked: Asked,
  offShift: 'wait' | 'assign',
): string | null {
  if (stores.length < 2 || city === null) return stores[0] ?? null;
  const pool = `city:${cityKey(city)}`;
  const able = stores.filter((code) => couldGive(staffing, [`store:${code}`], asked, offShift));
  const members = (able.length > 0 ? able : stores).map((code) => ({ code, weight: 1 }));
  const turn = nextTurn(staffing.turns.get(pool)?.[''] ?? null, members);
  if (turn === null) return null;
  moveTurn(staffing, pool, null, turn);
  return turn.code;
}
