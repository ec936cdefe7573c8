import { type Static, Type } from 'typebox';
import { REPLAYED_FROM } from '../../flows/replay-pushes.ts';
import { answeredId, codeOf, codes, MaskedField, textOrNull } from './answer-field.ts';

/** Most stored pushes of one call, and most differences that are told one by one. */
const MOST_REPLAYED = 1000;
export const MOST_DIFFERENCES = 50;

export const ReplayBody = Type.Object(
  {
    from: codeOf(
      REPLAYED_FROM,
      '从何处: `recordings`, pushes that were recorded, whose signature is not asked for again; `quarantine`, open entries that another map may mend; `kept`, what was taken already, which is only compared: `dry_run` must be true.',
    ),
    since: Type.Optional(
      Type.String({ maxLength: 40, description: '接收时间 from, inclusive. ISO 8601.', examples: ['2026-06-01'] }),
    ),
    ids: Type.Optional(
      Type.Array(Type.String({ format: 'uuid' }), {
        minItems: 1,
        maxItems: MOST_REPLAYED,
        description: 'Only these recordings or entries.',
        examples: [['0197a3c2-5d10-7abc-8def-0123456789ab']],
      }),
    ),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: MOST_REPLAYED, default: 100, description: '最多条数.', examples: [100] }),
    ),
    dry_run: Type.Optional(
      Type.Boolean({
        default: false,
        description: '试运行: what would come of it; nothing is written.',
        examples: [true],
      }),
    ),
  },
  { additionalProperties: false, title: 'SourceReplayInput' },
);

const Change = Type.Object({
  path: Type.String({ description: '字段.', examples: ['person.city'] }),
  before: Type.Unknown({ description: 'As it was read; null: not.' }),
  after: Type.Unknown({ description: 'As it would be read now; null: not.' }),
});

const ReplayItem = Type.Object(
  {
    id: answeredId('Of the recording, entry or submission.'),
    results: codes(
      '结果: a decision for each lead; else handshake, ignored, changed, unchanged, or refused, which leaves it as it was.',
      'created',
    ),
    code: textOrNull('Why it is quarantined, ignored or refused.', 'phone_invalid'),
    changes: Type.Optional(Type.Array(Change, { description: 'Of what is kept.' })),
  },
  { title: 'SourceReplayItem' },
);

export const ReplayAnswer = Type.Object(
  {
    from: codeOf(REPLAYED_FROM, '从何处.'),
    dry_run: Type.Boolean({ description: '试运行.', examples: [true] }),
    masked: MaskedField,
    count: Type.Integer({ description: '条数 that were read again.', examples: [12] }),
    more: Type.Boolean({ description: 'Whether more of them match than `limit`.', examples: [false] }),
    results: Type.Record(Type.String(), Type.Integer(), {
      description: '结果: how often each was come to.',
      examples: [{ created: 10, quarantined: 2 }],
    }),
    items: Type.Array(ReplayItem, {
      description: `Each in the order it was read again; of what is kept the first ${MOST_DIFFERENCES} that would change.`,
    }),
  },
  { title: 'SourceReplay' },
);
export type ReplayAnswer = Static<typeof ReplayAnswer>;
