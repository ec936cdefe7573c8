import { type Static, Type } from 'typebox';
import { answeredId, answeredMoment } from './answer-field.ts';
import { moment } from './field.ts';
import { DealRecord } from './lead-answer.ts';
import { reasonText } from './lead-work.ts';

export const RefundBody = Type.Object(
  {
    amount: Type.Unsafe<number>({
      type: 'integer',
      minimum: 1,
      maximum: Number.MAX_SAFE_INTEGER,
      description: '退款金额, in minor units (分); no more than is left of the deal.',
      examples: [500000],
    }),
    occurred_at: moment('退款时间; now where absent.'),
    reason: reasonText('原因.', '退货'),
  },
  {
    additionalProperties: false,
    title: 'RefundRequest',
    description: '退款.',
    examples: [{ amount: 500000, reason: '退货' }],
  },
);

export const RefundAnswer = Type.Object(
  {
    refund_id: answeredId('退款 id: a negative entry of its own.'),
    deal_id: answeredId('成交 id.'),
    lead_id: answeredId('线索 id.'),
    amount: Type.Integer({ description: '金额 of the entry: negative.', examples: [-500000] }),
    currency: Type.String({ description: '币种.', examples: ['CNY'] }),
    left: Type.Integer({ description: '剩余: what is left of the deal, in minor units.', examples: [18490000] }),
    occurred_at: answeredMoment('退款时间.'),
  },
  { title: 'Refund', description: '退款: what it has left of the deal.' },
);
export type RefundAnswer = Static<typeof RefundAnswer>;

export const DealListAnswer = Type.Object(
  {
    items: Type.Array(DealRecord, { description: '成交, refunds and voids in the order that they happened.' }),
  },
  { title: 'DealList' },
);
