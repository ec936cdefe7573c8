import { Type } from 'typebox';
import { BANDS } from '../../domain/score-bands.ts';
import { answeredMoment } from './answer-field.ts';
import { ScoreModelAnswer } from './score-model.ts';

/** Of how many open leads an activation counts all, which takes some fifteen seconds; of more, a sample. */
export const COUNTED_MAX = 100_000;

/** How a version is activated. */
export const ActivationBody = Type.Object(
  {
    expected_active: Type.Unsafe<number | null>({
      type: ['integer', 'null'],
      description: '现行版本 that the caller saw; null: none.',
      examples: [1],
    }),
    emit: Type.Optional(
      Type.Boolean({ default: false, description: '是否通知: whether crossings that the change brings are told.' }),
    ),
    dry_run: Type.Optional(Type.Boolean({ default: false, description: '试算: only count.' })),
  },
  { additionalProperties: false, title: 'ScoreActivation' },
);

const count = (description: string) => Type.Integer({ minimum: 0, description, examples: [4213] });
/** What an activation moves. */
export const ActivationAnswer = Type.Object(
  {
    model: ScoreModelAnswer,
    dry_run: Type.Boolean({ description: '试算.', examples: [false] }),
    counted_at: answeredMoment('计算时间: the moment of the scores that were counted.'),
    open_leads: count('在途线索: open leads in all.'),
    leads: count(
      `线索: open leads looked at: all of them up to about ${COUNTED_MAX.toLocaleString('en')}, else a sample of so many; the numbers below are of these.`,
    ),
    upward: count('上升: leads that come into a higher band.'),
    downward: count('下降: leads that come into a lower band.'),
    bands: Type.Object(Object.fromEntries(BANDS.map((band) => [band, count(`${band}: leads in it then.`)])), {
      description: '分段.',
    }),
  },
  { title: 'ScoreActivationAnswer' },
);
