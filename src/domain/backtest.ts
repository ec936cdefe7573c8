import { auc, type Judged } from './auc.ts';
import { reaches, UPPER_BANDS, type UpperBand } from './score-bands.ts';
import type { ScoreDocument } from './score-model.ts';

/** A lead that was open at the moment: its total then, that by the active version, and whether it was won. */
export interface BacktestLead extends Judged {
  readonly id: string;
  readonly activeTotal: number | null; // null: no version is active
}

/** A line of the bands: who would have been above it, and what came of them. */
export interface BandLine {
  readonly band: UpperBand;
  readonly threshold: number;
  readonly leads: number;
  readonly wins: number;
  readonly precision: number | null; // wins ÷ leads
  readonly recall: number | null; // of all wins
}

/** A tenth of the leads by total, the highest first. */
export interface Decile {
  readonly decile: number; // 1 to 10
  readonly leads: number;
  readonly wins: number;
  readonly win_rate: number | null;
  readonly lift: number | null; // win rate ÷ that of all
  readonly highest: number | null;
  readonly lowest: number | null;
}

/** 回测: how well a model would have told who is won; a ratio whose denominator is zero is null. */
export interface Backtest {
  readonly leads: number;
  readonly wins: number;
  readonly base_rate: number | null;
  readonly auc: number | null;
  readonly bands: readonly BandLine[];
  readonly deciles: readonly Decile[];
  readonly would_cross: Readonly<Record<UpperBand, number>> | null; // below the line by the active version, in the band by this
}

/** Judges a model by what came of leads; `active` is the document of the version that routes. */
export function backtest(model: ScoreDocument, active: ScoreDocument | null, leads: readonly BacktestLead[]): Backtest {
  const wins = winsAmong(leads);
  return {
    leads: leads.length,
    wins,
    base_rate: ratio(wins, leads.length),
    auc: auc(leads),
    bands: UPPER_BANDS.map((band) => {
      const above = leads.filter(({ total }) => reaches(model, band, total));
      const won = winsAmong(above);
      const rates = { precision: ratio(won, above.length), recall: ratio(won, wins) };
      return { band, threshold: model.bands[band], leads: above.length, wins: won, ...rates };
    }),
    deciles: decilesOf(leads),
    would_cross: active === null ? null : crossingsOf(model, active, leads),
  };
}

/** Ten rows that hold every lead once; of equal totals the lower id comes first. */
function decilesOf(leads: readonly BacktestLead[]): readonly Decile[] {
  const ordered = [...leads].sort((a, b) => b.total - a.total || (a.id < b.id ? -1 : 1));
  const rate = ratio(winsAmong(leads), leads.length);
  return Array.from({ length: 10 }, (_, tenth) => {
    const row = ordered.slice(edge(tenth, leads.length), edge(tenth + 1, leads.length));
    const wins = winsAmong(row);
    const own = ratio(wins, row.length);
    return {
      decile: tenth + 1,
      leads: row.length,
      wins,
      win_rate: own,
      lift: own === null || rate === null ? null : ratio(own, rate),
      highest: row[0]?.total ?? null,
      lowest: row.at(-1)?.total ?? null,
    };
  });
}

function edge(tenth: number, leads: number): number {
  return Math.floor((tenth * leads) / 10);
}

function crossingsOf(
  model: ScoreDocument,
  active: ScoreDocument,
  leads: readonly BacktestLead[],
): Readonly<Record<UpperBand, number>> {
  const crossing = (band: UpperBand): number =>
    leads.filter(({ total, activeTotal }) => reaches(model, band, total) && !reaches(active, band, activeTotal ?? 0))
      .length;
  return { mql: crossing('mql'), sql: crossing('sql'), hot: crossing('hot') };
}

function winsAmong(leads: readonly Judged[]): number {
  return leads.filter(({ won }) => won).length;
}

function ratio(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}
