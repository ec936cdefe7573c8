import { type Static, Type } from 'typebox';
import { LEAD_STATES } from '../../domain/lead.ts';
import {
  answeredId,
  answeredMoment,
  codeOf,
  codes,
  integerOrNull,
  MaskedField,
  momentOrNull,
  objectOrNull,
  pageAnswer,
  textOrNull,
} from './answer-field.ts';
import { idOrNull } from './outcome.ts';
import { RatingFactsRecord } from './rating.ts';

const originFields = {
  at: answeredMoment('发生时间 of the touch.'),
  received_at: answeredMoment('接收时间.'),
  touch_id: answeredId('触点 id.'),
  channel: Type.String({ description: '渠道代码.', examples: ['douyin'] }),
  campaign_id: textOrNull('活动 or 推广计划 id.', 'c1'),
  campaign_name: textOrNull('活动 or 推广计划名称.', '六月团购会'),
  ad_campaign_id: textOrNull('推广计划 id of the platform.', '101'),
  advertiser_id: textOrNull('投放方 id.', 'hq'),
  advertiser_name: textOrNull('投放方名称.', '总部市场部'),
  source_id: answeredId('来源 id: the way in.'),
  store: textOrNull('门店代码: the capturing store.', 'S1'),
};
/** A first or last source, or null where no touch stands. */
export const OriginOrNull = objectOrNull(
  Type.Object(originFields, {
    title: 'Origin',
    description: '来源: a first or last source; null where no touch stands.',
  }),
);

const PersonSummary = Type.Object(
  {
    name: textOrNull('姓名.', '张三'),
    gender: textOrNull('性别.', '男'),
    email: textOrNull('邮箱, masked as `masked` says.', 'z***@example.com'),
    company: textOrNull('公司.', '某某科技'),
    job_title: textOrNull('职务.', '采购总监'),
    industry: textOrNull('行业.', '制造业'),
    company_size: textOrNull('公司规模.', '200-500'),
    province: textOrNull('省.', '浙江'),
    city: textOrNull('市.', '杭州'),
    district: textOrNull('区 / 县.', '西湖区'),
    street: textOrNull('街道地址.', '文三路 1 号'),
    tags: codes('标签.', '老客户推荐'),
  },
  { title: 'PersonSummary', description: '用户: the values that stand; the customer says where each comes from.' },
);

/** The open task of a lead. */
export const TaskRecord = Type.Object(
  {
    id: answeredId('任务 id.'),
    kind: Type.String({ description: '任务类型: first_contact, follow_up.', examples: ['first_contact'] }),
    opened_at: answeredMoment('开始时间: from when its time counts.'),
    due_at: answeredMoment('截止时间.'),
    rating: Type.String({ description: '意向评级 under which it is due.', examples: ['high'] }),
    steps: codes('已提醒: what its ladder has done: notice, remind, escalate, recycle.', 'remind'),
    external_ref: textOrNull('外部编号.', 'crm-task-1'),
  },
  { title: 'OpenTask', description: '跟进任务: the open one; null: none.' },
);

const leadFields = {
  id: answeredId('线索 id.'),
  customer_id: answeredId('客户 id.'),
  version: Type.Integer({ description: '版本: grows with every change; also the ETag.', examples: [3] }),
  masked: MaskedField,
  phone: textOrNull('电话, E.164 or masked.', '138****8000'),
  person: PersonSummary,
  state: codeOf(LEAD_STATES, '状态.'),
  state_at: answeredMoment('状态时间: when the state came to be.'),
  reason: textOrNull('原因 of lost, dormant or invalid.', 'no_answer'),
  dormant_by: textOrNull('休眠方式: adviser or auto.', 'auto'),
  closed_at: momentOrNull('关闭时间: won, lost, invalid or dormant since.'),
  scope: Type.String({ description: '查重范围.', examples: ['all'] }),
  cycle: Type.Integer({ description: '轮次: grows when the lead is woken.', examples: [1] }),
  cycle_started_at: answeredMoment('本轮开始时间.'),
  store: textOrNull('门店代码.', 'S1'),
  owner: textOrNull('顾问代码 of the owner.', 'A1'),
  owner_since: momentOrNull('归属时间.'),
  former_store: textOrNull('原门店.', 'S1'),
  former_owner: textOrNull('原顾问.', 'A1'),
  closer: textOrNull('成交顾问.', 'A2'),
  closer_store: textOrNull('成交门店.', 'S1'),
  rating: textOrNull('意向评级.', 'high'),
  pooled_since: momentOrNull(
    '入池时间: since when nobody could be given it; null: it is owned, or nothing is assigned here.',
  ),
  skill: textOrNull('技能: what the rule that gave it asks of whoever has it.', 'fleet'),
  task: objectOrNull(TaskRecord),
  external_ref: textOrNull('外部编号: what the CRM calls it.', 'crm-1'),
  first_source: OriginOrNull,
  last_source: OriginOrNull,
  touch_count: Type.Integer({ description: '触点数, without voided ones.', examples: [2] }),
  repurchase_of: idOrNull('复购: the won lead before.'),
  previous_lead: idOrNull('战败后再来: the lost lead before.'),
  flags: codes('标记.', 'possible_number_reuse'),
  last_activity_at: answeredMoment('最近活动: last touch or follow-up, by when it happened.'),
  last_received_at: answeredMoment('最近接收: last receipt or assignment.'),
  created_at: answeredMoment('创建时间: when the touch that made the lead happened.'),
  recorded_at: answeredMoment('入库时间 of the same.'),
  updated_at: answeredMoment('更新时间.'),
};

/** A lead as lists show it. */
export const LeadRecord = Type.Object(leadFields, { title: 'LeadRecord', description: '线索.' });
export type LeadRecord = Static<typeof LeadRecord>;

/** An entry of the deals of a lead. */
export const DealRecord = Type.Object(
  {
    id: answeredId('成交 id.'),
    kind: codeOf(['won', 'refund', 'void'], '类型.'),
    of_deal: idOrNull('Of a refund or void: the won deal.'),
    amount: Type.Integer({
      description: '金额 in minor units (分); negative for refunds and voids.',
      examples: [18990000],
    }),
    currency: Type.String({ description: '币种.', examples: ['CNY'] }),
    net_amount: integerOrNull('净额 of a won deal: after its refunds and voids, in minor units.', 18990000),
    closer: textOrNull('成交顾问.', 'A2'),
    store: textOrNull('门店代码.', 'S1'),
    reason: textOrNull('原因.', '退货'),
    actor: Type.String({ description: '操作者.', examples: ['adviser:A2 via key:crm'] }),
    occurred_at: answeredMoment('成交时间.'),
    recorded_at: answeredMoment('入库时间.'),
  },
  { title: 'DealRecord', description: '成交: a won deal, a refund or a void.' },
);
export type DealRecord = Static<typeof DealRecord>;

const FirstResponse = Type.Object(
  {
    at: answeredMoment('首次跟进时间.'),
    adviser: textOrNull('顾问代码: whose task it was.', 'A1'),
    elapsed_seconds: integerOrNull('首次响应用时: seconds since the capture was received.', 3600),
    business_seconds: integerOrNull('营业时间内用时: the same in the hours of the store.', 1800),
  },
  { title: 'FirstResponse', description: '首次响应: the first follow-up of this cycle; null: none yet.' },
);

/** One lead with all that belongs to it. */
export const LeadDetail = Type.Object(
  {
    ...leadFields,
    rating_facts: objectOrNull(RatingFactsRecord),
    resolved_from: idOrNull('The id that was asked for, where that lead was merged into this one.'),
    merged_leads: codes('并入的线索: ids of leads merged into this one.', '0197a3c2-5d10-7abc-8def-0123456789ab'),
    deals: Type.Array(DealRecord, { description: '成交 in the order that they happened.' }),
    first_response: objectOrNull(FirstResponse),
  },
  { title: 'LeadDetail', description: '线索: one lead with its deals.' },
);
export type LeadDetail = Static<typeof LeadDetail>;

/** What a key learns of a lead of another store. */
export const LeadExists = Type.Object(
  {
    id: answeredId('线索 id.'),
    exists: Type.Unsafe<true>({ type: 'boolean', const: true, description: 'Always true.', examples: [true] }),
    phone: textOrNull('电话, always masked.', '138****8000'),
  },
  { title: 'LeadExists', description: '他店线索: it exists; the key is bound to other stores.' },
);
export type LeadExists = Static<typeof LeadExists>;

export const LeadPageAnswer = pageAnswer(LeadRecord, 'LeadPage');
