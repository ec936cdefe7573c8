import { isOpenAt } from './calendar.ts';
import type { Adviser } from './directory.ts';
import type { Instant } from './instant.ts';
import type { Lead } from './lead.ts';
import type { Staffing } from './staffing.ts';
import { HOUR_MS } from './zone.ts';

/** Why somebody cannot be given a lead. */
export const PASSED_OVER = [
  'inactive',
  'on_leave',
  'off_shift',
  'open_cap',
  'daily_cap',
  'cool_down',
  'skill',
] as const;
export type PassedOver = (typeof PASSED_OVER)[number];

/** What is asked of an adviser. */
export interface Asked {
  readonly at: Instant;
  readonly takenFrom: Lead['takenFrom'];
  readonly coolDownHours: number;
  readonly skill: string | null;
}

/** Why an adviser cannot be given a lead at a moment; null: they can. Being off shift is the last reason, so that it is the only one. */
export function whyNot(adviser: Adviser, staffing: Pick<Staffing, 'open' | 'given'>, asked: Asked): PassedOver | null {
  const { code, openCap, dailyCap } = adviser;
  const { at, skill } = asked;
  if (!adviser.active) return 'inactive';
  if (skill !== null && !adviser.skills.includes(skill)) return 'skill';
  if (adviser.leave.some(({ from, until }) => from <= at && (until === null || at < until))) return 'on_leave';
  if (isCooling(code, asked)) return 'cool_down';
  if (openCap !== null && (staffing.open.get(code) ?? 0) >= openCap) return 'open_cap';
  if (dailyCap !== null && (staffing.given.get(code) ?? 0) >= dailyCap) return 'daily_cap';
  if (adviser.shifts !== null && !isOpenAt(adviser.shifts, at)) return 'off_shift';
  return null;
}

/** Whether somebody had the lead so lately that they do not get it back. */
export function isCooling(code: string, { takenFrom, coolDownHours, at }: Omit<Asked, 'skill'>): boolean {
  return takenFrom.some((taken) => taken.owner === code && at < taken.at + coolDownHours * HOUR_MS);
}
