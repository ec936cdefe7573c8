import { Type } from 'typebox';

const FormSettingsBody = Type.Object(
  {
    origins: Type.Optional(
      Type.Array(Type.String({ pattern: '^(\\*|https?://[^/\\s]+)$', maxLength: 300 }), {
        maxItems: 100,
        description: '页面来源: origins whose scripts may post; a plain form needs none. `*` is every one.',
        examples: [['https://www.example.cn']],
      }),
    ),
    redirects: Type.Optional(
      Type.Array(Type.String({ pattern: '^https?://[^/\\s]+/', maxLength: 500 }), {
        maxItems: 100,
        description: '跳转: beginnings of addresses that a plain form may be led to, each with a path.',
        examples: [['https://www.example.cn/thanks']],
      }),
    ),
    thanks: Type.Optional(
      Type.String({
        maxLength: 500,
        description: '感谢语 of the page that a plain form gets.',
        examples: ['我们会尽快联系您。'],
      }),
    ),
    honeypot: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        description: '蜜罐: the name of a field that people do not see; `website` where left out.',
        examples: ['website'],
      }),
    ),
    min_fill_seconds: Type.Optional(
      Type.Number({
        minimum: 0,
        maximum: 600,
        description:
          '最短填写: filled in faster than this, it is suspected of a bot; 2 where left out, 0 for no check.',
        examples: [2],
      }),
    ),
    per_ip_per_minute: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 100_000, description: '每 IP 每分钟; 30 where left out.', examples: [30] }),
    ),
    per_phone_per_day: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1000,
        description: '每号码每天: what goes beyond is kept in quarantine; 10 where left out.',
        examples: [10],
      }),
    ),
    behaviours_per_ip_per_minute: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 100_000,
        description: '每 IP 每分钟行为: behaviours that pages may tell from one address; 120 where left out.',
        examples: [120],
      }),
    ),
    behaviours_per_minute: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1_000_000,
        description: '每分钟行为: behaviours that pages may tell in all; 3,000 where left out.',
        examples: [3000],
      }),
    ),
    captcha: Type.Optional(
      Type.Object(
        {
          verify_url: Type.String({
            pattern: '^https?://',
            maxLength: 500,
            description: '校验地址, as Turnstile has it.',
          }),
          field: Type.String({ minLength: 1, maxLength: 64, description: 'The field that holds the answer.' }),
        },
        {
          additionalProperties: false,
          description: '人机验证; its secret is the credential `captcha_secret`.',
          examples: [
            { verify_url: 'https://challenges.cloudflare.com/turnstile/v0/siteverify', field: 'cf-turnstile-response' },
          ],
        },
      ),
    ),
  },
  {
    additionalProperties: false,
    title: 'FormSettings',
    description: '表单: of sources of the kind `form`.',
    examples: [{}],
  },
);

/** What a source may set for its submissions. */
export const SourceSettingsBody = Type.Object(
  {
    completes_later: Type.Optional(
      Type.Boolean({
        description: '后补: a submission with an external id but no identity waits for one, instead of quarantine.',
        examples: [true],
      }),
    ),
    update_semantics: Type.Optional(
      Type.Boolean({
        description:
          '更新: one external id sent again with other content is an update of the same touch, not a conflict.',
        examples: [false],
      }),
    ),
    platform: Type.Optional(
      Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), {
        maxProperties: 50,
        description: "平台设置: what the kind asks for; the README names each kind's.",
        examples: [{ lead_topics: ['clue.created'] }],
      }),
    ),
    field_map: Type.Optional(
      Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), {
        maxProperties: 20,
        description:
          "字段映射: which path, label, constant or expression fills which canonical field; goes before the kind's own, field by field.",
        examples: [{ fields: { 'person.phone': { label: '您的手机号' } } }],
      }),
    ),
    import_templates: Type.Optional(
      Type.Record(
        Type.String({ pattern: '^[a-z0-9][a-z0-9_-]{0,63}$' }),
        Type.Record(Type.String({ maxLength: 64 }), Type.Unknown(), { maxProperties: 20 }),
        {
          maxProperties: 20,
          additionalProperties: false,
          description:
            '导入模板: field maps of imports, by the names that imports ask for them by; one goes before the field map of the source.',
          examples: [{ 'offline-event': { fields: { 'person.phone': { label: '您的手机号' } } } }],
        },
      ),
    ),
    allow_ips: Type.Optional(
      Type.Array(Type.String({ pattern: '^[0-9A-Fa-f.:]+(/\\d{1,3})?$', maxLength: 64 }), {
        maxItems: 200,
        description: '来源 IP: addresses or networks that pushes may come from; where it is left out, any.',
        examples: [['54.241.34.25', '50.19.99.184']],
      }),
    ),
    api_base: Type.Optional(
      Type.String({
        pattern: '^https?://[^/?#]+[^?#]*$',
        maxLength: 500,
        description: "接口地址: of the platform's API, where thin leads are fetched; its public one where left out.",
        examples: ['https://graph.facebook.com'],
      }),
    ),
    requests_per_minute: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 60_000,
        description: '接口限速: most requests a minute to that API; as the kind has it where left out.',
        examples: [200],
      }),
    ),
    form: Type.Optional(FormSettingsBody),
  },
  {
    additionalProperties: false,
    title: 'SourceSettings',
    description: '设置; what is left out is as the kind has it.',
    examples: [{ completes_later: true }],
  },
);
