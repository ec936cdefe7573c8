import type { Instant } from './instant.ts';
import { remember } from './remember.ts';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** What a wall clock shows, as if it were UTC, in epoch milliseconds. */
export type WallTime = number;

const clocks = new Map<string, Intl.DateTimeFormat>(); // making one costs a hundred times what asking it does
const MOST_CLOCKS = 600; // there are some 600 names of zones, but each may be written in any case

/** Whether a name is an IANA time zone that this runtime knows; an offset such as +08:00 is none. */
export function isZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone }) !== null;
  } catch {
    return false;
  }
}

/** What a wall clock in a zone shows at a moment; throws RangeError for a zone that there is not. */
export function wallOf(zone: string, at: Instant): WallTime {
  const minute = Math.floor(at / MINUTE_MS);
  const last = lastAsked.get(zone);
  if (last?.minute === minute) return at + last.offset;
  const begin = minute * MINUTE_MS;
  const [month, day, year, hour, minutes, seconds] = clockOf(zone).format(begin).split(/\D+/).map(Number);
  const wall = Date.UTC(year ?? 0, (month ?? 1) - 1, day ?? 1, hour ?? 0, minutes ?? 0, seconds ?? 0);
  remember(lastAsked, MOST_CLOCKS, zone, { minute, offset: wall - begin });
  return at + (wall - begin);
}

// Zones change their offsets at whole minutes, and most is asked of the minute that it is: 20 µs a lead are saved so.
const lastAsked = new Map<string, { readonly minute: number; readonly offset: number }>();

/**
 * The moment at which a wall clock in a zone shows a time. Of a time that it shows twice, the earlier or the later; one that it skips is
 * as much later as it skips.
 */
export function instantOf(zone: string, wall: WallTime, which: 'earlier' | 'later'): Instant {
  const offsets = [wall - DAY_MS, wall + DAY_MS].map((at) => wallOf(zone, at) - at);
  const found = offsets.map((offset) => wall - offset).filter((at) => wallOf(zone, at) === wall);
  if (found.length === 0) return wall - Math.min(...offsets);
  return which === 'earlier' ? Math.min(...found) : Math.max(...found);
}

/** The moment at which the day of a moment began in a zone. */
export function dayStart(zone: string, at: Instant): Instant {
  const wall = wallOf(zone, at);
  return instantOf(zone, wall - (((wall % DAY_MS) + DAY_MS) % DAY_MS), 'earlier');
}

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known !== undefined) return known;
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return remember(clocks, MOST_CLOCKS, zone, clock);
}
