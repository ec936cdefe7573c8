import { type TObject, type TProperties, Type } from 'typebox';
import { PAUSED_REASONS } from '../../domain/endpoint.ts';
import type { EventType } from '../../domain/event.ts';
import { IMPORT_CLASSES } from '../../domain/import.ts';
import { LEAD_STATES } from '../../domain/lead.ts';
import { DECISIONS } from '../../domain/outcome.ts';
import { PURPOSES, TOUCH_KINDS } from '../../domain/submission.ts';
import { answeredId, codeOf, codes, countsOf, integerOrNull, momentOrNull, textOrNull } from './answer-field.ts';
import { WORKING_MEMBERS } from './event-working.ts';
import { idOrNull } from './outcome.ts';

const ID = '0197a3c2-5d10-7abc-8def-0123456789ab';
const { Optional } = Type;

const text = (description: string, example: string) => Type.String({ description, examples: [example] });
const amount = (description: string, example: number) =>
  Type.Integer({ description: `${description}, in minor units (分).`, examples: [example] });
const stateOf = (description: string) => codeOf(LEAD_STATES, description);

const cycle = Type.Integer({ description: '轮次.', examples: [1] });
const mode = codeOf(['live', 'history'], '实时或历史导入.');
const reason = textOrNull('原因 as a code; null: none, or one in words, which no event holds.', 'bought_competitor');
const owned = { owner: textOrNull('顾问代码 from now on.', 'A1'), store: textOrNull('门店代码 from now on.', 'S1') };
const touchId = answeredId('触点 id.');
const fieldNames = codes('已变更: names of profile fields whose value is another now.', 'name');

const touched = { touch_id: touchId, channel: text('渠道代码.', 'douyin'), changed: fieldNames, mode };
const placed = {
  kind: codeOf(TOUCH_KINDS, '触点类型.'),
  owner_reason: text(
    '归属原因: wheel, rule, named, unchanged, former_owner, repurchase_sticky, previous_owner_inactive, pool, none.',
    'named',
  ),
  state: stateOf('状态 from now on.'),
  cycle,
  scope: text('查重范围.', 'all'),
};
const sometimes = {
  capture_store: Optional(text('留资门店; left out: none was named.', 'S1')),
  store: Optional(text('门店代码; left out: none, the pool of HQ.', 'S1')),
  owner: Optional(text('顾问代码; left out: nobody yet.', 'A1')),
  repurchase_of: Optional(answeredId('复购: the won lead before.')),
  previous_lead: Optional(answeredId('战败后再来: the lost lead before.')),
  rating: Optional(text('意向评级 of a lead that was made or woken.', 'medium')),
  rating_rule: Optional(text('评级规则: of that rating.', 'rating.base')),
  rating_evidence: Optional(codes('依据: ids of touches, where it is more than this one.', ID)),
};

const merged = {
  merge_id: answeredId('合并 id.'),
  survivor_id: answeredId('存续客户 id.'),
  absorbed_id: answeredId('被合并客户 id; it keeps resolving.'),
};
const unmerged = {
  merge_id: merged.merge_id,
  survivor_id: merged.survivor_id,
  restored_id: answeredId('恢复的客户 id.'),
};
const leadPair = { survivor: answeredId('存续线索 id.'), absorbed: answeredId('并入的线索 id; it keeps resolving.') };
const parted = {
  ...unmerged,
  ...owned,
  state: stateOf('状态.'),
  cycle,
  touches: codes('触点 ids that the lead has got by it.', ID),
};
const deal = {
  deal_id: answeredId('成交 id.'),
  lead_id: answeredId('线索 id.'),
  amount: amount('金额', 19_800_000),
  currency: text('币种.', 'CNY'),
  closer: textOrNull('成交顾问.', 'A1'),
  store: textOrNull('成交门店.', 'S1'),
};

const MEMBERS: Readonly<Record<EventType, TProperties>> = {
  'lead.created': {
    decision: codeOf(['created', 'repurchase', 'after_lost'], '判定.'),
    ...touched,
    ...placed,
    ...sometimes,
  },
  'lead.touched': {
    decision: codeOf(['merged', 'late', 'updated'], '判定; of `updated` only the touch and what is new are told.'),
    ...touched,
    ...Type.Partial(Type.Object(placed)).properties,
    ...sometimes,
    groups: Optional(codes('字段组 that an update sent.', 'person')),
  },
  'lead.reactivated': {
    decision: codeOf(['reactivated'], '判定.'),
    ...touched,
    ...placed,
    ...sometimes,
    former_owner: Optional(text('原顾问.', 'A2')),
  },
  'lead.state_changed': {
    from: stateOf('原状态.'),
    to: stateOf('新状态.'),
    reason,
    cycle,
    owner: Optional(owned.owner),
    store: Optional(owned.store),
    closed_at: Optional(momentOrNull('关闭时间.')),
    before: Optional(
      Type.Object(
        { closed_at: momentOrNull('关闭时间.'), reason: textOrNull('原因 as a code.', 'no_answer') },
        { description: '变更前.' },
      ),
    ),
    flags: Optional(codes('标记.', 'clock_skew')),
  },
  'lead.owner_changed': {
    ...owned,
    former_owner: textOrNull('原顾问.', 'A2'),
    former_store: textOrNull('原门店.', 'S2'),
    state: Optional(stateOf('状态.')),
  },
  'lead.profile_changed': { confirmed: codes('已确认: fields confirmed or taken back.', 'name'), changed: fieldNames },
  'lead.split': {
    touch_id: touchId,
    from_customer: answeredId('原客户 id.'),
    from_lead: answeredId('原线索 id.'),
    to_customer: answeredId('新客户 id.'),
    to_lead: answeredId('新线索 id; the same as before where the whole lead went.'),
  },
  'lead.merged': { merge_id: merged.merge_id, ...leadPair, ...owned, state: stateOf('状态 of this lead.') },
  'lead.unmerged': parted,
  'lead.reverted': {
    ...Type.Partial(Type.Object(unmerged)).properties,
    import_id: Optional(answeredId('导入 id: the import that was taken back; left out: a merge was.')),
    ...owned,
    state: parted.state,
    cycle,
    touches: parted.touches,
    mode: Optional(mode),
  },
  'lead.erased': {
    later: codeOf(['suppressed', 'new_customer'], '此后: what a later submission of the person comes to.'),
  },
  'customer.merged': {
    ...merged,
    leads: Type.Array(Type.Object(leadPair), { description: '合并的线索: open in one scope.' }),
  },
  'customer.unmerged': { ...unmerged, touches: codes('转回的触点 ids.', ID) },
  'customer.consent_changed': {
    purpose: codeOf(PURPOSES, '授权目的.'),
    granted: Type.Boolean({ description: '同意 from now on.', examples: [false] }),
    was_granted: Type.Boolean({ description: '此前是否同意, stated or by default.', examples: [true] }),
    text_version: textOrNull('授权文本版本.', 'v3'),
  },
  'touch.voided': {
    touch_id: touchId,
    reason,
    import_id: Optional(answeredId('导入 id: the import that was taken back with it.')),
    mode: Optional(mode),
  },
  'deal.recorded': deal,
  'deal.refunded': {
    ...deal,
    deal_id: idOrNull('成交 id: the won deal.'),
    entry_id: answeredId('退款 id: the negative entry.'),
    kind: codeOf(['refund', 'void'], '类型.'),
    amount: amount('金额 of the entry: negative, or 0 where a deal that was paid back is voided', -1_000_000),
    left: amount('剩余: what is left of the deal', 18_800_000),
  },
  'submission.quarantined': {
    quarantine_id: answeredId('隔离 id.'),
    code: textOrNull('原因代码.', 'phone_invalid'),
    source_id: answeredId('来源 id.'),
    mode,
  },
  'import.completed': {
    source_id: answeredId('来源 id.'),
    state: codeOf(
      ['completed', 'failed', 'cancelled'],
      '状态: every row was judged, the file was refused, or it was stopped; then what was done stays.',
    ),
    mode,
    rows_total: integerOrNull('总行数; null where the file was not read through.', 1000),
    rows_done: Type.Integer({ description: '已处理行数.', examples: [1000] }),
    failed: Type.Integer({ description: '失败行数: rows that were refused.', examples: [3] }),
    classes: countsOf(Object.keys(IMPORT_CLASSES), '分类: how many rows came to what; those left out are none.'),
    decisions: countsOf(DECISIONS, '判定 of the rows; those left out are none.'),
  },
  ...WORKING_MEMBERS,
  'endpoint.paused': {
    reason: codeOf(
      PAUSED_REASONS.filter((why) => why !== 'operator'),
      '暂停原因: it answered 410, or failed for days.',
    ),
    description: text('说明 of the endpoint.', '纷享销客'),
  },
};

/** What `data.changed` holds of an event type, with an example. */
export function changedOf(type: EventType, example: Readonly<Record<string, unknown>>): TObject {
  return Type.Object(MEMBERS[type], {
    description: '变更: ids, codes, amounts and names of fields; never identity values.',
    examples: [example],
  });
}
