import type { Instant } from '../domain/instant.ts';

const HOUR_MS = 3_600_000;
const SHANGHAI_MS = 8 * HOUR_MS; // all year since 1991

/**
 * The moment of a wall time, given as if it were UTC, in an IANA zone; null where the zone is unknown. A time that comes twice
 * when clocks go back is the first; one that is skipped is as much later.
 */
export function zonedInstant(wall: number, zone: string): Instant | null {
  if (zone === 'Asia/Shanghai') return wall - SHANGHAI_MS;
  const format = formatOf(zone);
  if (format === null) return null;
  const before = offsetAt(format, wall - 24 * HOUR_MS);
  const after = offsetAt(format, wall + 24 * HOUR_MS);
  const fitting = [before, after].find((offset) => offsetAt(format, wall - offset) === offset);
  return wall - (fitting ?? before);
}

/** Whether a name is a zone that this machine knows. */
export function isZone(zone: string): boolean {
  return formatOf(zone) !== null;
}

function formatOf(zone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  } catch {
    return null;
  }
}

/** How far the clocks of a zone are ahead of UTC at a moment, in milliseconds. */
function offsetAt(format: Intl.DateTimeFormat, instant: Instant): number {
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const part = (name: Intl.DateTimeFormatPartTypes): number => parts.get(name) ?? 0;
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return wall - Math.floor(instant / 1000) * 1000;
}
