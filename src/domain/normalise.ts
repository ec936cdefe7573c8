import { canonicalJson } from './canonical.ts';
import { cleanGroup, cleanText } from './clean.ts';
import { byRank, wechatId } from './identity.ts';
import { type Instant, parseInstant } from './instant.ts';
import { parsePhone } from './phone.ts';
import type {
  DatedConsent,
  Draft,
  Fields,
  Identity,
  Key,
  Mode,
  Person,
  Phone,
  Refusal,
  SourceRules,
  Submission,
} from './submission.ts';

/** The circumstances of one arrival, which the draft itself cannot say. */
export interface Arrival {
  readonly source: SourceRules;
  readonly receivedAt: Instant;
  readonly region: string; // ISO 3166 alpha-2, for numbers without a country code
  readonly deliveryId: string | null;
  readonly requestKey: string | null;
  readonly content: unknown; // what the way in names as content, for the replay fingerprint
  readonly mode: Mode;
  readonly completes: string | null;
  readonly refusal: Refusal | null; // what the way in itself says is wrong; goes before anything found here
}

/** Cleans a draft and reads its phone, times and identities; what cannot be used is said in `refusal`, nothing is dropped. */
export function normalise(draft: Draft, arrival: Arrival): Submission {
  const { source } = arrival;
  const warnings: string[] = [];
  const contact = readContact(draft, arrival, warnings);
  const fields = readFields(draft, source, contact.strayWechat);
  const moment = readMoment(draft, arrival);
  const channel = cleanText(draft.channel) ?? source.channel ?? 'unknown';
  if (channel === 'unknown') warnings.push('channel_missing');
  return {
    source,
    keys: keysOf(draft, arrival),
    externalId: cleanText(draft.external_id) ?? null,
    content: canonicalJson(arrival.content),
    noiseContent: noiseContent(fields),
    identities: contact.identities,
    phone: contact.phone,
    phoneTyped: draft.person?.phone ?? null,
    channel,
    kind: draft.intent?.kind ?? null,
    campaignKey: campaignKey(fields),
    store: cleanText(draft.store) ?? source.defaults.store ?? null,
    owner: cleanText(draft.owner) ?? null,
    fields,
    consents: readConsents(draft, moment.at, warnings),
    test: draft.test ?? false,
    mode: arrival.mode,
    occurredAt: moment.at,
    receivedAt: arrival.receivedAt,
    flags: [],
    warnings,
    refusal: arrival.refusal ?? moment.refusal ?? contact.refusal,
    completes: arrival.completes,
  };
}

function keysOf(draft: Draft, arrival: Arrival): readonly Key[] {
  const keys: Key[] = [];
  if (arrival.deliveryId !== null) keys.push({ kind: 'delivery', key: arrival.deliveryId });
  if (arrival.requestKey !== null) keys.push({ kind: 'request', key: arrival.requestKey });
  const external = cleanText(draft.external_id);
  if (external !== undefined) keys.push({ kind: 'external', key: external });
  return keys;
}

interface Contact {
  readonly identities: readonly Identity[];
  readonly phone: Phone | null;
  readonly strayWechat: string | undefined; // a WeChat text that names nobody, kept under extra
  readonly refusal: Refusal | null;
}

/** Every usable identity, strongest first; a refused phone beside another identity is a warning. */
function readContact(draft: Draft, { source, region }: Arrival, warnings: string[]): Contact {
  const person = draft.person ?? {};
  const verdict = parsePhone(person.phone ?? '', region, person.phone_kind);
  const identities: Identity[] = [];
  const external = cleanText(draft.external_id);
  let phone: Phone | null = null;
  let refusal: Refusal | null = null;
  switch (verdict.kind) {
    case 'phone':
      phone = {
        e164: verdict.e164,
        typed: person.phone ?? '',
        kind: verdict.phoneKind,
        quality: verdict.quality,
        others: verdict.others,
      };
      warnings.push(...verdict.warnings);
      if (verdict.phoneKind === 'relay') {
        refusal = { code: 'phone_relay', path: '/person/phone', hint: RELAY_HINT };
        phone = null;
      } else identities.push({ kind: 'phone', namespace: '', value: verdict.e164 });
      break;
    case 'refused':
      refusal = { code: verdict.code, path: '/person/phone', hint: verdict.hint };
      break;
    case 'other_identity':
    case 'empty':
      refusal = { code: 'phone_empty', path: '/person/phone', hint: EMPTY_HINT };
      break;
  }
  const wechatTyped = cleanText(person.wechat) ?? (verdict.kind === 'other_identity' ? verdict.wechat : undefined);
  const wechat = wechatTyped === undefined ? null : wechatId(wechatTyped);
  if (wechat !== null) identities.push({ kind: 'wechat', namespace: '', value: wechat });
  if (wechatTyped !== undefined && wechat === null) warnings.push('wechat_unusable');
  if (person.wecom !== undefined) {
    identities.push({ kind: 'wecom', namespace: person.wecom.corp_id, value: person.wecom.external_user_id });
  }
  // A relay number expires and is shared: the platform's own lead id is who this is.
  if (refusal?.code === 'phone_relay' && external !== undefined) {
    identities.push({ kind: 'platform_lead', namespace: source.id, value: external });
  }
  if (refusal !== null && identities.length > 0) {
    if (refusal.code !== 'phone_empty') warnings.push(refusal.code);
    refusal = null;
  }
  return {
    identities: byRank(identities),
    phone,
    strayWechat: wechat === null ? wechatTyped : undefined,
    refusal,
  };
}

const EMPTY_HINT = 'Give person.phone, person.wechat or person.wecom: one of them is who the lead is.';
const RELAY_HINT = "A privacy relay number is nobody's own: send external_id (the platform's lead id) with it.";

function readFields(draft: Draft, source: SourceRules, strayWechat: string | undefined): Fields {
  const { phone: _phone, phone_kind: _kind, wechat: _wechat, wecom: _wecom, ...person } = draft.person ?? {};
  const groups = {
    advertiser: cleanGroup({ ...source.defaults.advertiser, ...draft.advertiser }),
    traffic: cleanGroup({ ...source.defaults.traffic, ...draft.traffic }),
    person: cleanGroup<Person>(person),
    product: cleanGroup(draft.product),
    intent: cleanGroup(draft.intent),
    campaign: cleanGroup({ ...source.defaults.campaign, ...draft.campaign }),
    clear: draft.clear,
    extra: readExtra(draft, strayWechat),
  };
  const fields: Record<string, unknown> = {};
  for (const [name, group] of Object.entries(groups)) {
    if (group !== undefined && Object.keys(group).length > 0) fields[name] = group;
  }
  return fields as Fields;
}

/** What has no group: as it was given, with a WeChat text that names nobody and the visitor of pages beside it. */
function readExtra(draft: Draft, strayWechat: string | undefined): Fields['extra'] {
  const visitor = cleanText(draft.visitor_id);
  if (strayWechat === undefined && visitor === undefined) return draft.extra;
  return {
    ...draft.extra,
    ...(strayWechat === undefined ? {} : { wechat: strayWechat }),
    ...(visitor === undefined ? {} : { visitor_id: visitor }),
  };
}

function readMoment(draft: Draft, arrival: Arrival): { readonly at: Instant; readonly refusal: Refusal | null } {
  const typed = cleanText(draft.occurred_at);
  if (typed === undefined) return { at: arrival.receivedAt, refusal: null };
  const at = parseInstant(typed);
  if (at !== null) return { at, refusal: null };
  const hint = 'Give an ISO 8601 moment with its zone, such as 2026-06-01T12:30:00+08:00, not before 2000.';
  return { at: arrival.receivedAt, refusal: { code: 'date_invalid', path: '/occurred_at', hint } };
}

function readConsents(draft: Draft, occurredAt: Instant, warnings: string[]): readonly DatedConsent[] {
  return (draft.consents ?? []).map((statement) => {
    const at = statement.at === undefined ? occurredAt : parseInstant(statement.at);
    if (at === null) warnings.push('consent_date_invalid');
    return {
      purpose: statement.purpose,
      granted: statement.granted,
      at: at ?? occurredAt,
      ...(statement.text_version === undefined ? {} : { textVersion: statement.text_version }),
      ...(statement.proof === undefined ? {} : { proof: statement.proof }),
    };
  });
}

/** Campaign and form of the noise rule, or null when none is named. */
function campaignKey({ campaign, traffic }: Fields): string | null {
  const parts = [campaign?.id ?? campaign?.name, traffic?.campaign_id, traffic?.form_id];
  return parts.every((part) => part === undefined) ? null : parts.map((part) => part ?? '').join('|');
}

/** What the noise fingerprint is over: person, product, intent and campaign, without ids and times. */
function noiseContent({ person, product, intent, campaign }: Fields): string {
  const { appointment_at: _at, ...wish } = intent ?? {};
  const { id: _id, start: _start, end: _end, ...event } = campaign ?? {};
  return canonicalJson([person ?? {}, product ?? {}, wish, event]);
}
