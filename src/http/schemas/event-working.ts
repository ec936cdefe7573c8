import { type TProperties, Type } from 'typebox';
import type { WorkingEvent } from '../../domain/event.ts';
import { LEAD_STATES } from '../../domain/lead.ts';
import { RATINGS } from '../../domain/rating.ts';
import { FOLLOW_UP_OUTCOMES, METHODS } from '../../domain/task.ts';
import { answeredId, answeredMoment, codeOf, codes, textOrNull } from './answer-field.ts';
import { SCORE_CROSSED } from './event-score.ts';

const { Optional } = Type;
const cycle = Type.Integer({ description: '轮次.', examples: [1] });

const task = {
  task_id: answeredId('任务 id.'),
  kind: codeOf(['first_contact', 'follow_up'], '任务类型.'),
  owner: textOrNull('顾问代码; null: the lead is pooled.', 'A1'),
  store: textOrNull('门店代码.', 'S1'),
  manager: Optional(textOrNull('店长: the manager of the store.', 'M1')),
  rating: codeOf(RATINGS, '意向评级 under which it is due.'),
  opened_at: answeredMoment('开始时间: from when its time counts.'),
  due_at: answeredMoment('截止时间.'),
  external_ref: Optional(Type.String({ description: '外部编号.', examples: ['crm-task-1'] })),
  cycle,
};

/** What `data.changed` holds of the events of working leads. */
export const WORKING_MEMBERS: Readonly<Record<WorkingEvent, TProperties>> = {
  'lead.assigned': {
    owner: Type.String({ description: '顾问代码.', examples: ['A1'] }),
    store: textOrNull('门店代码.', 'S1'),
    former_owner: textOrNull('原顾问.', 'A2'),
    former_store: textOrNull('原门店.', 'S2'),
    owner_reason: Type.String({
      description:
        '归属原因: wheel, rule, named, former_owner, repurchase_sticky, previous_owner_inactive, drained, claimed, reassigned.',
      examples: ['wheel'],
    }),
    assignment_rule: textOrNull('分配规则: the one that fired.', 'capture_store'),
    pool: textOrNull('轮转池: whose turn it was.', 'store:S1'),
    skipped: codes('跳过的规则 and why.', 'vip:no_match'),
    passed_over: codes('跳过的顾问 and why.', 'A2:off_shift'),
    state: codeOf(LEAD_STATES, '状态.'),
    cycle,
  },
  'assignment.exhausted': {
    store: textOrNull('门店代码: in whose pool it waits; null: in that of HQ.', 'S1'),
    assignment_rule: textOrNull('分配规则: the one that fired.', 'capture_store'),
    passed_over: codes('跳过的顾问 and why.', 'A2:open_cap'),
    cycle,
  },
  'lead.rating_changed': {
    from: textOrNull('原评级; null: none.', 'medium'),
    to: textOrNull('新评级; null: none, no touch of the cycle stands.', 'high'),
    rating_rule: Type.String({
      description:
        '评级规则: rating.base, rating.channels, rating.unanswered, rating.manual; rating.none where no touch stands.',
      examples: ['rating.channels'],
    }),
    evidence: codes('依据: ids of touches or of follow-ups.', '0197a3c2-5d10-7abc-8def-0123456789ab'),
    reason: Optional(
      textOrNull('原因 of a rating by hand, as a code; null: in words, which no event holds.', 'no_budget'),
    ),
    mode: Optional(codeOf(['live', 'history'], '实时或历史导入.')),
    cycle,
  },
  'lead.left_nurture': SCORE_CROSSED,
  'lead.qualified': SCORE_CROSSED,
  'lead.hot': SCORE_CROSSED,
  'lead.dormant': {
    reason: textOrNull('原因 as a code; null: idle by itself, or none was given.', 'no_budget'),
    dormant_by: codeOf(['adviser', 'auto'], '由谁.'),
    owner: textOrNull('顾问代码.', 'A1'),
    store: textOrNull('门店代码.', 'S1'),
    cycle,
  },
  'task.created': task,
  'task.changed': { ...task, former_due_at: answeredMoment('原截止时间.') },
  'task.due': task,
  'task.overdue': task,
  'task.escalated': task,
  'task.recycled': { ...task, former_owner: textOrNull('原顾问: from whom it was taken.', 'A1') },
  'task.completed': {
    ...task,
    method: codeOf(METHODS, '跟进方式.'),
    outcome: codeOf(FOLLOW_UP_OUTCOMES, '跟进结果.'),
    next_at: textOrNull('下次跟进时间.', '2026-06-05T07:00:00.000Z'),
    completed_at: answeredMoment('完成时间.'),
    elapsed_seconds: Optional(
      Type.Integer({ description: '首次响应用时: of a first contact, seconds since the capture.', examples: [3600] }),
    ),
    business_seconds: Optional(
      Type.Integer({ description: '营业时间内用时: the same in the hours of the store.', examples: [1800] }),
    ),
  },
  'task.cancelled': { ...task, reason: Type.String({ description: '原因.', examples: ['dormant'] }) },
};
