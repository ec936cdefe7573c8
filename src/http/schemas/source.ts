import { type Static, Type } from 'typebox';
import { SOURCE_KINDS } from '../../channels/kinds.ts';
import type { Source, SourceSettings } from '../../domain/source.ts';
import { answeredId, answeredMoment, codeOf, textOrNull } from './answer-field.ts';
import { code } from './field.ts';
import { toDraft } from './lead.ts';
import { AdvertiserBody, CampaignBody, TrafficBody } from './lead-groups.ts';
import { SourceSettingsBody } from './source-settings.ts';

const name = Type.String({
  minLength: 1,
  maxLength: 100,
  description: '来源名称, without blanks around it; no other source has it.',
  examples: ['杭州落地页'],
});

const channel = Type.Unsafe<string | null>({
  type: ['string', 'null'],
  minLength: 1,
  maxLength: 64,
  description: '渠道代码 of submissions that name none; null: none.',
  examples: ['search'],
});

/** Field groups that a source fills in. */
const SourceDefaults = Type.Object(
  {
    advertiser: Type.Optional(AdvertiserBody),
    campaign: Type.Optional(CampaignBody),
    store: code('门店代码 of submissions that name none.', 'S1'),
    traffic: Type.Optional(TrafficBody),
  },
  {
    additionalProperties: false,
    title: 'SourceDefaults',
    description: '默认值: what a submission says itself goes before, field by field.',
    examples: [{ store: 'S1', campaign: { id: 'c1' } }],
  },
);

const changes = {
  name: Type.Optional(name),
  channel: Type.Optional(channel),
  defaults: Type.Optional(SourceDefaults),
  settings: Type.Optional(SourceSettingsBody),
};

export const SourceBody = Type.Object(
  {
    ...changes,
    name,
    kind: codeOf([...SOURCE_KINDS], '类型: by what way submissions come, or which platform pushes them.'),
    secret: Type.Optional(
      Type.String({
        minLength: 8,
        maxLength: 1000,
        description: '密钥 where the platform gives it; else one is made, for kinds that need one.',
        examples: ['given-by-the-platform'],
      }),
    ),
    credentials: Type.Optional(
      Type.Record(Type.String({ maxLength: 128 }), Type.String({ minLength: 1, maxLength: 4000 }), {
        maxProperties: 20,
        description: '凭证: what the platform needs beside the secret, by name; kept encrypted and never shown.',
        examples: [{ access_token: 'given-by-the-platform' }],
      }),
    ),
  },
  { additionalProperties: false, title: 'SourceInput' },
);

/** A change: what is left out stays, and what is named is replaced whole. */
export const SourceChangeBody = Type.Object(
  {
    ...changes,
    credentials: Type.Optional(
      Type.Record(
        Type.String({ maxLength: 128 }),
        Type.Unsafe<string | null>({ type: ['string', 'null'], maxLength: 4000 }),
        {
          maxProperties: 20,
          description: '凭证: those named are replaced, null takes one away, the others stay.',
          examples: [{ access_token: 'the-next-one' }],
        },
      ),
    ),
  },
  {
    additionalProperties: false,
    minProperties: 1,
    title: 'SourceChange',
    examples: [{ defaults: { store: 'S2' } }],
  },
);

interface WithDefaults {
  readonly defaults?: Static<typeof SourceDefaults>;
}
/** A checked body whose defaults have their ids as text. */
export function withTextIds<B extends WithDefaults>(
  body: B,
): Omit<B, 'defaults'> & { readonly defaults?: Source['defaults'] } {
  const { defaults, ...rest } = body;
  return defaults === undefined ? rest : { ...rest, defaults: toDraft(defaults) };
}

export const RotationBody = Type.Object(
  {
    overlap_seconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 30 * 86_400,
        description: 'For how long the former secret still works; a day where it is left out.',
        examples: [3600],
      }),
    ),
    secret: SourceBody.properties.secret,
  },
  { additionalProperties: false, title: 'SecretRotation' },
);

const answered = {
  id: answeredId('来源 id.'),
  name,
  kind: codeOf([...SOURCE_KINDS], '类型.'),
  state: codeOf(['active', 'paused'], '状态: what comes by a paused source is refused.'),
  channel: textOrNull('渠道代码 of submissions that name none.', 'search'),
  defaults: Type.Unsafe<Source['defaults']>(SourceDefaults),
  settings: Type.Unsafe<SourceSettings>(SourceSettingsBody),
  has_secret: Type.Boolean({ description: 'Whether it has a secret.', examples: [true] }),
  has_credentials: Type.Boolean({ description: 'Whether it has credentials.', examples: [false] }),
  version: Type.Integer({ description: '版本, for If-Match.', examples: [1] }),
  created_at: answeredMoment('创建时间.'),
  updated_at: answeredMoment('修改时间.'),
};

export const SourceAnswer = Type.Object(answered, { title: 'Source', description: '来源: one configured way in.' });
export type SourceAnswer = Static<typeof SourceAnswer>;

export const SourceWithSecretAnswer = Type.Object(
  {
    ...answered,
    secret: textOrNull('密钥; shown this once. Null where its kind checks none, or only one that is given.', 'q3Jv…'),
    address: textOrNull(
      '推送地址: the path to paste into the console, shown this once; null where nobody pushes to its kind.',
      '/v1/hooks/Yk3…',
    ),
  },
  { title: 'SourceWithSecret' },
);

export const AddressRotationBody = Type.Object(
  {
    overlap_seconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 30 * 86_400,
        description: 'For how long the former address still works; a week where it is left out.',
        examples: [604_800],
      }),
    ),
  },
  { additionalProperties: false, title: 'AddressRotation' },
);

export const SourceWithAddressAnswer = Type.Object(
  { ...answered, address: Type.String({ description: '推送地址; shown this once.', examples: ['/v1/hooks/Yk3…'] }) },
  { title: 'SourceWithAddress' },
);

export const SourceListAnswer = Type.Object({ items: Type.Array(SourceAnswer) }, { title: 'SourceList' });
