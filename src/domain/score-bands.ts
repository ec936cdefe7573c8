import type { Instant } from './instant.ts';
import type { ScoreDocument } from './score-model.ts';
import { nextFall, type Score } from './score-total.ts';

/** 分段, lowest first; `nurture` is what is below all others. */
export const BANDS = ['nurture', 'mql', 'sql', 'hot'] as const;
export type Band = (typeof BANDS)[number];
/** Bands that are entered from below: each entry is told once. */
export const UPPER_BANDS = ['mql', 'sql', 'hot'] as const;
export type UpperBand = (typeof UPPER_BANDS)[number];

/** Where a lead stands: its band, which crossings were told, and when decay alone arms each of them anew. */
export interface Standing {
  readonly band: Band;
  readonly crossed: readonly UpperBand[];
  readonly falls: Readonly<Partial<Record<UpperBand, Instant>>>;
}

export const NOWHERE: Standing = Object.freeze({ band: 'nurture', crossed: [], falls: {} });

/** Whether a total is in a band or above: MQL from its number, SQL and hot strictly above theirs. */
export function reaches({ bands }: ScoreDocument, band: UpperBand, total: number): boolean {
  return band === 'mql' ? total >= bands.mql : total > bands[band];
}

/** The band of a total. */
export function bandOf(model: ScoreDocument, total: number): Band {
  return UPPER_BANDS.findLast((band) => reaches(model, band, total)) ?? 'nurture';
}

/**
 * Where a lead stands after being scored, and which bands it entered from below. `since` is when what brought the score about
 * arrived: a band that had fallen far enough by then is armed, whenever the sweep came by.
 */
export function stand(
  model: ScoreDocument,
  before: Standing,
  score: Score,
  since: Instant,
): { readonly standing: Standing; readonly entered: readonly UpperBand[] } {
  const armed = (band: UpperBand): boolean => score.total <= model.bands[band] - model.bands.rearm;
  const told = before.crossed.filter((band) => !armed(band) && !((before.falls[band] ?? Infinity) <= since));
  const entered = UPPER_BANDS.filter((band) => reaches(model, band, score.total) && !told.includes(band));
  const crossed = UPPER_BANDS.filter((band) => told.includes(band) || entered.includes(band));
  const falls: Partial<Record<UpperBand, Instant>> = {};
  for (const band of crossed) {
    const at = nextFall(model, score, (total) => total <= model.bands[band] - model.bands.rearm);
    if (at !== null) falls[band] = at;
  }
  return { standing: { band: bandOf(model, score.total), crossed, falls }, entered };
}

/** When decay alone takes the score out of its band; null: never. */
export function leavesBandAt(model: ScoreDocument, score: Score): Instant | null {
  const band = bandOf(model, score.total);
  return band === 'nurture' ? null : nextFall(model, score, (total) => !reaches(model, band, total));
}
