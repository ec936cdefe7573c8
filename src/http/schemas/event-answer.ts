import { type Static, Type } from 'typebox';
import { EVENT_TYPES, type EventType } from '../../domain/event.ts';
import { DECISIONS } from '../../domain/outcome.ts';
import {
  answeredId,
  answeredMoment,
  anything,
  codeOf,
  integerOrNull,
  objectOrNull,
  pageAnswer,
  textOrNull,
} from './answer-field.ts';
import { idOrNull } from './outcome.ts';

const TYPES = Object.keys(EVENT_TYPES) as EventType[];
const TOLD = TYPES.map((type) => `\`${type}\` ${EVENT_TYPES[type]}`).join('\n');

const EventSubmission = Type.Object(
  {
    id: answeredId('留资 id.'),
    source_id: answeredId('来源 id.'),
    source_name: textOrNull('来源名称.', 'douyin-hq'),
    external_id: textOrNull('外部 id.', 'dy-1'),
    decision: codeOf(DECISIONS, '判定.'),
    rule: Type.String({ description: '规则 that decided.', examples: ['created.no_lead_in_scope'] }),
    policy_version: Type.Integer({ description: '规则版本 that decided.', examples: [1] }),
    mode: codeOf(['live', 'history'], '实时或历史导入.'),
    occurred_at: answeredMoment('发生时间.'),
    received_at: answeredMoment('接收时间.'),
  },
  { title: 'EventSubmission', description: '留资 that an event follows from, with its decision.' },
);

/** One event of a timeline. */
export const EventRecord = Type.Object(
  {
    id: answeredId('事件 id.'),
    type: Type.Unsafe<string>({ type: 'string', description: `事件类型.\n${TOLD}`, examples: ['lead.created'] }),
    subject: Type.Object(
      {
        kind: Type.String({
          description: 'lead, customer, touch, deal, submission, import or endpoint.',
          examples: ['lead'],
        }),
        id: answeredId('Its id.'),
      },
      { description: '主体.' },
    ),
    lead_id: idOrNull('线索 id.'),
    customer_id: idOrNull('客户 id as written.'),
    sequence: integerOrNull('序号: per lead, from 1, without gaps.', 1),
    occurred_at: answeredMoment('发生时间.'),
    recorded_at: answeredMoment('记录时间.'),
    actor: Type.String({ description: '操作者.', examples: ['key:crm'] }),
    request_id: textOrNull('请求 id.', '0197a3c2-5d10-7abc-8def-0123456789ab'),
    rule: textOrNull('规则 that fired.', 'created.no_lead_in_scope'),
    policy_version: integerOrNull('规则版本.', 1),
    data: anything('What happened: ids, codes, amounts and names of fields; never identity values.', {
      decision: 'created',
      channel: 'douyin',
      state: 'new',
      owner: 'A1',
      owner_reason: 'named',
    }),
    submission: objectOrNull(EventSubmission),
  },
  { title: 'EventRecord', description: '事件: something that happened, with what it follows from.' },
);
export type EventRecord = Static<typeof EventRecord>;

export const EventPageAnswer = pageAnswer(EventRecord, 'EventPage');
