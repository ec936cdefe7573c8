/** A moment in UTC, in epoch milliseconds. */
export type Instant = number;

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/i;
const SHANGHAI = '+08:00';
/** Before this, a lead's time is a mistake, not history: 2000-01-01T00:00:00Z. */
const EARLIEST: Instant = Date.UTC(2000, 0, 1);

/** Reads an ISO 8601 moment; a zone-less one is Asia/Shanghai (UTC+8 since 1991); null when it is none or before 2000. */
export function parseInstant(text: string): Instant | null {
  const parts = ISO.exec(text.trim());
  if (parts === null) return null;
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone = SHANGHAI] = parts;
  const millis = fraction.padEnd(3, '0').slice(0, 3);
  const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase();
  const instant = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${millis}${offset}`);
  if (Number.isNaN(instant) || instant < EARLIEST) return null;
  // Date.parse carries 2026-02-30 over into March in some engines: a day that does not exist is a mistake.
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number(day) <= days ? instant : null;
}

/** A moment as ISO 8601 in UTC with milliseconds. */
export function formatInstant(instant: Instant): string {
  return new Date(instant).toISOString();
}

/** The same day and time so many calendar months later, in UTC; the last day of a shorter month. */
export function addMonths(instant: Instant, months: number): Instant {
  const date = new Date(instant);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.getTime();
}

/** A moment as it is answered, or null. */
export function momentOf(instant: Instant | null): string | null {
  return instant === null ? null : formatInstant(instant);
}
