import { type Static, Type } from 'typebox';
import { QUARANTINE_STATES } from '../../store/quarantine-list.ts';
import { pageQuery, queryMoment } from '../query.ts';
import {
  answeredId,
  answeredMoment,
  anything,
  codeOf,
  codes,
  MaskedField,
  momentOrNull,
  objectOrNull,
  pageAnswer,
  textOrNull,
} from './answer-field.ts';
import { idOrNull, outcomeFields } from './outcome.ts';

const uuid = (description: string) =>
  Type.String({ format: 'uuid', description, examples: ['0197a3c2-5d10-7abc-8def-0123456789ab'] });
const reason = (description: string, example: string) =>
  Type.String({ minLength: 1, maxLength: 500, pattern: '\\S', description, examples: [example] });

const filters = {
  code: Type.Optional(Type.String({ maxLength: 64, description: '原因代码.', examples: ['phone_invalid'] })),
  source_id: Type.Optional(uuid('来源 id.')),
  from: queryMoment('Received from, inclusive.'),
  to: queryMoment('Received to, exclusive.'),
};

export const QuarantineQuery = Type.Object(
  {
    state: Type.Optional(codeOf(QUARANTINE_STATES, '状态; every one where it is left out.')),
    ...filters,
    ...pageQuery,
  },
  { additionalProperties: false },
);

const listed = {
  id: answeredId('隔离记录 id.'),
  submission_id: answeredId('留资 id.'),
  source: Type.Object(
    { id: answeredId('来源 id.'), name: textOrNull('来源名称.', 'crm') },
    { description: '来源 by which it came.' },
  ),
  code: Type.String({ description: '原因代码: why it cannot be used.', examples: ['phone_invalid'] }),
  path: textOrNull('JSON pointer to the field.', '/person/phone'),
  hint: textOrNull('What to do.', 'Check the digits; none is ever guessed.'),
  state: codeOf(
    QUARANTINE_STATES,
    '状态: `released` by a submission that could be used, `superseded` by one that could not and has its own entry, `dismissed` by hand.',
  ),
  masked: MaskedField,
  external_id: textOrNull('外部 id.', 'dy-1'),
  phone_typed: textOrNull('电话 as typed; all but the last digits are stars where it is masked.', '*******8000'),
  occurred_at: answeredMoment('发生时间: as stated, else the time of receipt; a retry keeps it.'),
  received_at: answeredMoment('接收时间.'),
  resolved_by: idOrNull('The submission that released or superseded it.'),
  resolved_at: momentOrNull('处理时间.'),
  actor: textOrNull('处理人.', 'key:crm'),
};

const QuarantineItem = Type.Object(listed, {
  title: 'QuarantineItem',
  description: '隔离: a submission that cannot be used.',
});
export type QuarantineItem = Static<typeof QuarantineItem>;
export const QuarantinePageAnswer = pageAnswer(QuarantineItem, 'QuarantinePage');

const RawBody = Type.Object(
  {
    content_type: Type.String({ description: 'As it was sent.', examples: ['application/json'] }),
    encoding: codeOf(['utf8', 'base64'], 'How `body` holds the bytes.'),
    body: Type.String({ description: 'The bytes as they arrived.', examples: ['{"person":{"phone":"12345"}}'] }),
  },
  { description: '原始请求体; null where it is masked or past its retention.' },
);

export const QuarantineDetail = Type.Object(
  {
    ...listed,
    mode: codeOf(['live', 'history'], '实时或历史导入.'),
    fields: anything('字段组 as they were read, without identities and consents.', { person: { name: '张三' } }),
    warnings: codes('提示.', 'channel_unknown'),
    completes: idOrNull('The quarantined submission that this one was a retry of.'),
    request_id: textOrNull('请求 id.', '0197a3c2-5d10-7abc-8def-0123456789ab'),
    reason: textOrNull('Why it was dismissed.', 'test data of the agency'),
    raw: objectOrNull(RawBody),
  },
  { title: 'QuarantineDetail', description: '隔离: a submission as it was read.' },
);
export type QuarantineDetail = Static<typeof QuarantineDetail>;

const corrections = Type.Optional(
  Type.Unsafe<Readonly<Record<string, unknown>>>({
    type: 'object',
    description:
      '更正: a JSON merge patch (RFC 7396) on the body as it arrived: members replace, null removes. The result is checked as the body of POST /v1/leads. What stays: `external_id` where it came with one, and `occurred_at` where it could be read.',
    examples: [{ person: { phone: '138 0013 8000' } }],
  }),
);

export const RetryBody = Type.Object({ corrections }, { additionalProperties: false, title: 'QuarantineRetry' });

export const DismissBody = Type.Object(
  { reason: reason('原因; kept in the audit.', 'test data of the agency') },
  { additionalProperties: false, title: 'QuarantineDismissal' },
);

/** Most entries of one call. */
export const MOST_RETRIES = 1000;

export const RetryManyBody = Type.Object(
  {
    ids: Type.Optional(
      Type.Array(uuid('隔离记录 id.'), { minItems: 1, maxItems: MOST_RETRIES, description: 'As they are.' }),
    ),
    items: Type.Optional(
      Type.Array(
        Type.Object(
          { id: uuid('隔离记录 id.'), corrections },
          { additionalProperties: false, title: 'CorrectedEntry' },
        ),
        { minItems: 1, maxItems: MOST_RETRIES, description: 'Each with corrections of its own.' },
      ),
    ),
    filter: Type.Optional(
      Type.Object(filters, {
        additionalProperties: false,
        description: `The oldest ${MOST_RETRIES} open entries that match, as they are.`,
        examples: [{ code: 'phone_invalid', from: '2026-06-01' }],
      }),
    ),
  },
  {
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
    title: 'QuarantineRetryMany',
    description: 'One of `ids`, `items` and `filter`.',
    examples: [{ filter: { code: 'phone_invalid' } }],
  },
);

const RetryItem = Type.Object(
  {
    id: answeredId('隔离记录 id.'),
    status: Type.Integer({
      description: 'The status that the entry alone would have been answered with.',
      examples: [201],
    }),
    ...Type.Partial(Type.Object(outcomeFields)).properties,
    problem: Type.Optional(
      Type.Object({}, { additionalProperties: true, description: 'The problem document where it is still unusable.' }),
    ),
  },
  { title: 'RetryItem' },
);
export type RetryItem = Static<typeof RetryItem>;

export const RetryManyAnswer = Type.Object(
  {
    items: Type.Array(RetryItem, { description: 'One answer an entry, in the order asked.' }),
    more: Type.Boolean({ description: 'Whether more entries match the filter: ask again.', examples: [false] }),
  },
  { title: 'RetryOutcome' },
);
