import { type Static, Type } from 'typebox';
import { ENDPOINT_STATES, PAYLOAD_MODES } from '../../domain/endpoint.ts';
import { answeredId, momentOrNull, textOrNull } from './answer-field.ts';
import { idOrNull } from './outcome.ts';

export const ProvisionsQuery = Type.Object(
  {
    customer_id: Type.String({
      format: 'uuid',
      description: '客户 id; that of an alias stands for its survivor. One that was erased can be asked for too.',
      examples: ['0197a3c2-5d10-7abc-8def-0123456789ab'],
    }),
  },
  { additionalProperties: false },
);

const ProvisionRecord = Type.Object(
  {
    endpoint: Type.Object(
      {
        id: answeredId('推送目标 id.'),
        description: textOrNull('说明, as it is now.', 'CRM'),
        state: Type.Unsafe<(typeof ENDPOINT_STATES)[number] | null>({
          type: ['string', 'null'],
          enum: [...ENDPOINT_STATES, null],
          description: '状态, as it is now.',
          examples: ['active'],
        }),
      },
      { description: '推送目标.' },
    ),
    lead_id: idOrNull('线索 id; null: what was told of the customer itself.'),
    recipient: textOrNull('接收方 at the last one received.', '某某汽车 4S 店'),
    purpose: textOrNull('目的 at the last one received.', 'contact'),
    payload: Type.Unsafe<(typeof PAYLOAD_MODES)[number] | null>({
      type: ['string', 'null'],
      enum: [...PAYLOAD_MODES, null],
      description: '内容 mode of the last one received.',
      examples: ['masked'],
    }),
    sent: Type.Integer({
      description: '次数 that it was received; 0: it was addressed, and no receipt is known.',
      examples: [4],
    }),
    first_sent_at: momentOrNull('首次.'),
    last_sent_at: momentOrNull('最近一次.'),
  },
  { title: 'Provision', description: '提供记录: who was given something about a person; never what it was.' },
);
export type ProvisionRecord = Static<typeof ProvisionRecord>;

export const ProvisionListAnswer = Type.Object({ items: Type.Array(ProvisionRecord) }, { title: 'ProvisionList' });
