import { type BusinessCalendar, type Hours, hoursMinutes, WEEKDAYS } from './calendar.ts';
import { isZone } from './zone.ts';

/** A fault of a calendar: where, as a JSON pointer within it, a stable code, and what is wrong. */
export interface CalendarFault {
  readonly path: string;
  readonly code: 'not_listed' | 'overlap' | 'format';
  readonly message: string;
}

type Checked = Pick<BusinessCalendar, 'zone' | 'weekly'> & Partial<Pick<BusinessCalendar, 'special'>>;

const DAY_MINUTES = 24 * 60;

/** What is wrong with a calendar whose hours are `HH:MM`: its zone, dates that there are not, spans that overlap. */
export function calendarFaults({ zone, weekly, special = {} }: Checked): readonly CalendarFault[] {
  const known = isZone(zone) ? [] : [fault('/zone', 'not_listed', 'must be a time zone such as Asia/Shanghai')];
  const week = WEEKDAYS.flatMap((day, i) => {
    const before = weekly[WEEKDAYS[(i + 6) % 7] ?? 'sun'] ?? [];
    return hoursFaults(`/weekly/${day}`, weekly[day] ?? [], spill(before));
  });
  const dates = Object.entries(special).flatMap(([date, hours]) => [
    ...(isDate(date) ? [] : [fault(`/special/${date}`, 'format', 'must be a date that there is')]),
    ...hoursFaults(`/special/${date}`, hours, 0),
  ]);
  return [...known, ...week, ...dates];
}

/** Faults of the hours of a day on which those of the day before last for `spilt` minutes. */
function hoursFaults(path: string, hours: readonly Hours[], spilt: number): readonly CalendarFault[] {
  const spans = hours.map((one, index) => ({ index, ...hoursMinutes(one) })).sort((a, b) => a.from - b.from);
  let last = spilt;
  return spans.flatMap(({ index, from, until }) => {
    const at = `${path}/${index}`;
    if (from >= DAY_MINUTES) return [fault(`${at}/0`, 'format', 'must begin before 24:00')];
    const overlaps = from < last;
    last = Math.max(last, until);
    return overlaps ? [fault(at, 'overlap', 'must not begin before the hours ahead of it have ended')] : [];
  });
}

/** For how many minutes the hours of a day last into the next. */
function spill(hours: readonly Hours[]): number {
  return Math.max(0, ...hours.map((one) => hoursMinutes(one).until - DAY_MINUTES));
}

function isDate(text: string): boolean {
  const at = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text); // the 30th of February would be the 2nd of March
}

function fault(path: string, code: CalendarFault['code'], message: string): CalendarFault {
  return { path, code, message };
}
