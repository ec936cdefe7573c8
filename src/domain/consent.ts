import type { Instant } from './instant.ts';
import { PURPOSES, type Purpose } from './submission.ts';

/** A consent statement as it is kept. */
export interface ConsentRow {
  readonly purpose: Purpose;
  readonly granted: boolean;
  readonly statedAt: Instant;
}

/** What counts for one purpose: the latest dated statement, else the policy's default. */
export interface StandingConsent {
  readonly granted: boolean;
  readonly statedAt: Instant | null; // null: by default
}

/** What stands for every purpose; of two statements of one moment the withdrawal stands until a later grant. */
export function standingConsents(
  rows: readonly ConsentRow[],
  defaults: Readonly<Record<Purpose, boolean>>,
): Readonly<Record<Purpose, StandingConsent>> {
  const standing = Object.fromEntries(
    PURPOSES.map((purpose): [Purpose, StandingConsent] => [purpose, { granted: defaults[purpose], statedAt: null }]),
  ) as Record<Purpose, StandingConsent>;
  for (const { purpose, granted, statedAt } of rows) {
    const known = standing[purpose].statedAt;
    if (known === null || statedAt > known || (statedAt === known && !granted))
      standing[purpose] = { granted, statedAt };
  }
  return standing;
}
