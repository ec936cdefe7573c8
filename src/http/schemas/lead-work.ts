import { type Static, type TUnsafe, Type } from 'typebox';
import { LEAD_STATES } from '../../domain/lead.ts';
import { HAND_STATES } from '../../domain/state.ts';
import { answeredId, answeredMoment, codeOf, codes, momentOrNull, textOrNull } from './answer-field.ts';
import { code, currency, minorUnits, moment, text } from './field.ts';
import { idOrNull } from './outcome.ts';

const closed = { additionalProperties: false } as const;

/** Why something is done, in the caller's words; blank is none. */
export function reasonText(description: string, example: string): TUnsafe<string> {
  return Type.Unsafe<string>({
    type: 'string',
    minLength: 1,
    maxLength: 500,
    pattern: '\\S',
    description,
    examples: [example],
  });
}

/** A code or null: null takes away. */
function codeOrNull(description: string, example: string): TUnsafe<string | null> {
  return Type.Unsafe<string | null>({
    type: ['string', 'null'],
    minLength: 1,
    maxLength: 64,
    description,
    examples: [example],
  });
}

export const StateBody = Type.Object(
  {
    state: Type.Unsafe<(typeof HAND_STATES)[number]>({
      type: 'string',
      enum: [...HAND_STATES],
      description: '状态: where the lead goes.',
      examples: ['won'],
    }),
    reason: Type.Optional(
      reasonText('原因: lost needs one, invalid one of its list, dormant may have one.', 'bought_competitor'),
    ),
    occurred_at: moment('发生时间 of the change; now where absent.'),
    amount: minorUnits('成交金额 of won', 18990000),
    currency: currency(),
    won_at: moment('成交时间 of won; occurred_at where absent.'),
    closer: code('成交顾问 of won; the owner where absent.', 'A2'),
    owner: code('顾问代码: whom an assigned lead belongs to. Needs the scope ops.', 'A1'),
    note: text(2000, '备注: in own words; kept in the audit, erased with the person.', '客户已在他店购车'),
  },
  {
    ...closed,
    title: 'StateChange',
    description: '改状态.',
    examples: [{ state: 'won', amount: 18990000, currency: 'CNY', won_at: '2026-05-01T15:00:00+08:00' }],
  },
);
export type StateBody = Static<typeof StateBody>;

export const StateVoidBody = Type.Object(
  {
    reason: reasonText('原因 of the correction.', '录入错误'),
    occurred_at: moment('发生时间 of the correction; now where absent.'),
  },
  { ...closed, title: 'StateVoid', description: '撤销成交或战败.' },
);

export const OwnerBody = Type.Object(
  {
    owner: codeOrNull('顾问代码, or `ref:` and the external_ref; null: nobody, the pool has to find one.', 'A1'),
    store: Type.Optional(codeOrNull('门店代码, or `ref:` and the external_ref; stays where absent, null: HQ.', 'S1')),
    occurred_at: moment('发生时间; now where absent.'),
  },
  { ...closed, title: 'OwnerChange', description: '改归属.', examples: [{ owner: 'A1', store: 'S1' }] },
);

/** What another system calls a lead. */
export const LeadRefBody = Type.Object(
  {
    external_ref: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      minLength: 1,
      maxLength: 200,
      pattern: '^\\S(.*\\S)?$',
      description: '外部编号: no other lead has it. Null takes it away.',
      examples: ['crm-1'],
    }),
  },
  { additionalProperties: false, title: 'LeadRefChange' },
);

/** What a change of a lead came to. */
export const LeadChangeAnswer = Type.Object(
  {
    lead_id: answeredId('线索 id; where it was merged, that of the lead that took it.'),
    customer_id: answeredId('客户 id.'),
    changed: Type.Boolean({ description: 'False: it was so already.', examples: [true] }),
    state: codeOf(LEAD_STATES, '状态.'),
    state_at: answeredMoment('状态时间.'),
    reason: textOrNull('原因.', 'bought_competitor'),
    dormant_by: textOrNull('休眠方式: adviser or auto.', 'adviser'),
    closed_at: momentOrNull('关闭时间.'),
    cycle: Type.Integer({ description: '轮次.', examples: [1] }),
    owner: textOrNull('顾问代码.', 'A1'),
    store: textOrNull('门店代码.', 'S1'),
    former_owner: textOrNull('原顾问.', 'A1'),
    former_store: textOrNull('原门店.', 'S1'),
    closer: textOrNull('成交顾问.', 'A2'),
    closer_store: textOrNull('成交门店.', 'S1'),
    deal_id: idOrNull('成交 id of the won deal that stands.'),
    version: Type.Integer({ description: '版本; also the ETag.', examples: [4] }),
    warnings: codes('提示: `clock_skew` where a moment was ahead of our clock.', 'clock_skew'),
  },
  { title: 'LeadChange', description: '线索变更: the lead after it.' },
);
export type LeadChangeAnswer = Static<typeof LeadChangeAnswer>;
