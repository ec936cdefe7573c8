import { type TObject, type TSchema, Type } from 'typebox';
import { EVENT_TYPES, type EventDraft, type EventType } from '../../domain/event.ts';
import { DECISIONS } from '../../domain/outcome.ts';
import { PURPOSES } from '../../domain/submission.ts';
import { samplePayload } from '../../webhooks/sample-payload.ts';
import { answeredId, answeredMoment, anything, codeOf, codes, integerOrNull, textOrNull } from './answer-field.ts';
import { changedOf } from './event-changed.ts';
import { LeadRecord, OriginOrNull } from './lead-answer.ts';

/** The event of the examples. */
export const EXAMPLE_EVENT = { id: '0197a3c2-5d10-7abc-8def-0123456789ab', at: Date.UTC(2026, 5, 1, 4, 30) } as const;

const OnlyId = Type.Object(
  { id: answeredId('Its id.') },
  { title: 'WebhookReference', description: '引用: all that a thin body holds of a lead, a customer or a submission.' },
);

const WebhookCustomer = Type.Object(
  {
    id: answeredId('客户 id.'),
    version: Type.Integer({ description: '版本: grows with every change.', examples: [3] }),
    phone: textOrNull('电话: the first one known, E.164 or masked.', '138****8000'),
    first_source: OriginOrNull,
    last_source: OriginOrNull,
    touch_count: Type.Integer({ description: '触点数, without voided ones.', examples: [2] }),
    consents: Type.Object(
      Object.fromEntries(PURPOSES.map((purpose) => [purpose, Type.Boolean({ examples: [true] })])),
      { description: '授权 per purpose: the latest dated statement, else the default of the policy.' },
    ),
    created_at: answeredMoment('创建时间.'),
    updated_at: answeredMoment('更新时间.'),
  },
  { title: 'WebhookCustomer', description: '客户 when the body was made.' },
);

const decision = {
  decision: codeOf(DECISIONS, '判定.'),
  rule: Type.String({ description: '规则 that decided.', examples: ['created.no_lead_in_scope'] }),
  policy_version: Type.Integer({ description: '规则版本 that decided.', examples: [1] }),
};
const WebhookDecision = Type.Object(decision, { title: 'WebhookDecision', description: '判定 of the submission.' });

const WebhookSubmission = Type.Object(
  {
    id: answeredId('留资 id.'),
    source_id: answeredId('来源 id.'),
    source_name: textOrNull('来源名称.', 'douyin-hq'),
    external_id: textOrNull('外部 id; masked where it reads like a phone.', 'dy-1'),
    ...decision,
    mode: codeOf(['live', 'history'], '实时或历史导入.'),
    occurred_at: answeredMoment('发生时间.'),
    received_at: answeredMoment('接收时间.'),
    fields: anything(
      '字段组 as the body of POST /v1/leads names them, without identities and consents; masked in a masked body.',
      { person: { name: '张三' }, product: { model: '揽月 400T' } },
    ),
    omitted: Type.Optional(codes('省略的字段组: left out, since the body would be over 20 kB.', 'extra')),
  },
  { title: 'WebhookSubmission', description: '留资 that the event follows from.' },
);

type Presence = 'always' | 'sometimes' | 'never';
interface About {
  readonly subjects: readonly EventDraft['subjectKind'][];
  readonly lead: Presence;
  readonly customer: Presence;
  readonly submission: Presence;
  readonly thin: 'as_asked' | 'always'; // always: it is told to those too who may no longer have the person
}

const LEAD = { subjects: ['lead'], lead: 'always', customer: 'always', submission: 'never', thin: 'as_asked' } as const;
const CAPTURE = { ...LEAD, submission: 'always' } as const;
const LEAD_OR_CUSTOMER = { ...LEAD, subjects: ['lead', 'customer'], lead: 'sometimes' } as const;
const CUSTOMER = { ...LEAD, subjects: ['customer'], lead: 'never' } as const;
const DEAL = { ...LEAD, subjects: ['deal'] } as const;
const WORKING = { ...LEAD, submission: 'sometimes' } as const;
const NOBODY = { lead: 'never', customer: 'never', submission: 'never', thin: 'as_asked' } as const;

const ABOUT: Readonly<Record<EventType, About>> = {
  'lead.created': CAPTURE,
  'lead.touched': CAPTURE,
  'lead.reactivated': CAPTURE,
  'lead.state_changed': { ...LEAD, submission: 'sometimes' },
  'lead.owner_changed': LEAD,
  'lead.profile_changed': LEAD_OR_CUSTOMER,
  'lead.split': LEAD_OR_CUSTOMER,
  'lead.merged': LEAD,
  'lead.unmerged': LEAD,
  'lead.reverted': LEAD,
  'lead.erased': { ...LEAD_OR_CUSTOMER, thin: 'always' },
  'customer.merged': CUSTOMER,
  'customer.unmerged': CUSTOMER,
  'customer.consent_changed': { ...CUSTOMER, thin: 'always' },
  'touch.voided': { ...LEAD, subjects: ['touch'], submission: 'sometimes' },
  'deal.recorded': DEAL,
  'deal.refunded': DEAL,
  'submission.quarantined': { ...NOBODY, subjects: ['submission'], submission: 'always' },
  'import.completed': { ...NOBODY, subjects: ['import'] },
  'lead.assigned': WORKING,
  'assignment.exhausted': WORKING,
  'lead.rating_changed': WORKING,
  'lead.left_nurture': WORKING,
  'lead.qualified': WORKING,
  'lead.hot': WORKING,
  'lead.dormant': WORKING,
  'task.created': WORKING,
  'task.changed': WORKING,
  'task.due': WORKING,
  'task.overdue': WORKING,
  'task.escalated': WORKING,
  'task.recycled': WORKING,
  'task.completed': WORKING,
  'task.cancelled': WORKING,
  'endpoint.paused': { ...NOBODY, subjects: ['endpoint'] },
};

/** The body of an event type as endpoints get it that have no mapping. */
export function eventBody(type: EventType): TObject {
  const { subjects, lead, customer, submission, thin } = ABOUT[type];
  const part = (full: TObject, presence: Presence, description: string): TSchema =>
    choice(thin === 'always' ? [OnlyId] : [full, OnlyId], presence, description);
  const { changed } = samplePayload({ type, mode: 'masked', ...EXAMPLE_EVENT }).data;
  return Type.Object(
    {
      id: answeredId('事件 id: the same on every try and to every endpoint; also webhook-id.'),
      type: Type.Unsafe<EventType>({ type: 'string', const: type, description: '事件类型.', examples: [type] }),
      version: Type.Integer({ description: '格式版本 of the type.', examples: [1] }),
      subject: Type.Object(
        { kind: codeOf(subjects, '类型.'), id: answeredId('Its id.') },
        { description: '主体: what the event is about.' },
      ),
      occurred_at: answeredMoment('发生时间.'),
      recorded_at: answeredMoment('记录时间.'),
      sequence: sequenceOf(lead),
      previous_sequence: integerOrNull(
        '上一序号: of the lead, the last one told to this endpoint before; null: none. Another one than you got last: one is missing.',
        1,
      ),
      data: Type.Object(
        {
          lead: part(LeadRecord, lead, '线索 when the body was made; in a thin body its id.'),
          customer: part(WebhookCustomer, customer, '客户 when the body was made; in a thin body the id.'),
          submission: part(WebhookSubmission, submission, '留资 that the event follows from; in a thin body its id.'),
          decision: choice([WebhookDecision], submission, '判定 of the submission.'),
          changed: changedOf(type, changed),
        },
        { description: '内容.' },
      ),
      test: Type.Optional(
        Type.Unsafe<true>({ type: 'boolean', const: true, description: '测试: there only where it is a test.' }),
      ),
    },
    { title: titleOf(type), description: `事件 \`${type}\`: ${EVENT_TYPES[type]}` },
  );
}

function choice(schemas: readonly TSchema[], presence: Presence, description: string): TSchema {
  const options = presence === 'never' ? [] : schemas;
  const all = presence === 'always' ? options : [...options, Type.Null({ description: 'There is none.' })];
  const [only, ...others] = all;
  return only !== undefined && others.length === 0 ? only : Type.Union([...all], { description });
}

function sequenceOf(lead: Presence): TSchema {
  const description = '序号 in its lead: from 1, without gaps';
  switch (lead) {
    case 'always':
      return Type.Integer({ description: `${description}.`, examples: [2] });
    case 'sometimes':
      return integerOrNull(`${description}; null: it is of no lead.`, 2);
    case 'never':
      return Type.Null({ description: '序号: it is of no lead.' });
  }
}

/** `lead.state_changed` as a schema is named: LeadStateChangedEvent. */
function titleOf(type: EventType): string {
  return `${type.replace(/(?:^|[._])([a-z])/g, (_all, first: string) => first.toUpperCase())}Event`;
}
