/**
 * Where a wheel stands: the turn taken last. A member of weight w has w turns a round, at (2·pick + 1) / w for pick 0 to w − 1, so
 * that the turns of each are spread evenly; turns at the same place go by code. The order of turns is the same in every round, and
 * whoever is away is passed by: nothing has to be remembered of anybody but whose turn it was.
 */
export interface Turn {
  readonly code: string;
  readonly pick: number; // from 0
  readonly weight: number; // under which it was taken
}

/** Somebody on a wheel; a weight of 3 has three turns where a weight of 1 has one. */
export interface WheelMember {
  readonly code: string;
  readonly weight: number;
}

/** The next turn on a wheel among those who can take one; null: nobody can. One who comes anew or back waits for no more than a round. */
export function nextTurn(last: Turn | null, members: readonly WheelMember[]): Turn | null {
  let best: Turn | null = null;
  let again: Turn | null = null; // the first of the next round
  for (const { code, weight } of members) {
    const first = { code, pick: 0, weight };
    if (again === null || compare(first, again) < 0) again = first;
    const pick = last === null ? 0 : pickAfter(last, code, weight);
    const turn = { code, pick, weight };
    if (pick < weight && (best === null || compare(turn, best) < 0)) best = turn;
  }
  return best ?? again;
}

/** The first pick of a member whose turn comes after the one taken last; its weight where none is left in the round. */
function pickAfter(last: Turn, code: string, weight: number): number {
  const reached = ((2 * last.pick + 1) * weight) / last.weight; // 2·pick + 1 of the same place
  let pick = Math.max(0, Math.floor((reached - 1) / 2));
  while (pick < weight && compare({ code, pick, weight }, last) <= 0) pick += 1;
  return pick;
}

/** Which of two turns comes first in a round; whole numbers, so that no rounding makes one of two equals the first. */
function compare(a: Turn, b: Turn): number {
  const difference = (2 * a.pick + 1) * b.weight - (2 * b.pick + 1) * a.weight;
  if (difference !== 0) return difference;
  return a.code < b.code ? -1 : a.code > b.code ? 1 : 0;
}
