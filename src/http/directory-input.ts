import { calendarFaults } from '../domain/check-calendar.ts';
import type { Adviser, Leave, Region, Shifts, Store } from '../domain/directory.ts';
import { bodyMoment } from './body-moment.ts';
import { type FieldError, problem } from './problem.ts';
import type { AdviserChangeBody } from './schemas/adviser.ts';
import type { RegionChangeBody } from './schemas/region.ts';
import type { StoreChangeBody } from './schemas/store.ts';

/** What a body names of a region. */
export function regionInput({ external_ref, ...plain }: RegionChangeBody): Partial<Region> {
  return { ...plain, ...refOf(external_ref) };
}

/** What a body names of a store; throws `body_invalid` where its calendar is none. */
export function storeInput({ external_ref, calendar, ...plain }: StoreChangeBody): Partial<Store> {
  requireSound(calendar, '/calendar');
  const whole = calendar === undefined ? {} : { calendar: { ...calendar, special: calendar.special ?? {} } };
  return { ...plain, ...whole, ...refOf(external_ref) };
}

/** What a body names of an adviser; throws `body_invalid` for shifts or a leave that are none, `date_invalid`. */
export function adviserInput(body: AdviserChangeBody): Partial<Adviser> {
  const { external_ref, open_cap, daily_cap, leave, ...plain } = body;
  requireSound(body.shifts ?? undefined, '/shifts');
  return {
    ...plain,
    ...refOf(external_ref),
    ...(open_cap === undefined ? {} : { openCap: open_cap }),
    ...(daily_cap === undefined ? {} : { dailyCap: daily_cap }),
    ...(leave === undefined ? {} : { leave: leave.map(leaveOf) }),
  };
}

function refOf(ref: string | null | undefined): { readonly externalRef?: string | null } {
  return ref === undefined ? {} : { externalRef: ref };
}

function requireSound(calendar: Shifts | undefined, path: string): void {
  const faults = calendar === undefined ? [] : calendarFaults(calendar);
  refuse(faults.map((fault) => ({ ...fault, path: `${path}${fault.path}` })));
}

function leaveOf({ from: begin, until: end }: NonNullable<AdviserChangeBody['leave']>[number], i: number): Leave {
  const from = bodyMoment(begin, `/leave/${i}/from`) ?? 0;
  const until = bodyMoment(end ?? undefined, `/leave/${i}/until`);
  if (until !== null && until <= from) {
    refuse([{ path: `/leave/${i}/until`, code: 'order', message: 'must be later than from' }]);
  }
  return { from, until };
}

function refuse(errors: readonly FieldError[]): void {
  if (errors.length > 0) throw problem('body_invalid', { errors });
}
