import fc from 'fast-check';
import t from 'tap';
import { PAYLOAD_MODES } from '../../src/domain/endpoint.ts';
import { normalise } from '../../src/domain/normalise.ts';
import { originOf } from '../../src/domain/origin.ts';
import { fitted, PAYLOAD_MAX_BYTES, type Payload, type PayloadFacts, payloadOf } from '../../src/domain/payload.ts';
import { EMPTY_PROFILE, stateProfile } from '../../src/domain/profile.ts';
import type { Draft } from '../../src/domain/submission.ts';
import { aLead } from '../helpers/lead.ts';

const NOW = Date.UTC(2026, 5, 1, 4);
const SOURCE = {
  id: 'source-1',
  channel: null,
  completesLater: false,
  updateSemantics: false,
  conflicts: 'answer' as const,
  defaults: {},
};

/** The facts of an event that a draft led to, as they are when its body is made. */
function factsOf(draft: Draft, more: { readonly type?: string; readonly reason?: string } = {}): PayloadFacts {
  const arrival = { source: SOURCE, receivedAt: NOW, region: 'CN', deliveryId: null, requestKey: null, content: draft };
  const read = normalise(draft, { ...arrival, mode: 'live', completes: null, refusal: null });
  const origin = originOf(read, 'touch-1', NOW);
  const stamp = { at: NOW, rec: NOW, sub: 'submission-1' };
  const profile = stateProfile(EMPTY_PROFILE, read.fields.person ?? {}, [], stamp);
  const phone = read.phone?.e164 ?? null;
  const lead = aLead({ phone, firstSource: origin, lastSource: origin, reason: more.reason ?? null });
  return {
    event: {
      id: 'event-1',
      type: more.type ?? 'lead.created',
      version: 1,
      subjectKind: 'lead',
      subjectId: 'lead-1',
      customerId: 'customer-1',
      leadId: 'lead-1',
      submissionId: 'submission-1',
      sequence: 2,
      occurredAt: NOW,
      recordedAt: NOW + 5,
      data: { decision: 'created', changed: ['name'] },
    },
    previousSequence: 1,
    lead: { lead, root: 'customer-1', profile },
    customer: {
      id: 'customer-1',
      version: 3,
      phone,
      firstSource: origin,
      lastSource: origin,
      touchCount: 1,
      createdAt: NOW,
      updatedAt: NOW,
    },
    submission: {
      id: 'submission-1',
      sourceId: 'source-1',
      sourceName: '落地页',
      externalId: read.externalId,
      decision: 'created',
      rule: 'created.no_lead_in_scope',
      policyVersion: 4,
      mode: 'live',
      fields: read.fields as Readonly<Record<string, unknown>>,
      occurredAt: NOW,
      receivedAt: NOW,
    },
    consents: { contact: true, analytics: false, ad_feedback: false },
  };
}

const DRAFT: Draft = {
  external_id: 'x-1',
  channel: 'douyin',
  person: { phone: '13800138000', wechat: 'wxid_zhang', name: '张三', email: 'zhangsan@example.com', city: '杭州' },
  campaign: { id: 'c-1', name: '团购会' },
  extra: { note: '打 13900139000' },
};

t.test('full shows the person, masked the same members without phone, WeChat and e-mail, thin ids only', async (t) => {
  const facts = factsOf(DRAFT);
  const full = payloadOf(facts, 'full');
  const masked = payloadOf(facts, 'masked');
  t.match(full.data, {
    lead: { id: 'lead-1', masked: null, phone: '+8613800138000', person: { email: 'zhangsan@example.com' } },
    customer: { phone: '+8613800138000', consents: { contact: true, analytics: false, ad_feedback: false } },
    submission: { fields: { extra: { note: '打 13900139000' } } },
  });
  t.match(masked.data, {
    lead: { masked: 'scope_missing', phone: '138****8000', person: { name: '张三', email: 'z***@example.com' } },
    customer: { phone: '138****8000' },
    submission: { fields: { person: { email: 'z***@example.com' }, extra: { note: '打 139****9000' } } },
  });
  t.strictSame(namesOf(masked), namesOf(full));
  const { data, ...head } = payloadOf(facts, 'thin');
  t.strictSame(head, {
    id: 'event-1',
    type: 'lead.created',
    version: 1,
    subject: { kind: 'lead', id: 'lead-1' },
    occurred_at: '2026-06-01T04:00:00.000Z',
    recorded_at: '2026-06-01T04:00:00.005Z',
    sequence: 2,
    previous_sequence: 1,
  });
  t.strictSame(data, {
    lead: { id: 'lead-1' },
    customer: { id: 'customer-1' },
    submission: { id: 'submission-1' },
    decision: { decision: 'created', rule: 'created.no_lead_in_scope', policy_version: 4 },
    changed: { decision: 'created', changed: ['name'] },
  });
});

t.test('an erasure and a withdrawal are thin for everyone', async (t) => {
  for (const type of ['lead.erased', 'customer.consent_changed']) {
    const facts = factsOf(DRAFT, { type });
    for (const mode of PAYLOAD_MODES) t.strictSame(payloadOf(facts, mode), payloadOf(facts, 'thin'), `${type} ${mode}`);
  }
  t.strictNotSame(payloadOf(factsOf(DRAFT), 'full'), payloadOf(factsOf(DRAFT), 'thin'), 'others are not');
});

t.test('who the lead belongs to now is told, not who it was written under', async (t) => {
  const facts = factsOf(DRAFT);
  const { lead, customer } = facts;
  if (lead === null || customer === null) throw new Error('there are both');
  const moved = { ...facts, lead: { ...lead, root: 'root-1' }, customer: { ...customer, id: 'root-1' } };
  t.match(payloadOf(moved, 'masked').data, { lead: { customer_id: 'root-1' }, customer: { id: 'root-1' } });
  t.match(payloadOf(moved, 'thin').data, { customer: { id: 'root-1' } });
});

t.test('what an event is not about is null', async (t) => {
  const { event, ...facts } = factsOf(DRAFT);
  const nobody = { ...event, customerId: null, leadId: null, submissionId: null, sequence: null };
  const bare = { ...facts, event: nobody, lead: null, customer: null, submission: null, previousSequence: null };
  for (const mode of PAYLOAD_MODES) {
    t.match(payloadOf(bare, mode), {
      sequence: null,
      previous_sequence: null,
      data: { lead: null, customer: null, submission: null, decision: null },
    });
  }
});

/** Every path of a value, so that two bodies can be compared by what they hold. */
function namesOf(value: unknown, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, inner]) => namesOf(inner, `${path}/${name}`));
}

/** Every text of a value, names of members too. */
function textsOf(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null) return [String(value)];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...textsOf(inner)]);
}

interface Secret {
  readonly digits: string;
  readonly local: string; // of an e-mail address
  readonly wechat: string;
}

const secret: fc.Arbitrary<Secret> = fc.record({
  digits: fc.stringMatching(/^1[3-9]\d{9}$/),
  local: fc.stringMatching(/^[a-z]{6,12}$/).filter((local) => !local.startsWith('wxid')),
  wechat: fc.stringMatching(/^wxid_[a-z]{8,12}$/),
});
const separators = fc.array(fc.constantFrom('', '', '-', ' ', ' - ', '–', '（', '_'), {
  minLength: 10,
  maxLength: 10,
});
const around = fc.constantFrom('', '电话', '请打', 'tel:', '张先生 ', '（', '，晚上', '\n');

/** A text that somebody typed a phone and perhaps an e-mail address into. */
function typed({ digits, local }: Secret): fc.Arbitrary<string> {
  const phone = fc
    .tuple(separators, fc.boolean(), fc.constantFrom('', '', '+86 ', '0086', '0'))
    .map(([gaps, wide, code]) => {
      const spaced = [...digits].map((digit, place) => `${place === 0 ? '' : gaps[place - 1]}${digit}`).join('');
      if (!wide) return `${code}${spaced}`;
      return code + spaced.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0));
    });
  const mail = fc.constantFrom('', ` ${local}@example.com`, `，邮箱：${local}@mail.example.cn。`);
  return fc.tuple(around, phone, around, mail).map((parts) => parts.join(''));
}

const GROUPS = {
  advertiser: ['type', 'name', 'budget_owner', 'cost_centre'],
  traffic: [
    'platform',
    'medium',
    'placement',
    'account_name',
    'campaign_name',
    'adgroup_name',
    'creative_name',
    'keyword',
    'landing_page',
    'referrer',
    'utm_source',
    'utm_medium',
    'utm_campaign',
    'utm_term',
    'utm_content',
    'scene_code',
  ],
  product: ['brand', 'category', 'series', 'model', 'store_of_interest'],
  intent: ['horizon', 'need', 'appointment_at'],
  campaign: ['name', 'kind', 'host', 'venue', 'offer'],
} as const;
const PERSON = [
  'name',
  'gender',
  'province',
  'city',
  'district',
  'street',
  'company',
  'job_title',
  'industry',
] as const;

/** A draft with the secret in any of its texts. */
function drafts(held: Secret): fc.Arbitrary<Draft> {
  const text = typed(held);
  const some = (names: readonly string[]) =>
    fc.record(Object.fromEntries(names.map((name) => [name, text])), { requiredKeys: [] });
  const person = fc.tuple(some([...PERSON, 'company_size']), fc.array(text, { maxLength: 3 }), fc.boolean(), text);
  const handle = fc.constantFrom(held.wechat, `${held.wechat} 加我`, `微信：${held.wechat}`);
  const phones = fc.constantFrom<unknown>(held.digits, Number(held.digits), `86${held.digits}`);
  return fc.record({
    channel: fc.constant('douyin'),
    external_id: fc.constantFrom('x-1', held.digits),
    person: person.chain(([values, tags, ids]) =>
      handle.map((wechat) => ({
        ...values,
        tags,
        email: `${held.local}@example.com`,
        ...(ids ? { phone: held.digits, wechat } : { phone: `微信 ${wechat}`, wechat }),
      })),
    ),
    advertiser: some(GROUPS.advertiser),
    traffic: fc.tuple(some(GROUPS.traffic), text).map(([group, level]) => ({ ...group, levels: { 计划: level } })),
    product: some(GROUPS.product),
    intent: some(GROUPS.intent),
    campaign: some(GROUPS.campaign),
    extra: fc.tuple(text, phones, handle).map(([note, phone, wechat]) => ({
      note,
      手机: phone,
      list: [note, { deep: { phone } }],
      [held.digits]: '他的号码',
      lead_id: held.digits,
      wechat_no: wechat,
      微信号: wechat,
      form: { weixin: wechat },
    })),
  }) as fc.Arbitrary<Draft>;
}

t.test('no phone, WeChat or e-mail of a person is left in a masked or thin body, wherever it stood', async (t) => {
  let shown = 0;
  let bodies = 0;
  const given = secret.chain((held) => fc.tuple(fc.constant(held), drafts(held), typed(held)));
  fc.assert(
    fc.property(given, ([held, draft, reason]) => {
      const facts = factsOf(draft, { reason });
      const reveals = (payload: Payload): boolean =>
        textsOf(payload).some((text) => {
          const plain = text.normalize('NFKC');
          return (
            plain.replace(/\D/g, '').includes(held.digits) || plain.includes(held.local) || plain.includes(held.wechat)
          );
        });
      bodies += 1;
      if (reveals(payloadOf(facts, 'full'))) shown += 1;
      return !reveals(payloadOf(facts, 'masked')) && !reveals(payloadOf(facts, 'thin'));
    }),
    { numRuns: 300 },
  );
  t.equal(shown, bodies, 'full bodies hold them all');
});

const bytes = (payload: Payload): number => Buffer.byteLength(JSON.stringify(payload));
const groupText = fc.oneof(
  fc.string({ maxLength: 50 }),
  fc.integer({ min: 0, max: 9_000 }).map((length) => '字'.repeat(length)),
);
const groups = fc.dictionary(
  fc.constantFrom('extra', 'advertiser', 'traffic', 'person', 'product', 'intent', 'campaign'),
  fc.record({ value: groupText }),
);

t.test(
  'a body that is too large leaves out extra, then the largest groups, as few as it can, and names them',
  async (t) => {
    const outcomes = new Set<string>();
    fc.assert(
      fc.property(groups, fc.integer({ min: 1_000, max: PAYLOAD_MAX_BYTES }), (fields, limit) => {
        const facts = factsOf(DRAFT);
        if (facts.submission === null) return false;
        const payload = payloadOf({ ...facts, submission: { ...facts.submission, fields } }, 'full');
        const small = fitted(payload, Buffer.byteLength, limit);
        if (bytes(payload) <= limit) {
          outcomes.add('fits');
          return small === payload;
        }
        const { submission } = small.data;
        if (submission === null || !('fields' in submission)) return false;
        const omitted = submission.omitted ?? [];
        const left = Object.keys(submission.fields);
        outcomes.add(left.length === 0 ? 'nothing left' : 'something left');
        const size = (name: string) => Buffer.byteLength(JSON.stringify(fields[name]));
        const rest = omitted.filter((name) => name !== 'extra');
        const back = [...omitted.slice(0, -1)];
        const before = Object.fromEntries(Object.entries(fields).filter(([name]) => !back.includes(name)));
        const oneMore = {
          ...payload,
          data: { ...payload.data, submission: { ...submission, fields: before, omitted: back } },
        };
        return (
          (bytes(small) <= limit || left.length === 0) &&
          [...omitted, ...left].sort().join() === Object.keys(fields).sort().join() &&
          (!('extra' in fields) || omitted[0] === 'extra') &&
          rest.every((name, place) => place === 0 || size(rest[place - 1] ?? '') >= size(name)) &&
          left.every((name) => rest.every((gone) => size(gone) >= size(name))) &&
          (back.length === 0 || bytes(oneMore) > limit) &&
          Object.entries(small.data).every(
            ([part, value]) => part === 'submission' || value === payload.data[part as 'lead'],
          )
        );
      }),
      { numRuns: 500 },
    );
    t.strictSame([...outcomes].sort(), ['fits', 'nothing left', 'something left']);
  },
);

t.test('a body that fits, a thin one, and one without submission stay as they are', async (t) => {
  const facts = factsOf({ ...DRAFT, extra: { note: '字'.repeat(9_000) } });
  const thin = payloadOf(facts, 'thin');
  t.equal(fitted(thin, Buffer.byteLength, 10), thin);
  const without = payloadOf({ ...facts, submission: null }, 'full');
  t.equal(fitted(without, Buffer.byteLength, 10), without);
  const large = payloadOf(facts, 'full');
  t.ok(bytes(large) > PAYLOAD_MAX_BYTES);
  t.equal(fitted(large, Buffer.byteLength, bytes(large)), large, 'to the byte');
  const small = fitted(large, Buffer.byteLength, bytes(large) - 1);
  t.match(small.data.submission, { omitted: ['extra'], fields: { person: { name: '张三' } } });
  t.ok(bytes(small) <= PAYLOAD_MAX_BYTES);
});
