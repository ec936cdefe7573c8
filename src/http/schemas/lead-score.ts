import { type Static, Type } from 'typebox';
import { BANDS } from '../../domain/score-bands.ts';
import { answeredId, codeOf, momentOrNull, objectOrNull } from './answer-field.ts';
import { SCORE_MEMBERS } from './event-score.ts';

const ModelScoreAnswer = Type.Object({
  model: Type.Integer({ description: '评分模型版本.', examples: [1] }),
  name: Type.String({ description: '名称.', examples: ['B2B 2026'] }),
  band: codeOf(BANDS, '分段 of the total.'),
  leaves_band_at: momentOrNull('衰减出段: when decay alone takes it out of the band; null: never.'),
  ...SCORE_MEMBERS,
});
export type ModelScoreAnswer = Static<typeof ModelScoreAnswer>;

/** The score of a lead with its reasons. */
export const LeadScoreAnswer = Type.Object(
  {
    lead_id: answeredId('线索 id.'),
    customer_id: answeredId('客户 id: whose score it is.'),
    active: objectOrNull(ModelScoreAnswer),
    shadows: Type.Array(ModelScoreAnswer, { description: '影子: scores that route nothing.' }),
  },
  { title: 'LeadScore', description: '线索评分: of the person, now.' },
);
