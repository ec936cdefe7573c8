import { type Directory, EMPTY_DIRECTORY } from './directory.ts';
import type { Turn } from './wheel.ts';

/** The turns of a pool: one wheel for each skill that is asked for there, `` for none. */
export type Turns = Readonly<Record<string, Turn>>;

/** Everybody and every place that a batch may give leads to, and whose turn it is; changes as the batch is judged. */
export interface Staffing {
  readonly directory: Directory;
  readonly turns: Map<string, Turns>; // by pool: store:S1, region:east, hq, city:南京
  readonly moved: Set<string>; // pools whose turns have changed
  readonly open: Map<string, number>; // open leads by adviser, where they are counted
  readonly given: Map<string, number>; // leads given today by adviser, where they are counted
}

/** A staffing with these turns and counts, of which nothing has been given yet. */
export function staffingOf(
  directory: Directory,
  read: {
    readonly turns?: ReadonlyMap<string, Turns>;
    readonly open?: ReadonlyMap<string, number>;
    readonly given?: ReadonlyMap<string, number>;
  } = {},
): Staffing {
  const { turns = new Map(), open = new Map(), given = new Map() } = read;
  return { directory, turns: new Map(turns), moved: new Set(), open: new Map(open), given: new Map(given) };
}

/** Where nobody is: nothing is assigned, and no task is made. */
export function noStaffing(): Staffing {
  return staffingOf(EMPTY_DIRECTORY);
}

/** Counts a lead that an adviser was given. */
export function countGiven({ open, given }: Staffing, adviser: string): void {
  open.set(adviser, (open.get(adviser) ?? 0) + 1);
  given.set(adviser, (given.get(adviser) ?? 0) + 1);
}

/** Remembers whose turn it was in a pool. */
export function moveTurn({ turns, moved }: Staffing, pool: string, skill: string | null, turn: Turn): void {
  turns.set(pool, { ...turns.get(pool), [skill ?? '']: turn });
  moved.add(pool);
}
