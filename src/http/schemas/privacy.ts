import { type Static, Type } from 'typebox';
import { PURPOSES } from '../../domain/submission.ts';
import { pageQuery } from '../query.ts';
import { answeredId, answeredMoment, momentOrNull, pageAnswer } from './answer-field.ts';
import { code } from './field.ts';
import { reasonText } from './lead-work.ts';
import { ConsentBody } from './person.ts';
import { searchFields } from './search.ts';

const closed = { additionalProperties: false } as const;

export const EraseBody = Type.Object(
  {
    reason: reasonText('原因; it is kept, so it must not name the person.', 'customer_request'),
    do_not_contact: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          '不再联系: later submissions by any of the identities are suppressed; else they are a new customer.',
        examples: [true],
      }),
    ),
  },
  { ...closed, title: 'EraseRequest', description: '删除个人信息.' },
);

export const EraseAnswer = Type.Object(
  {
    customer_id: answeredId('客户 id.'),
    erased_at: answeredMoment('删除时间; the first time, where it was done before.'),
    leads: Type.Integer({ description: '线索数 that it reached now.', examples: [2] }),
    submissions: Type.Integer({ description: '留资数 that it reached now.', examples: [3] }),
    suppressed: Type.Integer({ description: '不再处理的身份数.', examples: [1] }),
  },
  { title: 'ErasedCustomer', description: '删除结果: counts and money stay.' },
);

export const ConsentStatementBody = Type.Object(
  { ...ConsentBody.properties, channel: code('渠道代码 by which it was stated.', 'wecom') },
  {
    ...closed,
    title: 'ConsentStatement',
    description: '授权声明: a consent or its withdrawal.',
    examples: [{ purpose: 'ad_feedback', granted: false, at: '2026-06-01T12:30:00+08:00', channel: 'wecom' }],
  },
);

const Standing = Type.Object(
  {
    granted: Type.Boolean({ description: '同意.', examples: [true] }),
    stated_at: momentOrNull('声明时间; null: nothing was stated, the policy says so.'),
  },
  { title: 'StandingConsent', description: '当前授权: the latest dated statement.' },
);

export const ConsentAnswer = Type.Object(
  {
    customer_id: answeredId('客户 id.'),
    recorded: Type.Boolean({ description: 'False: the same statement was there already.', examples: [true] }),
    stated_at: answeredMoment('声明时间.'),
    consents: Type.Object(Object.fromEntries(PURPOSES.map((purpose) => [purpose, Standing])), {
      description: '当前授权 per purpose.',
    }),
  },
  { title: 'ConsentStated', description: '授权变更.' },
);

const { phone, wechat, wecom } = searchFields;

export const SuppressBody = Type.Object(
  { phone, wechat, wecom, reason: reasonText('原因; it must not name the person.', 'asked_not_to_be_called') },
  {
    ...closed,
    title: 'SuppressRequest',
    description: '不再处理: exactly one of phone, wechat, wecom; only a keyed hash of it is kept.',
    examples: [{ phone: '13800138000', reason: 'asked_not_to_be_called' }],
  },
);

export const UnsuppressBody = Type.Object(
  {
    phone,
    wechat,
    wecom,
    token: Type.Optional(
      Type.String({
        pattern: '^[0-9a-f]{16,64}$',
        description: 'As the list shows it.',
        examples: ['0123456789abcdef'],
      }),
    ),
    reason: Type.Optional(reasonText('原因: ignored, so that the body of PUT can be sent.', 'consent_given_again')),
  },
  {
    ...closed,
    title: 'UnsuppressRequest',
    description: '恢复处理: exactly one of phone, wechat, wecom, token.',
    examples: [{ token: '0123456789abcdef' }],
  },
);
export type UnsuppressBody = Static<typeof UnsuppressBody>;

export const SuppressionRecord = Type.Object(
  {
    token: Type.String({ description: 'The first 16 hex digits of the keyed hash.', examples: ['0123456789abcdef'] }),
    reason: Type.String({ description: '原因.', examples: ['asked_not_to_be_called'] }),
    actor: Type.String({ description: '操作者.', examples: ['key:crm'] }),
    created_at: answeredMoment('加入时间.'),
  },
  { title: 'Suppression', description: '不再处理: an identity on the do-not-process list, by its keyed hash.' },
);
export type SuppressionRecord = Static<typeof SuppressionRecord>;

export const SuppressionsQuery = Type.Object(pageQuery, closed);
export const SuppressionPageAnswer = pageAnswer(SuppressionRecord, 'SuppressionPage');
