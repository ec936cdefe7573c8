import { type Static, Type } from 'typebox';
import { UPPER_BANDS } from '../../domain/score-bands.ts';
import { answeredMoment, codeOf, integerOrNull, numberOrNull } from './answer-field.ts';

/** How long leads have to be won in, unless it is said. */
export const HORIZON_DAYS = 90;
/** Of how many leads a back-test looks at all, unless it is said: 2,500 take a second. Of more, a sample. */
export const BACKTEST_LEADS = 20_000;
const LEADS_MAX = 100_000; // 40 seconds: many proxies give an answer up after a minute

/** What a back-test is asked for. */
export const BacktestBody = Type.Object(
  {
    as_of: Type.String({
      maxLength: 64,
      description: '回测时点: only what had been received by this moment is used.',
      examples: ['2026-05-01T00:00:00+08:00'],
    }),
    horizon_days: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 730,
        default: HORIZON_DAYS,
        description: '观察期: in how many days of 24 hours a lead has to be won.',
      }),
    ),
    leads_max: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: LEADS_MAX,
        default: BACKTEST_LEADS,
        description:
          '最多线索: of about so many leads at most that had been recorded by then; of more a sample is looked at, the same one every time.',
      }),
    ),
  },
  { additionalProperties: false, title: 'ScoreBacktest' },
);

const count = (description: string, example: number) => Type.Integer({ minimum: 0, description, examples: [example] });
const rate = (description: string, example: number) => numberOrNull(`${description}; null: of nothing.`, example);
const score = (description: string, example: number) => numberOrNull(`${description}; null: of nobody.`, example);

/** What a back-test came to. */
export const BacktestAnswer = Type.Object(
  {
    version: Type.Integer({ description: '模型版本.', examples: [2] }),
    as_of: answeredMoment('回测时点.'),
    ends_at: answeredMoment('观察期结束: wins after it do not count.'),
    horizon_days: Type.Integer({ description: '观察期, in days.', examples: [90] }),
    elapsed_days: Type.Integer({ description: '已过: whole days of the horizon that have passed.', examples: [90] }),
    immature: Type.Boolean({ description: '未成熟: the horizon is not over, more wins may come.', examples: [false] }),
    sampled_share: Type.Number({ description: '抽样比例: of all people; 1: everybody was looked at.', examples: [1] }),
    leads: count('线索: open then.', 4000),
    wins: count('成交: of them won within the horizon.', 300),
    base_rate: rate('基准成交率: wins ÷ leads', 0.075),
    auc: numberOrNull(
      'AUC: how often a lead that was won has the higher score of a pair, a tie counting half; null: all were won, or none.',
      0.71,
    ),
    bands: Type.Array(
      Type.Object({
        band: codeOf(UPPER_BANDS, '分段.'),
        threshold: Type.Number({ description: '分数线.', examples: [50] }),
        leads: count('线索 in it or above.', 500),
        wins: count('其中成交.', 90),
        precision: rate('精确率: wins ÷ leads', 0.18),
        recall: rate('召回率: of all wins', 0.3),
      }),
      { description: '分段: what each line would have told.' },
    ),
    deciles: Type.Array(
      Type.Object({
        decile: Type.Integer({ description: '十分位: 1 has the highest scores.', examples: [1] }),
        leads: count('线索.', 400),
        wins: count('成交.', 84),
        win_rate: rate('成交率', 0.21),
        lift: rate('提升度: win rate ÷ base rate', 2.8),
        highest: score('最高分', 96.5),
        lowest: score('最低分', 61),
      }),
      { description: '十分位: ten rows that hold every lead once; of equal scores the older lead comes first.' },
    ),
    compared_with: integerOrNull('对照版本: the version that is active now; null: none is.', 1),
    would_cross: Type.Unsafe<Readonly<Record<(typeof UPPER_BANDS)[number], number>> | null>({
      type: ['object', 'null'],
      properties: Object.fromEntries(UPPER_BANDS.map((band) => [band, count(`${band}.`, 40)])),
      required: [...UPPER_BANDS],
      description:
        '会上升: leads in the band by this version and below it by the one compared with; null: none is active.',
    }),
  },
  { title: 'ScoreBacktestReport' },
);
export type BacktestAnswer = Static<typeof BacktestAnswer>;
