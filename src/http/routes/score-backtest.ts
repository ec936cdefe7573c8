import { formatInstant } from '../../domain/instant.ts';
import { backtestScores } from '../../flows/backtest-scores.ts';
import { getScoreModel } from '../../flows/score-models.ts';
import { bodyMoment } from '../body-moment.ts';
import type { Routes } from '../deps.ts';
import { BACKTEST_LEADS, BacktestAnswer, BacktestBody, HORIZON_DAYS } from '../schemas/score-backtest.ts';
import { VersionParams } from '../schemas/score-model.ts';

/** POST /v1/score-models/:version/backtest. */
export const scoreBacktestRoutes: Routes = (app, { db, clock }) => {
  app.post('/v1/score-models/:version/backtest', {
    schema: {
      tags: ['configuration'],
      summary: '回测: how well a version would have told who is won',
      description:
        'Of the leads that were open at a past moment, by what had been recorded then: their scores from nothing but what had been received by then, and which of them were won within the horizon, as it is known today. Of a version in any state; it changes nothing and may take half a minute. Leads erased or taken back since are left out; touches split off since count for whom they are of today.',
      params: VersionParams,
      body: BacktestBody,
      response: { 200: BacktestAnswer },
    },
    config: { scope: 'admin', problems: ['date_invalid'] },
    handler: async ({ params, body }): Promise<BacktestAnswer> => {
      const { version, document } = await getScoreModel(db, params.version);
      const { horizon_days: horizonDays = HORIZON_DAYS, leads_max: leadsMax = BACKTEST_LEADS } = body;
      const at = clock();
      const asOf = bodyMoment(body.as_of, '/as_of') ?? at;
      const done = await backtestScores(db, document, { asOf, horizonDays, leadsMax }, at);
      const { endsAt, elapsedDays, share, active, bands, deciles, ...figures } = done;
      return {
        version,
        as_of: formatInstant(asOf),
        ends_at: formatInstant(endsAt),
        horizon_days: horizonDays,
        elapsed_days: elapsedDays,
        immature: endsAt > at,
        sampled_share: share,
        ...figures,
        bands: [...bands],
        deciles: [...deciles],
        compared_with: active,
      };
    },
  });
};
