import { Type } from 'typebox';
import { LEAD_STATES } from '../../domain/lead.ts';
import { UPPER_BANDS } from '../../domain/score-bands.ts';
import { answeredMoment, anything, codeOf, textOrNull } from './answer-field.ts';

const points = (description: string, example: number) => Type.Number({ description, examples: [example] });
const origin = (description: string) =>
  Type.Unsafe<Readonly<Record<string, unknown>> | null>({
    ...anything(description, { channel: 'douyin', touch_id: '0197a3c2-5d10-7abc-8def-0123456789ab' }),
    type: ['object', 'null'],
  });

/** An attribute that counted: its value is not told. */
const ScoreAttributeAnswer = Type.Object({
  name: Type.String({ description: '名称 in the model.', examples: ['director'] }),
  field: Type.String({ description: '字段 that it looks at.', examples: ['person.job_title'] }),
  points: points('分值.', 10),
});

/** A group of behaviours that counted. */
const ScoreGroupAnswer = Type.Object({
  group: Type.String({ description: '分组 of the model.', examples: ['web'] }),
  events: Type.Integer({ description: '次数: behaviours that count in it.', examples: [5] }),
  raw: points('衰减后分值, before the cap.', 40),
  capped: points('计入分值: at most the cap.', 40),
});

/** What a score consists of. */
export const SCORE_MEMBERS = {
  total: points('总分, unrounded.', 52),
  explicit: points('属性分: points of attributes, which do not decay.', 10),
  implicit: points('行为分: what is left of behaviours, group by group.', 42),
  attributes: Type.Array(ScoreAttributeAnswer, { description: '属性依据: attributes that matched.' }),
  groups: Type.Array(ScoreGroupAnswer, { description: '行为依据: each group of the model.' }),
  scored_at: answeredMoment('计分时间.'),
};

/** What `data.changed` holds when a lead enters a band from below. */
export const SCORE_CROSSED = {
  model: Type.Integer({ description: '评分模型版本.', examples: [1] }),
  band: codeOf(UPPER_BANDS, '分段 that was entered.'),
  threshold: points('界线 that was crossed.', 50),
  ...SCORE_MEMBERS,
  rating: textOrNull('意向评级.', 'medium'),
  rating_rule: textOrNull('评级规则.', 'rating.base'),
  first_source: origin('首次来源.'),
  last_source: origin('最近来源.'),
  touch_count: Type.Integer({ description: '触点数.', examples: [1] }),
  state: codeOf(LEAD_STATES, '状态.'),
  owner: textOrNull('顾问代码.', 'A1'),
  store: textOrNull('门店代码.', 'S1'),
  cycle: Type.Integer({ description: '轮次.', examples: [1] }),
};
