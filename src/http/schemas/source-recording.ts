import { type Static, Type } from 'typebox';
import { MOST_RECORDED } from '../../flows/source-recordings.ts';
import { answeredId, answeredMoment, codeOf, MaskedField, textOrNull } from './answer-field.ts';

export const RecordingBody = Type.Object(
  {
    count: Type.Integer({
      minimum: 1,
      maximum: MOST_RECORDED,
      description: '条数: how many of the next pushes are kept whole.',
      examples: [20],
    }),
  },
  { additionalProperties: false, title: 'RecordingInput' },
);

export const RecordingStartedAnswer = Type.Object(
  { source_id: answeredId('来源 id.'), count: Type.Integer({ description: '条数.', examples: [20] }) },
  { title: 'RecordingStarted' },
);

export const RecordingsForgottenAnswer = Type.Object(
  { source_id: answeredId('来源 id.'), forgotten: Type.Integer({ description: '条数 forgotten.', examples: [20] }) },
  { title: 'RecordingsForgotten' },
);

export const RecordingsQuery = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 20, description: '条数.', examples: [20] })),
  },
  { additionalProperties: false },
);

const RecordingItem = Type.Object(
  {
    id: answeredId('录制 id.'),
    received_at: answeredMoment('接收时间.'),
    verdict: Type.String({
      description: 'How it was answered: accepted, handshake, or why it was refused.',
      examples: ['signature_invalid'],
    }),
    masked: MaskedField,
    method: codeOf(['GET', 'POST'], '方法.'),
    path: Type.String({ description: 'The path without its secret part.', examples: ['/v1/hooks/…'] }),
    query: Type.String({ description: '查询串; of secrets the first characters.', examples: ['sign=f5a1…'] }),
    headers: Type.Record(Type.String(), Type.String(), {
      description: '请求头; of secrets the first characters.',
      examples: [{ 'x-signature': 'f5a1…' }],
    }),
    body_bytes: Type.Integer({ description: '请求体 in bytes.', examples: [412] }),
    body_encoding: codeOf(['utf8', 'base64'], 'How `body` holds the bytes where it is in full.'),
    body: textOrNull(
      '请求体 with phones and secrets masked; null where it is no text and masked.',
      '{"tel":"*******8000"}',
    ),
  },
  { title: 'Recording', description: '录制: a push as it came, those that were refused too.' },
);
export type RecordingItem = Static<typeof RecordingItem>;

export const RecordingsAnswer = Type.Object(
  {
    remaining: Type.Integer({ description: 'How many more pushes are kept.', examples: [17] }),
    items: Type.Array(RecordingItem, { description: 'Newest first.' }),
  },
  { title: 'Recordings' },
);
