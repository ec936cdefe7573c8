import { type Static, Type } from 'typebox';
import { FOLLOW_UP_OUTCOMES, METHODS } from '../../domain/task.ts';
import { answeredId, objectOrNull } from './answer-field.ts';
import { code, currency, minorUnits, moment } from './field.ts';
import { TaskRecord } from './lead-answer.ts';
import { LeadChangeAnswer, reasonText } from './lead-work.ts';

const closed = { additionalProperties: false } as const;
const ENDS = ['won', 'lost', 'dormant', 'invalid'] as const;

/** What another system calls a task. */
const reference = (description: string) =>
  ({ minLength: 1, maxLength: 100, pattern: '^[^\\s]+$', description, examples: ['crm-task-1'] }) as const;

const required = (description: string, example: string) =>
  Type.Unsafe<string>({
    type: 'string',
    maxLength: 64,
    description: `${description} ISO 8601; without a zone it is Asia/Shanghai.`,
    examples: [example],
  });

/** A follow-up. */
export const FollowUpBody = Type.Object(
  {
    method: Type.Unsafe<(typeof METHODS)[number]>({
      type: 'string',
      enum: [...METHODS],
      description: '跟进方式.',
      examples: ['phone'],
    }),
    content: Type.Unsafe<string>({
      type: 'string',
      minLength: 1,
      maxLength: 4000,
      pattern: '\\S',
      description: '跟进内容: in own words; masked for keys without `pii:read`, erased with the person.',
      examples: ['客户周五到店看车'],
    }),
    outcome: Type.Unsafe<(typeof FOLLOW_UP_OUTCOMES)[number]>({
      type: 'string',
      enum: [...FOLLOW_UP_OUTCOMES],
      description: '跟进结果.',
      examples: ['answered'],
    }),
    occurred_at: moment('发生时间 of the follow-up; now where absent.'),
    next_at: moment('下次跟进时间: in the future, within 366 days; required unless `state` closes the lead.'),
    state: Type.Optional(
      Type.Object(
        {
          to: Type.Unsafe<(typeof ENDS)[number]>({
            type: 'string',
            enum: [...ENDS],
            description: '状态: how the lead is closed.',
            examples: ['won'],
          }),
          reason: Type.Optional(
            reasonText('原因: lost needs one, invalid one of its list, dormant may have one.', 'bought_competitor'),
          ),
          amount: minorUnits('成交金额 of won', 18990000),
          currency: currency(),
          won_at: moment('成交时间 of won; occurred_at where absent.'),
          closer: code('成交顾问 of won; the owner where absent.', 'A2'),
        },
        { ...closed, description: '结束线索: closes the lead with the follow-up; then there is no next task.' },
      ),
    ),
    external_ref: Type.Optional(Type.String(reference('外部编号: what the CRM calls the task that this completes.'))),
  },
  {
    ...closed,
    title: 'FollowUp',
    description: '跟进.',
    examples: [
      { method: 'phone', content: '客户周五到店看车', outcome: 'answered', next_at: '2026-06-05T15:00:00+08:00' },
    ],
  },
);
export type FollowUpBody = Static<typeof FollowUpBody>;

/** What a follow-up came to. */
export const FollowUpAnswer = Type.Object(
  {
    task_id: answeredId('任务 id: of the task that was completed.'),
    next_task: objectOrNull(TaskRecord),
    lead: LeadChangeAnswer,
  },
  { title: 'FollowUpDone', description: '跟进结果: the lead after it, with its next task.' },
);
export type FollowUpAnswer = Static<typeof FollowUpAnswer>;

export const RescheduleBody = Type.Object(
  {
    due_at: required(
      '截止时间: in the future, within 366 days; a first contact can only be brought forward.',
      '2026-06-05T15:00:00+08:00',
    ),
    reason: reasonText('原因: in own words; kept in the audit, erased with the person.', '客户改期'),
  },
  { ...closed, title: 'Reschedule', description: '改期.' },
);

export const RescheduleAnswer = Type.Object(
  {
    lead_id: answeredId('线索 id.'),
    changed: Type.Boolean({ description: 'False: it was so already.', examples: [true] }),
    task: objectOrNull(TaskRecord),
    version: Type.Integer({ description: '版本 of the lead.', examples: [4] }),
  },
  { title: 'Rescheduled', description: '改期结果.' },
);

export const TaskPatchBody = Type.Object(
  {
    external_ref: Type.Unsafe<string | null>({
      type: ['string', 'null'],
      ...reference('外部编号: what the CRM calls the task; null takes it away.'),
    }),
  },
  { ...closed, title: 'TaskPatch', description: '外部编号 of a task.' },
);
