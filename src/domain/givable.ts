import type { AssignmentPolicy } from './assignment.ts';
import type { Adviser } from './directory.ts';
import { isCooling, whyNot } from './eligible.ts';
import type { Instant } from './instant.ts';
import type { Lead } from './lead.ts';
import { type Place, placesOf } from './place.ts';
import type { Staffing } from './staffing.ts';

/** Who has room in some places at a moment. */
export interface Givable {
  readonly freeIn: (place: Place) => readonly Adviser[];
  /** Whether anybody in some places could be given a lead. */
  readonly couldHave: (chain: readonly Place[], lead: Pick<Lead, 'skill' | 'takenFrom'>) => boolean;
}

/** Answers for many leads at one moment: whether somebody has room is asked once a person, not once a lead. */
export function givableAt(
  staffing: Staffing,
  at: Instant,
  { cool_down_hours: coolDownHours, off_shift }: Pick<AssignmentPolicy, 'cool_down_hours' | 'off_shift'>,
): Givable {
  const there = placesOf(staffing.directory);
  const asked = { at, takenFrom: [], coolDownHours, skill: null };
  const hasRoom = (adviser: Adviser): boolean => {
    const why = whyNot(adviser, staffing, asked);
    return why === null || (why === 'off_shift' && off_shift === 'assign');
  };
  const free = new Map<Place, readonly Adviser[]>();
  const freeIn = (place: Place): readonly Adviser[] => {
    const known = free.get(place) ?? (there.get(place) ?? []).filter(hasRoom);
    free.set(place, known);
    return known;
  };
  const couldHave: Givable['couldHave'] = (chain, { skill, takenFrom }) =>
    chain.some((place) =>
      freeIn(place).some(
        ({ code, skills }) =>
          (skill === null || skills.includes(skill)) && !isCooling(code, { takenFrom, coolDownHours, at }),
      ),
    );
  return { freeIn, couldHave };
}
