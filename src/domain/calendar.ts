import type { Instant } from './instant.ts';
import { remember } from './remember.ts';
import { DAY_MS, instantOf, MINUTE_MS, wallOf } from './zone.ts';

export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** From and until as `HH:MM` of the wall clock; `24:00` is the end of the day, and an end at or before its begin is of the day after. */
export type Hours = readonly [from: string, until: string];

/** 营业日历: when a store is open. `special` replaces the week's hours of a date (`2026-10-01`), with none it is closed. */
export interface BusinessCalendar {
  readonly zone: string; // IANA
  readonly weekly: Readonly<Partial<Record<Weekday, readonly Hours[]>>>;
  readonly special: Readonly<Record<string, readonly Hours[]>>;
}

/** Where no calendar is named: every day from nine to six in Shanghai. */
export const DEFAULT_CALENDAR: BusinessCalendar = Object.freeze({
  zone: 'Asia/Shanghai',
  weekly: Object.freeze(Object.fromEntries(WEEKDAYS.map((day) => [day, [['09:00', '18:00']]]))),
  special: Object.freeze({}),
});

/** A span that is open: from and until it, the end not included. */
export interface Opening {
  readonly from: Instant;
  readonly until: Instant;
}

const WITHIN_DAYS = 400; // one that opens on no day of a year opens never

type Weekly = Pick<BusinessCalendar, 'zone' | 'weekly'> & Partial<Pick<BusinessCalendar, 'special'>>;

/** The moment at which so many milliseconds of opening hours have passed; null where it does not open often enough within 400 days. */
export function addBusiness(calendar: Weekly, from: Instant, milliseconds: number): Instant | null {
  if (milliseconds <= 0) return from;
  let left = milliseconds;
  for (const opening of openings(calendar, from)) {
    const open = opening.until - opening.from;
    if (open >= left) return opening.from + left;
    left -= open;
  }
  return null;
}

/** How many milliseconds of opening hours lie between two moments; at most those of 400 days. */
export function businessBetween(calendar: Weekly, from: Instant, until: Instant): number {
  let sum = 0;
  for (const opening of openings(calendar, from)) {
    if (opening.from >= until) break;
    sum += Math.min(opening.until, until) - opening.from;
  }
  return sum;
}

/** The first moment from `at` on at which it is open: `at` itself where it is; null where there is none within 400 days. */
export function nextOpening(calendar: Weekly, at: Instant): Instant | null {
  for (const opening of openings(calendar, at)) return opening.from;
  return null;
}

/** Whether it is open at a moment. */
export function isOpenAt(calendar: Weekly, at: Instant): boolean {
  return nextOpening(calendar, at) === at;
}

/** Spans of opening hours from a moment on, in order, none overlapping another; the first begins at the moment where it is open then. */
export function* openings(calendar: Weekly, from: Instant): Generator<Opening> {
  const today = Math.floor(wallOf(calendar.zone, from) / DAY_MS);
  let last = from;
  // Hours of yesterday may last beyond midnight.
  for (let day = today - 1; day < today + WITHIN_DAYS; day += 1) {
    for (const opening of openingsOf(calendar, day)) {
      if (opening.until <= last) continue;
      yield { from: Math.max(opening.from, last), until: opening.until };
      last = opening.until;
    }
  }
}

// A directory is read seldom and asked often: what a day comes to in moments is kept with its calendar.
const days = new WeakMap<Weekly, Map<number, readonly Opening[]>>();
const MOST_DAYS = 1_000; // of a calendar, some 200 kB; one question needs at most 401, and most ask for this week

/** The opening hours of a day, which is counted from 1970-01-01 of the wall clock, by their begin. */
function openingsOf(calendar: Weekly, day: number): readonly Opening[] {
  const known = days.get(calendar) ?? new Map<number, readonly Opening[]>();
  days.set(calendar, known);
  const kept = known.get(day);
  if (kept !== undefined) return kept;
  const midnight = day * DAY_MS;
  const date = new Date(midnight).toISOString().slice(0, 10);
  const weekday = WEEKDAYS[(((day + 3) % 7) + 7) % 7]; // 1970-01-01 was a Thursday
  const hours = calendar.special?.[date] ?? (weekday === undefined ? [] : (calendar.weekly[weekday] ?? []));
  const found = hours
    .map((span) => {
      const { from, until } = hoursMinutes(span);
      return {
        from: instantOf(calendar.zone, midnight + from * MINUTE_MS, 'earlier'),
        until: instantOf(calendar.zone, midnight + until * MINUTE_MS, 'later'),
      };
    })
    .filter((opening) => opening.until > opening.from)
    .sort((a, b) => a.from - b.from);
  return remember(known, MOST_DAYS, day, found);
}

/** Hours in minutes from the midnight that their day begins with; an end beyond 1440 is of the day after. */
export function hoursMinutes([begin, end]: Hours): { readonly from: number; readonly until: number } {
  const [from, until] = [minutesOf(begin), minutesOf(end)];
  return { from, until: until > from ? until : until + 24 * 60 };
}

/** `HH:MM` as minutes from midnight. */
function minutesOf(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
}
