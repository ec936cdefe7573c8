import { type Static, Type } from 'typebox';
import { SOURCE_KINDS, type Source, type SourceKind } from '../../domain/source.ts';
import { answeredId, answeredMoment, codeOf, textOrNull } from './answer-field.ts';
import { code } from './field.ts';
import { toDraft } from './lead.ts';
import { AdvertiserBody, CampaignBody, TrafficBody } from './lead-groups.ts';

const KINDS = Object.keys(SOURCE_KINDS) as [SourceKind, ...SourceKind[]];

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

const SourceSettingsBody = Type.Object(
  {
    completes_later: Type.Optional(
      Type.Boolean({
        description: '后补: a submission with an external id but no identity waits for one, instead of quarantine.',
        examples: [true],
      }),
    ),
    update_semantics: Type.Optional(
      Type.Boolean({
        description:
          '更新: one external id sent again with other content is an update of the same touch, not a conflict.',
        examples: [false],
      }),
    ),
  },
  {
    additionalProperties: false,
    title: 'SourceSettings',
    description: '设置; what is left out is as the kind has it.',
    examples: [{ completes_later: true }],
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
    kind: codeOf(KINDS, '类型: by what way submissions come.'),
    secret: Type.Optional(
      Type.String({
        minLength: 8,
        maxLength: 1000,
        description: '密钥 where the platform gives it; else one is made.',
        examples: ['given-by-the-platform'],
      }),
    ),
  },
  { additionalProperties: false, title: 'SourceInput' },
);

/** A change: what is left out stays, and what is named is replaced whole. */
export const SourceChangeBody = Type.Object(changes, {
  additionalProperties: false,
  minProperties: 1,
  title: 'SourceChange',
  examples: [{ defaults: { store: 'S2' } }],
});

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
  kind: codeOf(KINDS, '类型.'),
  state: codeOf(['active', 'paused'], '状态: what comes by a paused source is refused.'),
  channel: textOrNull('渠道代码 of submissions that name none.', 'search'),
  defaults: Type.Unsafe<Source['defaults']>(SourceDefaults),
  settings: SourceSettingsBody,
  has_secret: Type.Boolean({ description: 'Whether it has a secret.', examples: [true] }),
  version: Type.Integer({ description: '版本, for If-Match.', examples: [1] }),
  created_at: answeredMoment('创建时间.'),
  updated_at: answeredMoment('修改时间.'),
};

export const SourceAnswer = Type.Object(answered, { title: 'Source', description: '来源: one configured way in.' });
export type SourceAnswer = Static<typeof SourceAnswer>;

export const SourceWithSecretAnswer = Type.Object(
  {
    ...answered,
    secret: Type.String({ description: '密钥; shown this once.', examples: ['q3Jv…'] }),
  },
  { title: 'SourceWithSecret' },
);

export const SourceListAnswer = Type.Object({ items: Type.Array(SourceAnswer) }, { title: 'SourceList' });
