import { type Static, Type } from 'typebox';
import { DECISIONS } from '../../domain/outcome.ts';
import { anything, codeOf, codes, MaskedField, objectOrNull, textOrNull } from './answer-field.ts';
import { idOrNull } from './outcome.ts';

const texts = (description: string, example: string) =>
  Type.Record(Type.String({ maxLength: 200 }), Type.String({ maxLength: 8_000 }), {
    maxProperties: 100,
    description,
    examples: [{ 'x-signature': example }],
  });

export const PreviewBody = Type.Object(
  {
    body: Type.Optional(
      Type.String({ description: '请求体, as it was sent.', examples: ['{"telephone":"13800138000"}'] }),
    ),
    body_base64: Type.Optional(
      Type.String({ pattern: '^[A-Za-z0-9+/]*={0,2}$', description: '请求体 in base64, where it is no text.' }),
    ),
    content_type: Type.Optional(
      Type.String({
        maxLength: 200,
        description: '内容类型; JSON where it is left out.',
        examples: ['application/x-www-form-urlencoded'],
      }),
    ),
    headers: Type.Optional(texts('请求头: with them the signature is checked.', 'f5a1…')),
    query: Type.Optional(
      Type.String({ maxLength: 8_000, description: '查询串, without the question mark.', examples: ['sign=f5a1…'] }),
    ),
    method: Type.Optional(codeOf(['POST', 'GET'], '方法; POST where it is left out.')),
    field_map: Type.Optional(
      Type.Unsafe<Readonly<Record<string, unknown>>>({
        type: 'object',
        description: "字段映射 in place of the source's own, to try it before it is saved.",
        examples: [{ fields: { 'person.phone': { path: 'tel' } } }],
      }),
    ),
  },
  { additionalProperties: false, title: 'SourcePreviewInput' },
);
export type PreviewBody = Static<typeof PreviewBody>;

const MappedField = Type.Object({
  field: Type.String({ description: '字段 of the canonical body.', examples: ['person.phone'] }),
  from: Type.String({ description: 'Path or label that it was read from, `constant` or `expression`.' }),
  value: Type.Unknown({ description: '值.' }),
});

const Refusal = Type.Object(
  {
    code: Type.String({ description: '原因代码.', examples: ['phone_invalid'] }),
    path: Type.String({ description: 'JSON pointer to the field.', examples: ['/person/phone'] }),
    hint: Type.String({ description: 'What to do.' }),
  },
  { description: 'Why it could not be used; null where it could.' },
);

const PreviewOutcome = Type.Object(
  {
    decision: codeOf(DECISIONS, '判定 that it would come to now.'),
    original_decision: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      description: '原判定: of a replay, what the first one came to.',
      examples: ['created'],
    }),
    rule: Type.String({ description: '规则.', examples: ['created.none_known'] }),
    lead_id: idOrNull('线索 id; null where there is none yet.'),
    refusal: objectOrNull(Refusal),
    warnings: codes('提示.', 'channel_unknown'),
  },
  { description: '判定: what the submission would come to now.' },
);

const PreviewItem = Type.Object(
  {
    kind: codeOf(['lead', 'erase', 'ignored'], 'A lead, a request to erase one, or something that is no lead.'),
    external_id: textOrNull("外部 id: the platform's id of the lead.", 'dy-1'),
    delivery_id: textOrNull('推送 id: what the same push sent again is known by.', 'sha256:9f86…'),
    why: textOrNull('Of what is ignored: a code.', 'topic_unknown'),
    draft: Type.Optional(anything('留资 as it would be judged.', { person: { phone: '138****8000' } })),
    fields: Type.Optional(Type.Array(MappedField, { description: 'What each field was read from.' })),
    unmapped: Type.Optional(codes('Keys and labels that no field took: they are kept under `extra`.', '车牌意向')),
    warnings: Type.Optional(codes('What the mapping could not read.', 'ambiguous:person.name')),
    fetched_later: Type.Optional(
      Type.Boolean({ description: 'Whether the push names the lead only, and the rest is fetched.' }),
    ),
    outcome: Type.Optional(PreviewOutcome),
  },
  { title: 'SourcePreviewItem' },
);
export type PreviewItem = Static<typeof PreviewItem>;

export const PreviewAnswer = Type.Object(
  {
    masked: MaskedField,
    handshake: Type.Unsafe<'passed' | 'failed' | null>({
      type: ['string', 'null'],
      enum: ['passed', 'failed', null],
      description: 'Null where it is no check of the address.',
      examples: [null],
    }),
    authenticity: objectOrNull(
      Type.Object(
        {
          kind: codeOf(['authentic', 'refused'], 'Whether it would be let in.'),
          code: Type.Optional(Type.String({ description: 'Why not.', examples: ['signature_invalid'] })),
          detail: Type.Optional(Type.String({ description: 'In a sentence.' })),
        },
        { description: '验签; null where nothing was given that could be checked.' },
      ),
    ),
    items: Type.Array(PreviewItem, { description: 'What the push says, in its order.' }),
    problem: objectOrNull(
      Type.Object(
        {
          code: codeOf(['unparsable', 'unmappable'], '原因代码 of the entry that would be kept in quarantine.'),
          detail: Type.String({ description: 'In a sentence.' }),
        },
        { description: 'Why nothing could be made out; null where something could.' },
      ),
    ),
  },
  { title: 'SourcePreview', description: '预览: what a push would become; nothing was written.' },
);
export type PreviewAnswer = Static<typeof PreviewAnswer>;
