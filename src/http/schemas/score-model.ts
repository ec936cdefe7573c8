import { type Static, type TSchema, Type } from 'typebox';
import { SCORE_FIELDS, SCORE_STATES, type ScoreCondition, type ScoreDocument } from '../../domain/score-model.ts';
import { answeredMoment, codeOf, momentOrNull } from './answer-field.ts';

const code = '^[A-Za-z0-9_.-]{1,64}$';
const text = (description: string, example: string) =>
  Type.String({ minLength: 1, maxLength: 200, description, examples: [example] });
const points = (minimum: number, description: string, example: number) =>
  Type.Number({ minimum, maximum: 1_000, description, examples: [example] });

const Condition = Type.Unsafe<ScoreCondition>({
  type: 'object',
  description:
    '条件, whatever the case of letters: `equals` value, `one_of` values, `contains` text (of a text, or among tags a tag that holds it), `exists`.',
  examples: [{ is: 'equals', value: 'director' }],
  oneOf: [
    Type.Object(
      { is: Type.Literal('equals'), value: Type.Union([Type.String({ maxLength: 200 }), Type.Number()]) },
      { additionalProperties: false },
    ),
    Type.Object(
      {
        is: Type.Literal('one_of'),
        values: Type.Array(Type.Union([Type.String({ maxLength: 200 }), Type.Number()]), {
          minItems: 1,
          maxItems: 200,
        }),
      },
      { additionalProperties: false },
    ),
    Type.Object(
      { is: Type.Literal('contains'), text: Type.String({ minLength: 1, maxLength: 200 }) },
      { additionalProperties: false },
    ),
    Type.Object({ is: Type.Literal('exists') }, { additionalProperties: false }),
  ],
});

const Attribute = Type.Object(
  {
    name: text('名称.', 'director'),
    field: codeOf(SCORE_FIELDS, '字段: of the profile that stands, or of product and intent of the newest touch.'),
    when: Condition,
    points: points(-1_000, '分值; does not decay.', 10),
  },
  { additionalProperties: false },
);

/** The document of a score model. */
const ScoreDocumentBody = Type.Object(
  {
    attributes: Type.Array(Attribute, { maxItems: 200, description: '属性: who somebody is.' }),
    events: Type.Unsafe<ScoreDocument['events']>({
      type: 'object',
      maxProperties: 200,
      propertyNames: { pattern: code },
      description: '行为: points of each type, above 0, and the group that it counts in.',
      examples: [{ pricing_page: { points: 8, group: 'web' } }],
      additionalProperties: Type.Object(
        {
          points: Type.Number({ exclusiveMinimum: 0, maximum: 1_000, description: '分值.' }),
          group: Type.String({ pattern: code, description: '分组.' }),
        },
        { additionalProperties: false },
      ),
    }),
    groups: Type.Unsafe<ScoreDocument['groups']>({
      type: 'object',
      maxProperties: 50,
      propertyNames: { pattern: code },
      description: '分组: the most that its behaviours count together, and in how many days of 24 hours they halve.',
      examples: [{ web: { cap: 60, half_life_days: 30 } }],
      additionalProperties: Type.Object(
        {
          cap: Type.Number({ minimum: 0, maximum: 10_000, description: '上限.' }),
          half_life_days: Type.Number({ minimum: 0.01, maximum: 3_650, description: '半衰期, in days.' }),
        },
        { additionalProperties: false },
      ),
    }),
    bands: Type.Object(
      {
        mql: points(-10_000, 'MQL: from here.', 30),
        sql: points(-10_000, 'SQL: strictly above.', 50),
        hot: points(-10_000, 'Hot: strictly above.', 80),
        rearm: points(0, '重置: a crossing is told again only after falling so far below.', 5),
      },
      { additionalProperties: false, description: '分段: compared unrounded.' },
    ),
  } satisfies Record<keyof ScoreDocument, TSchema>,
  { additionalProperties: false, title: 'ScoreDocument', description: '评分模型.' },
);

const name = text('名称.', 'B2B 2026');
/** A draft of a score model. */
export const ScoreModelBody = Type.Object(
  { name, document: ScoreDocumentBody },
  { additionalProperties: false, title: 'ScoreModelDraft' },
);

/** The version of a path. */
export const VersionParams = Type.Object({
  version: Type.Integer({ minimum: 1, maximum: 2_147_483_647, description: '模型版本.', examples: [1] }),
});
export type VersionParams = Static<typeof VersionParams>;

const version = Type.Integer({ description: '版本.', examples: [1] });
/** A version of the score model. */
export const ScoreModelAnswer = Type.Object(
  {
    version,
    name,
    state: codeOf(SCORE_STATES, '状态: a draft can be changed, a shadow is read only, the active one routes.'),
    document: ScoreDocumentBody,
    revision: Type.Integer({ description: '修订: the ETag of a draft.', examples: [1] }),
    actor: Type.String({ description: '操作者.', examples: ['key:admin'] }),
    created_at: answeredMoment('创建时间.'),
    updated_at: answeredMoment('更新时间.'),
    activated_at: momentOrNull('生效时间.'),
    retired_at: momentOrNull('停用时间.'),
    rescoring: Type.Boolean({ description: '重算中: not everybody is scored by it yet.', examples: [false] }),
  },
  { title: 'ScoreModel' },
);
export type ScoreModelAnswer = Static<typeof ScoreModelAnswer>;

export const ScoreModelListAnswer = Type.Object({ items: Type.Array(ScoreModelAnswer) }, { title: 'ScoreModels' });
