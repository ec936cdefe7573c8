const DAY_MS = 86_400_000;
const BASE_1900 = Date.UTC(1899, 11, 30);
const BASE_1904 = Date.UTC(1904, 0, 1);
const LAST_DAY = 2_958_465; // 9999-12-31

/** Which day a workbook counts from. */
export type DateSystem = '1900' | '1904';

/**
 * A day number as wall time: 2026-04-12 09:30:00, 2026-04-12 where there is no time of day, 09:30:00 where there is no day;
 * null where it is none. Rounded to seconds.
 */
export function dateText(serial: number, system: DateSystem): string | null {
  if (!(serial >= 0) || serial > LAST_DAY) return null;
  if (serial < 1) return isoAt(Math.min(Math.round(serial * 86_400), 86_399) * 1000).slice(11, 19);
  // The calendar from 1900 has a 29 February that never was: before it the days count from one day later.
  const base = system === '1904' ? BASE_1904 : serial < 60 ? BASE_1900 + DAY_MS : BASE_1900;
  return withoutMidnight(isoAt(base + Math.round(serial * 86_400) * 1000));
}

/** A date that is written as a text, 2026-04-12T09:30:00Z, in the same form; anything else as it is. */
export function isoDateText(written: string): string {
  const found = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(?:\.\d+)?Z?)?$/.exec(written);
  return found === null ? written : withoutMidnight(`${found[1]} ${found[2] ?? '00:00:00'}`);
}

function isoAt(time: number): string {
  return new Date(time).toISOString().slice(0, 19).replace('T', ' ');
}

function withoutMidnight(text: string): string {
  return text.endsWith(' 00:00:00') ? text.slice(0, 10) : text;
}
