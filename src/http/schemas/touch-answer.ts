import { type Static, Type } from 'typebox';
import { DECISIONS } from '../../domain/outcome.ts';
import { TOUCH_KINDS } from '../../domain/submission.ts';
import {
  answeredId,
  answeredMoment,
  anything,
  codeOf,
  codes,
  MaskedField,
  momentOrNull,
  textOrNull,
} from './answer-field.ts';
import { idOrNull } from './outcome.ts';

const SpokenAnswer = Type.Object(
  {
    id: answeredId('留资 id.'),
    decision: codeOf(DECISIONS, '判定.'),
    noise: Type.Boolean({
      description: '噪声: a repeat within the window, which says nothing new.',
      examples: [false],
    }),
    rule: Type.String({ description: '规则.', examples: ['created.no_lead_in_scope'] }),
    policy_version: Type.Integer({ description: '规则版本.', examples: [1] }),
    external_id: textOrNull('外部 id.', 'dy-1'),
    supersedes: idOrNull('The submission whose values this one replaced.'),
    completes: idOrNull('The parked or quarantined submission that this one completed.'),
    mode: codeOf(['live', 'history'], '实时或历史导入.'),
    flags: codes('标记.', 'phone_known'),
    warnings: codes('提示.', 'channel_unknown'),
    request_id: textOrNull('请求 id.', '0197a3c2-5d10-7abc-8def-0123456789ab'),
    occurred_at: answeredMoment('发生时间.'),
    received_at: answeredMoment('接收时间.'),
  },
  { title: 'SubmissionRecord', description: '留资: one that spoke of the touch.' },
);

/** A touch with all that was said of it. */
export const TouchRecord = Type.Object(
  {
    id: answeredId('触点 id.'),
    lead_id: answeredId('线索 id.'),
    customer_id: answeredId('客户 id as written; one of the customer, or an alias of it.'),
    masked: MaskedField,
    channel: Type.String({ description: '渠道代码.', examples: ['douyin'] }),
    kind: codeOf(TOUCH_KINDS, '触点类型.'),
    campaign: textOrNull('活动 / 表单 key of the noise rule.', 'c1|101|555'),
    store: textOrNull('门店代码: the capturing store.', 'S1'),
    decision: codeOf(DECISIONS, '判定 of the submission that made it.'),
    cycle: Type.Integer({ description: '轮次 of the lead.', examples: [1] }),
    source_id: answeredId('来源 id.'),
    source_name: textOrNull('来源名称.', 'douyin-hq'),
    identity_id: answeredId('身份 id that it came by.'),
    phone: textOrNull('电话, E.164 or masked.', '138****8000'),
    phone_typed: textOrNull('电话 as typed, its digits masked but for the last four at most.', '*** **** 8000'),
    fields: anything(
      '字段组 as the body of POST /v1/leads names them, after updates; without identities and consents.',
      { person: { name: '张三' }, product: { model: '揽月 400T' } },
    ),
    flags: codes('标记.', 'after_close'),
    first_at: answeredMoment('最早时间: moved outward by noise.'),
    last_at: answeredMoment('最晚时间: moved outward by noise.'),
    occurred_at: answeredMoment('发生时间.'),
    received_at: answeredMoment('接收时间.'),
    voided_at: momentOrNull('作废时间.'),
    void_reason: textOrNull('作废原因.', 'test data'),
    submissions: Type.Array(SpokenAnswer, { description: '留资 that spoke of it, noise too, oldest first.' }),
  },
  { title: 'TouchRecord', description: '触点: one expression of interest.' },
);
export type TouchRecord = Static<typeof TouchRecord>;

/** What a key learns of a touch on a lead of another store. */
export const TouchExists = Type.Object(
  {
    id: answeredId('触点 id.'),
    exists: Type.Unsafe<true>({ type: 'boolean', const: true, description: 'Always true.', examples: [true] }),
  },
  { title: 'TouchExists', description: '他店触点: on a lead of another store.' },
);
export type TouchExists = Static<typeof TouchExists>;
