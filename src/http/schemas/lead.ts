import { type Static, Type } from 'typebox';
import type { Draft } from '../../domain/submission.ts';
import { MAX_JSON_BYTES, MAX_TEXT_LENGTH } from '../bound-keywords.ts';
import { code, idText, moment, text } from './field.ts';
import { AdvertiserBody, CampaignBody, IntentBody, ProductBody, TrafficBody } from './lead-groups.ts';
import { CLEARABLE, ConsentBody, PersonBody } from './person.ts';

const EXTRA_BYTES = 32_768;
const EXTRA_TEXT = 4_000;

const EXAMPLE = {
  external_id: 'dy-1',
  channel: 'douyin',
  occurred_at: '2026-06-01T12:30:00+08:00',
  person: { phone: '138 0013 8000', name: '张三', city: '杭州' },
  traffic: { platform: 'douyin', campaign_id: '101', click_id: 'EOXNsZyQ', utm_source: 'douyin' },
  advertiser: { id: 'hq' },
  product: { model: '揽月 400T' },
  intent: { kind: 'consult', need: '想周末试驾' },
  campaign: { id: 'c1' },
  consents: [{ purpose: 'contact', granted: true, at: '2026-06-01T12:29:58+08:00', text_version: 'v3' }],
};

/** The canonical body of one submission (留资). Every group is optional, but the person needs an identity. */
export const LeadBody = Type.Object(
  {
    external_id: idText(
      "外部 id: the sender's own id of this lead; the same id with the same content is a replay.",
      'dy-1',
    ),
    channel: code("渠道代码; the source's channel where absent. An unknown one is kept, with a warning.", 'douyin'),
    occurred_at: moment("发生时间: the customer's moment; the time of receipt where absent."),
    person: Type.Optional(PersonBody),
    traffic: Type.Optional(TrafficBody),
    advertiser: Type.Optional(AdvertiserBody),
    product: Type.Optional(ProductBody),
    intent: Type.Optional(IntentBody),
    campaign: Type.Optional(CampaignBody),
    store: code('门店代码: the capturing store. Needs the scope ops, or a key that is bound to the store.', 'S1'),
    owner: code('顾问代码: who is to follow up. Needs the scope ops.', 'A1'),
    consents: Type.Optional(
      Type.Array(ConsentBody, { maxItems: 20, description: '授权声明: consents and withdrawals.' }),
    ),
    clear: Type.Optional(
      Type.Array(Type.Unsafe<string>({ type: 'string', enum: [...CLEARABLE] }), {
        maxItems: CLEARABLE.length,
        description: '清空: what the customer takes back, `address` as a whole; a blank alone never erases.',
        examples: [['company']],
      }),
    ),
    visitor_id: text(
      200,
      '访客 id: the browser that it came from, as its behaviours name it. They count for this person from now on; it is kept as `extra.visitor_id`.',
      'v-3c59dc04',
    ),
    test: Type.Optional(Type.Boolean({ description: '测试: kept and marked, never a lead.', examples: [false] })),
    schema_version: text(32, '格式版本 of the sender.', '1'),
    extra: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), {
        maxProperties: 200,
        description: `其他: whatever has no field of its own, kept as it is: at most ${EXTRA_BYTES} bytes as JSON, and no text of more than ${EXTRA_TEXT} characters.`,
        [MAX_JSON_BYTES]: EXTRA_BYTES,
        [MAX_TEXT_LENGTH]: EXTRA_TEXT,
        examples: [{ 车牌意向: '浙A' }],
      }),
    ),
  },
  { additionalProperties: false, title: 'Lead', description: '留资: one submission.', examples: [EXAMPLE] },
);

/** A checked body; ids may still be numbers. */
export type LeadBody = Static<typeof LeadBody>;

/** The draft of a checked body: whole numbers that are ids become text. The types hold the schema to `Draft`. */
export function toDraft(body: LeadBody): Draft {
  // Most senders quote their ids, and copying twenty members costs as much as parsing them.
  if (!hasNumber(body) && !hasNumber(body.person) && !hasNumber(body.person?.wecom)) {
    if (!hasNumber(body.traffic) && !hasNumber(body.advertiser) && !hasNumber(body.campaign))
      return body as WithTextIds;
  }
  const { external_id, person, traffic, advertiser, campaign, ...rest } = body;
  return {
    ...rest,
    ...(external_id === undefined ? {} : { external_id: String(external_id) }),
    ...(person === undefined ? {} : { person: personOf(person) }),
    ...(traffic === undefined ? {} : { traffic: textIds(traffic) }),
    ...(advertiser === undefined ? {} : { advertiser: textIds(advertiser) }),
    ...(campaign === undefined ? {} : { campaign: textIds(campaign) }),
  };
}

type TextIds<G> = { readonly [K in keyof G]: Exclude<G[K], number> };
type Person = NonNullable<LeadBody['person']>;
type TextPerson = TextIds<Omit<Person, 'wecom'>> & { readonly wecom?: TextIds<NonNullable<Person['wecom']>> };
type WithTextIds = TextIds<Omit<LeadBody, 'person' | 'traffic' | 'advertiser' | 'campaign'>> & {
  readonly person?: TextPerson;
  readonly traffic?: TextIds<NonNullable<LeadBody['traffic']>>;
  readonly advertiser?: TextIds<NonNullable<LeadBody['advertiser']>>;
  readonly campaign?: TextIds<NonNullable<LeadBody['campaign']>>;
};

// In these groups every number is an id.
function textIds<G extends object>(group: G): TextIds<G> {
  const texts = Object.entries(group).map(([key, value]) => [key, typeof value === 'number' ? String(value) : value]);
  return Object.fromEntries(texts) as TextIds<G>;
}

function personOf({ wecom, ...person }: Person): TextPerson {
  return { ...textIds(person), ...(wecom === undefined ? {} : { wecom: textIds(wecom) }) };
}

function hasNumber(group: object | undefined): boolean {
  for (const key in group) {
    if (typeof (group as Readonly<Record<string, unknown>>)[key] === 'number') return true;
  }
  return false;
}
