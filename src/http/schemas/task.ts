import { type Static, Type } from 'typebox';
import { FOLLOW_UP_OUTCOMES, METHODS } from '../../domain/task.ts';
import {
  answeredId,
  answeredMoment,
  codeOf,
  codes,
  integerOrNull,
  MaskedField,
  momentOrNull,
  pageAnswer,
  textOrNull,
} from './answer-field.ts';
import { LeadRecord } from './lead-answer.ts';

/** What a task can be: open, or ended in one of three ways. */
export const TASK_STATES = ['open', 'completed', 'cancelled', 'recycled'] as const;
export type TaskState = (typeof TASK_STATES)[number];

/** A task, open or ended. */
export const TaskAnswer = Type.Object(
  {
    id: answeredId('任务 id.'),
    state: codeOf(TASK_STATES, '任务状态.'),
    masked: MaskedField,
    lead_id: answeredId('线索 id.'),
    customer_id: answeredId('客户 id.'),
    cycle: Type.Integer({ description: '轮次 of the lead.', examples: [1] }),
    kind: codeOf(['first_contact', 'follow_up'], '任务类型.'),
    owner: textOrNull('顾问代码; of one that ended, whose it was then; null: the lead waits in a pool.', 'A1'),
    store: textOrNull('门店代码.', 'S1'),
    rating: textOrNull('意向评级 under which it is due.', 'high'),
    opened_at: answeredMoment('开始时间: from when its time counts.'),
    due_at: answeredMoment('截止时间.'),
    overdue: Type.Boolean({ description: '超期: it is, or was when it ended.', examples: [false] }),
    steps: codes('已提醒: what its ladder has done; of one that ended none is told.', 'remind'),
    ended_at: momentOrNull('结束时间; of a completed one, when the follow-up happened.'),
    reason: textOrNull('取消原因: won, lost, dormant, invalid, merged, reverted.', 'dormant'),
    method: textOrNull(`跟进方式: ${METHODS.join(', ')}.`, 'phone'),
    outcome: textOrNull(`跟进结果: ${FOLLOW_UP_OUTCOMES.join(', ')}.`, 'answered'),
    content: textOrNull('跟进内容, masked as `masked` says.', '客户周五到店'),
    next_at: momentOrNull('下次跟进时间.'),
    elapsed_seconds: integerOrNull('首次响应用时: of a first contact, seconds since the capture was received.', 3600),
    business_seconds: integerOrNull('营业时间内用时: the same in the hours of the store.', 1800),
    external_ref: textOrNull('外部编号.', 'crm-task-1'),
    actor: textOrNull('操作者: who ended it.', 'adviser:A1 via key:crm'),
  },
  { title: 'Task', description: '跟进任务.' },
);
export type TaskAnswer = Static<typeof TaskAnswer>;

export const TaskPageAnswer = pageAnswer(TaskAnswer, 'TaskPage');

const DayTask = Type.Object(
  { task: TaskAnswer, lead: LeadRecord },
  { title: 'DayTask', description: '待办: a task and its lead.' },
);
const dayTasks = (description: string) => Type.Array(DayTask, { description });

/** What an adviser has to do on a day. */
export const AdviserDayAnswer = Type.Object(
  {
    adviser: Type.String({ description: '顾问代码.', examples: ['A1'] }),
    date: Type.String({ description: '日期.', examples: ['2026-06-01'] }),
    zone: Type.String({ description: '时区 in which the day is counted.', examples: ['Asia/Shanghai'] }),
    overdue: dayTasks('已超期: due before now, or before the day where that is later; soonest due first.'),
    due: dayTasks('当日到期: due on the day.'),
    later: dayTasks('新线索: first contacts that are due later.'),
    more: codes('未列全: which of the three hold more than are listed.', 'later'),
  },
  { title: 'AdviserDay', description: '顾问日程: what an adviser has to do on a day.' },
);
export type AdviserDayAnswer = Static<typeof AdviserDayAnswer>;
