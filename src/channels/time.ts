import { formatInstant, type Instant } from '../domain/instant.ts';
import { zonedInstant } from './zoned.ts';

const EARLIEST: Instant = Date.UTC(2000, 0, 1);
const LATEST: Instant = Date.UTC(2100, 0, 1);
const LONGEST = 64;
const DAY_MS = 86_400_000;
const FIRST_SERIAL = 36_526; // 2000-01-01 in the 1900 system of spreadsheets
const LAST_SERIAL = 73_051; // 2100-01-01
const SERIAL_ZERO = Date.UTC(1899, 11, 30);

const PLAIN = /^(?:[!#-&(-~]| (?! ))*$/; // most: nothing to fold
const NUMBER = /^\d{5,13}(?:\.\d{1,15})?$/;
const COMPACT = /^(20\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?$/;
const USUAL = /^(20\d\d)-(\d\d)-(\d\d)[ T](\d\d):(\d\d)(?::(\d\d))?$/; // of exports: read by one pattern, not by three
const DATE =
  /^(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日?)(?:[ (]*(?:星期|周)[一二三四五六日天]\)?)?/;
const TIME =
  /^[ T]{0,3}(上午|下午|中午|晚上|凌晨|早上|am|pm)? ?(\d{1,2})(?::(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,9}))?)?|[点时](?:(\d{1,2})分?(?:(\d{1,2})秒)?)?) ?(am|pm)?/i;
const ZONE = /^ ?(?:(z|utc|gmt)|(?:utc|gmt)?([+-])(\d{1,2})(?::?(\d{2}))?)$/i;

/**
 * A moment as ISO 8601 in UTC, or null: dates as people and exports write them, a spreadsheet's serial, unix seconds or
 * milliseconds, as text or number. Zone-less ones are of `zone` (IANA). Day and month that could be swapped, days that do not
 * exist and years outside 2000–2099 are null.
 */
export function readTime(value: unknown, zone: string): string | null {
  const instant = instantOf(value, zone);
  return instant === null || instant < EARLIEST || instant >= LATEST ? null : formatInstant(instant);
}

function instantOf(value: unknown, zone: string): Instant | null {
  if (typeof value === 'number') return Number.isFinite(value) ? readText(String(value), zone) : null;
  if (typeof value !== 'string' || value.length > LONGEST) return null;
  return readText(PLAIN.test(value) ? value.trim() : folded(value), zone);
}

function folded(value: string): string {
  return value
    .normalize('NFKC')
    .replace(/[\p{Cf}'"]/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function readText(text: string, zone: string): Instant | null {
  const compact = USUAL.exec(text) ?? COMPACT.exec(text);
  if (compact !== null)
    return local(
      compact.slice(1).map((part) => Number(part ?? 0)),
      0,
      zone,
    );
  if (NUMBER.test(text)) return readNumber(Number(text), zone);
  return readDate(text, zone);
}

/** The ranges of 2000–2099 do not meet: serials have 5 digits, seconds 9 or 10, milliseconds 12 or 13. */
function readNumber(number: number, zone: string): Instant | null {
  if (number >= FIRST_SERIAL && number < LAST_SERIAL) {
    const wall = SERIAL_ZERO + Math.round((number * DAY_MS) / 1000) * 1000; // a serial holds seconds to some microseconds
    return zonedInstant(wall, zone);
  }
  if (number * 1000 >= EARLIEST && number * 1000 < LATEST) return Math.floor(number * 1000);
  return number >= EARLIEST && number < LATEST ? Math.floor(number) : null;
}

function readDate(text: string, zone: string): Instant | null {
  const date = DATE.exec(text);
  if (date === null) return null;
  const [all, year, , month1, day1, month2, day2] = date;
  const day = [year, month1 ?? month2, day1 ?? day2].map(Number);
  const rest = text.slice(all.length);
  if (rest === '') return local(day, 0, zone);
  const time = TIME.exec(rest);
  if (time === null) return null;
  const [read, before, hour, minute1, second1, fraction = '', minute2, second2, behind] = time;
  const clock = hourOf(Number(hour), (before ?? behind)?.toLowerCase());
  if (clock === null) return null;
  const parts = [...day, clock, Number(minute1 ?? minute2 ?? 0), Number(second1 ?? second2 ?? 0)];
  const millis = Number(fraction.padEnd(3, '0').slice(0, 3));
  const tail = rest.slice(read.length);
  return tail === '' ? local(parts, millis, zone) : withOffset(parts, millis, tail);
}

/** The hour of the day from that of the half day; null where they contradict each other. */
function hourOf(hour: number, half: string | undefined): number | null {
  switch (half) {
    case undefined:
      return hour;
    case '上午':
    case '早上':
    case '凌晨':
    case 'am':
      return hour > 12 ? null : hour % 12;
    case '中午':
      return hour < 10 ? hour + 12 : hour; // 中午1点 is 13:00
    default:
      return hour < 12 ? hour + 12 : half === '晚上' && hour === 12 ? null : hour; // 晚上12点 may be either midnight
  }
}

function withOffset(parts: readonly number[], millis: number, tail: string): Instant | null {
  const zone = ZONE.exec(tail);
  if (zone === null) return null;
  const [, , sign, hours = '0', minutes = '0'] = zone;
  if (Number(hours) > 14 || Number(minutes) > 59) return null;
  const wall = wallOf(parts, millis);
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return wall === null ? null : wall - (sign === '-' ? -offset : offset);
}

function local(parts: readonly number[], millis: number, zone: string): Instant | null {
  const wall = wallOf(parts, millis);
  return wall === null ? null : zonedInstant(wall, zone);
}

/** A wall time as if it were UTC; null where its day or hour does not exist. */
function wallOf(parts: readonly number[], millis: number): number | null {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return null;
  if (day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return null;
  return Date.UTC(year, month - 1, day, hour, minute, second, millis);
}
