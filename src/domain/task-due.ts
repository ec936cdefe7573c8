import { addBusiness, DEFAULT_CALENDAR } from './calendar.ts';
import type { Directory } from './directory.ts';
import type { Instant } from './instant.ts';
import type { Rating } from './rating.ts';
import type { FollowUpPolicy } from './task.ts';
import { HOUR_MS } from './zone.ts';

/** When a lead of a store has to be followed up whose time counts from a moment: its rating's hours later, in the hours of the store. */
export function taskDue(
  { sla_hours }: FollowUpPolicy,
  { stores }: Directory,
  store: string | null,
  from: Instant,
  rating: Rating,
): Instant {
  const within = sla_hours[rating] * HOUR_MS;
  const calendar = (store === null ? undefined : stores.get(store)?.calendar) ?? DEFAULT_CALENDAR;
  // A store that hardly ever opens would let its leads wait for ever.
  return addBusiness(calendar, from, within) ?? from + within;
}
