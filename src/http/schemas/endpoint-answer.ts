import { type Static, Type } from 'typebox';
import {
  DEFAULT_ENDPOINT_SETTINGS as DEFAULTS,
  ENDPOINT_STATES,
  type EndpointSettings,
  type Hold,
  PAUSED_REASONS,
  PAYLOAD_MODES,
  SIGNATURES,
} from '../../domain/endpoint.ts';
import { PURPOSES } from '../../domain/submission.ts';
import { ENDPOINT_WARNINGS } from '../../flows/check-endpoint.ts';
import { PENDING_COUNTED } from '../../store/endpoint-facts.ts';
import { answeredId, answeredMoment, codeOf, codes, integerOrNull, momentOrNull, textOrNull } from './answer-field.ts';
import { EndpointFilterAnswer } from './endpoint-filter.ts';

const BREAKER = ['closed', 'open', 'half_open', 'recovering'] as const;

function codeOrNull<const T extends readonly string[]>(values: T, description: string) {
  return Type.Unsafe<T[number] | null>({
    type: ['string', 'null'],
    enum: [...values, null],
    description,
    examples: values.slice(0, 1),
  });
}

const HealthAnswer = Type.Object(
  {
    failing_since: momentOrNull('首次失败: first failure after the last success; null: it does not fail.'),
    last_success_at: momentOrNull('最近成功.'),
    last_failure_at: momentOrNull('最近失败.'),
    breaker: codeOf(
      BREAKER,
      '熔断: `open` sends nothing, `half_open` lets a few probes through, `recovering` sends more and more.',
    ),
    breaker_until: momentOrNull('熔断至.'),
  },
  { title: 'EndpointHealth', description: '健康状况.' },
);

const settings = {
  payload: codeOf(PAYLOAD_MODES, '正文内容.'),
  signature: codeOf(SIGNATURES, '签名.'),
  rate_limit: Type.Unsafe<number | null>({
    type: ['number', 'null'],
    description: '限速: requests a second.',
    examples: [10],
  }),
  concurrency: Type.Integer({ description: '并发.', examples: [DEFAULTS.concurrency] }),
  timeout_ms: Type.Integer({ description: '超时, in milliseconds.', examples: [DEFAULTS.timeout_ms] }),
  retry_schedule: Type.Unsafe<EndpointSettings['retry_schedule']>({
    type: 'array',
    items: { type: 'number' },
    description: '重试间隔: seconds before each attempt.',
    examples: [DEFAULTS.retry_schedule],
  }),
  hold: Type.Unsafe<Hold>({
    type: 'object',
    properties: { seconds: { type: 'integer' }, attempts: { type: 'integer' } },
    required: ['seconds', 'attempts'],
    description: '等待上限.',
    examples: [DEFAULTS.hold],
  }),
  deadline_seconds: integerOrNull('时限, in seconds.', 86_400),
  recipient: textOrNull('接收方.', '某某科技有限公司'),
  purpose: codeOrNull(PURPOSES, '用途.'),
  mapping: textOrNull('映射: JSONata.', '{ "mobile": data.lead.phone }'),
  success_when: textOrNull('成功条件: JSONata.', 'body.errcode = 0'),
};

const answered = {
  id: answeredId('推送目标 id.'),
  url: Type.String({
    description: 'URL; of a deleted one its origin.',
    examples: ['https://crm.example.com/hooks/clew'],
  }),
  description: Type.String({ description: '说明.', examples: ['纷享销客'] }),
  state: codeOf(ENDPOINT_STATES, '状态: what comes for a paused one is kept.'),
  paused_reason: codeOrNull(PAUSED_REASONS, '暂停原因: by hand, after a 410 (`gone`), or after days of failing.'),
  events: codes('事件类型.', 'lead.*'),
  filter: EndpointFilterAnswer,
  ordered: Type.Boolean({ description: '按线索有序.', examples: [true] }),
  ...settings,
  headers: codes('自定义请求头: names; values are never answered.', 'authorization'),
  public_key: textOrNull('公钥 of a `v1a` signature, for the receiver; else null.', 'whpk_…'),
  secret_expires_at: momentOrNull('旧密钥到期: until when a former secret signs too; null: there is none.'),
  health: HealthAnswer,
  pending: Type.Integer({
    description: `待推送: deliveries that are not settled, counted to ${PENDING_COUNTED}.`,
    examples: [3],
  }),
  pending_more: Type.Boolean({ description: 'Whether there are more than were counted.', examples: [false] }),
  oldest_pending_at: momentOrNull('最早待推送: when the oldest of those counted was recorded.'),
  version: Type.Integer({ description: '版本, for If-Match.', examples: [1] }),
  created_at: answeredMoment('创建时间.'),
  updated_at: answeredMoment('修改时间.'),
};

export const EndpointAnswer = Type.Object(answered, {
  title: 'Endpoint',
  description: '推送目标: a downstream receiver of events.',
});
export type EndpointAnswer = Static<typeof EndpointAnswer>;

const secret = Type.String({ description: '密钥; shown this once.', examples: ['whsec_…'] });
const warnings = Type.Unsafe<readonly (typeof ENDPOINT_WARNINGS)[number][]>({
  type: 'array',
  items: { type: 'string', enum: [...ENDPOINT_WARNINGS] },
  description: '警告: `target_unresolved` where the name of the URL had no address when it was saved.',
  examples: [[]],
});

export const EndpointCreatedAnswer = Type.Object({ ...answered, secret, warnings }, { title: 'EndpointCreated' });

export const EndpointChangedAnswer = Type.Object(
  { ...answered, secret: Type.Optional(secret), warnings },
  { title: 'EndpointChanged', description: '`secret` is there where another signature needed another one.' },
);

export const EndpointWithSecretAnswer = Type.Object({ ...answered, secret }, { title: 'EndpointWithSecret' });

export const EndpointListAnswer = Type.Object({ items: Type.Array(EndpointAnswer) }, { title: 'EndpointList' });

export const EndpointTestAnswer = Type.Object(
  {
    delivered: Type.Boolean({ description: '是否成功.', examples: [true] }),
    result: Type.String({ description: '结果: `delivered`, or what failed.', examples: ['delivered'] }),
    status: integerOrNull('HTTP status of the answer; null: there was none.', 200),
    duration_ms: Type.Integer({ description: '耗时, in milliseconds.', examples: [42] }),
    excerpt: textOrNull('应答摘录, or why there was nothing to send.', 'ok'),
    request: Type.Unsafe<{ readonly headers: readonly string[]; readonly body: string } | null>({
      type: ['object', 'null'],
      properties: {
        headers: { type: 'array', items: { type: 'string' }, description: 'Names.', examples: [['webhook-id']] },
        body: { type: 'string', description: '正文 as it was sent.', examples: ['{"test":true}'] },
      },
      required: ['headers', 'body'],
      description: '请求: what was sent; null: nothing was.',
      examples: [{ headers: ['webhook-id'], body: '{"test":true}' }],
    }),
  },
  { title: 'EndpointTest' },
);
