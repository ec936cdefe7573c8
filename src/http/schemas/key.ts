import { type Static, Type } from 'typebox';
import { KEY_SCOPES } from '../../domain/key.ts';
import { answeredId, answeredMoment, codeOf, codes, integerOrNull, momentOrNull, textOrNull } from './answer-field.ts';
import { code } from './field.ts';

const name = Type.String({
  minLength: 1,
  maxLength: 100,
  description: '名称, without blanks around it; the audit names the actor by it.',
  examples: ['crm'],
});

/** A new key. */
export const KeyBody = Type.Object(
  {
    name,
    scopes: Type.Array(codeOf(KEY_SCOPES, '权限.'), {
      minItems: 1,
      maxItems: KEY_SCOPES.length,
      uniqueItems: true,
      description: '权限: what it may do; none that the key which asks does not have.',
      examples: [['leads:write', 'leads:read']],
    }),
    source_id: Type.Optional(
      Type.String({
        format: 'uuid',
        description:
          '来源 id of what it captures; else the REST source of its name, which is made where there is none.',
        examples: ['0197a3c2-5d10-7abc-8def-0123456789ab'],
      }),
    ),
    stores: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
        minItems: 1,
        maxItems: 1000,
        uniqueItems: true,
        description: '门店代码: the key reads leads of these stores in full, and of others only that they exist.',
        examples: [['S1']],
      }),
    ),
    adviser: code('顾问代码: the key acts as this adviser.', 'A1'),
    rate_limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'Requests a minute.', examples: [600] }),
    ),
    expires_at: Type.Optional(
      Type.String({
        format: 'date-time',
        description: '失效时间: ISO 8601 with its zone, in the future.',
        examples: ['2027-01-01T00:00:00+08:00'],
      }),
    ),
  },
  { additionalProperties: false, title: 'KeyInput' },
);

const answered = {
  id: answeredId('密钥 id.'),
  name,
  prefix: Type.String({
    description: 'The first characters of the secret, to recognise it by.',
    examples: ['clew_q3JvZm'],
  }),
  scopes: codes('权限.', 'leads:write'),
  source_id: answeredId('来源 id.'),
  stores: Type.Unsafe<readonly string[] | null>({
    type: ['array', 'null'],
    items: { type: 'string' },
    description: '门店代码; null: every store.',
    examples: [['S1']],
  }),
  adviser: textOrNull('顾问代码.', 'A1'),
  rate_limit: integerOrNull('Requests a minute; null: as the service is set.', 600),
  created_by: Type.String({ description: '创建者.', examples: ['key:admin'] }),
  created_at: answeredMoment('创建时间.'),
  expires_at: momentOrNull('失效时间.'),
  revoked_at: momentOrNull('吊销时间.'),
};

export const KeyAnswer = Type.Object(answered, { title: 'ApiKey', description: 'API 密钥, without its secret.' });
export type KeyAnswer = Static<typeof KeyAnswer>;

export const CreatedKeyAnswer = Type.Object(
  {
    ...answered,
    secret: Type.String({ description: 'The key itself; shown this once.', examples: ['clew_q3JvZm…'] }),
  },
  { title: 'CreatedKey' },
);

export const KeyListAnswer = Type.Object({ items: Type.Array(KeyAnswer) }, { title: 'KeyList' });
