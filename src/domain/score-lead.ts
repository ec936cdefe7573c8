import { formatInstant, type Instant } from './instant.ts';
import type { Lead } from './lead.ts';
import { NOWHERE, type Standing, stand, type UpperBand } from './score-bands.ts';
import type { ScoreDocument } from './score-model.ts';
import type { Score } from './score-total.ts';
import type { Fact } from './working.ts';

const EVENT_OF: Readonly<Record<UpperBand, 'lead.left_nurture' | 'lead.qualified' | 'lead.hot'>> = {
  mql: 'lead.left_nurture',
  sql: 'lead.qualified',
  hot: 'lead.hot',
};

/** What a lead's standing is computed from. */
export interface LeadScoring {
  readonly version: number; // of the model
  readonly model: ScoreDocument;
  readonly lead: Lead;
  readonly before: (Standing & { readonly model: number; readonly cycle: number }) | null;
  readonly activation: Score | null; // the person when the model became active, where that is not to be told
  readonly score: Score;
  readonly since: Instant;
}

/** Where an open lead stands now, and what is told of it: one event for each band that it entered from below. */
export function standLead({ version, model, lead, before, activation, score, since }: LeadScoring): {
  readonly standing: Standing;
  readonly facts: readonly Fact[];
} {
  // A new cycle begins from nothing; the moments of another model say nothing of this one.
  const sameCycle = before !== null && before.cycle === lead.cycle ? before : NOWHERE;
  const former = before?.model === version ? sameCycle : { ...sameCycle, falls: {} };
  const quiet = activation === null ? former : stand(model, former, activation, activation.at).standing;
  const { standing, entered } = stand(model, quiet, score, since);
  return {
    standing,
    facts: entered.map((band) => ({
      type: EVENT_OF[band],
      rule: `score.${band}`,
      data: { model: version, band, threshold: model.bands[band], ...told(score), ...background(lead) },
    })),
  };
}

function told(score: Score): Readonly<Record<string, unknown>> {
  const { total, explicit, implicit, attributes, groups } = score;
  return { total, explicit, implicit, attributes, groups, scored_at: formatInstant(score.at) };
}

function background(lead: Lead): Readonly<Record<string, unknown>> {
  const { rating, ratingFacts, firstSource, lastSource, state, owner, store, cycle, touchCount } = lead;
  return {
    rating,
    rating_rule: ratingFacts?.rule ?? null,
    first_source: firstSource,
    last_source: lastSource,
    touch_count: touchCount,
    state,
    owner,
    store,
    cycle,
  };
}
