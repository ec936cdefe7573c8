import { withAnswers } from './answer-list.ts';
import type { Authenticity, Channel, Item, LeadItem, Push, Setup, Split } from './channel.ts';
import { clueKind } from './clue-kind.ts';
import { CLUE_ANSWERS, CLUE_LEVELS, CLUE_MAP } from './clue-map.ts';
import { decodeAgain, decodeBody } from './decode.ts';
import { idOf } from './id-of.ts';
import { levelNames } from './level-names.ts';
import { NESTED_LIMITS } from './nested-limits.ts';
import { OCEAN_REPLIES, oceanHandshake } from './ocean-reply.ts';
import { platformDraft } from './platform-draft.ts';
import { recordOf } from './record-of.ts';
import { isListed, listSetting, numberSetting } from './setting.ts';
import { hmacBody, verify } from './signature.ts';
import { signedTime } from './signed-time.ts';
import { textOf } from './text-of.ts';

const MAX_AGE_SECONDS = 3_600;
const LEAD_MARKS = ['clue_id', 'telephone', 'telphone', 'phone'];
const AD_PREVIEW = '4'; // clue_source: 0 external traffic, 1 normal, 2 imported, 3 abnormal submit, 4 ad preview, 5 抖音 IM, 6 鲁班

const SCHEME = hmacBody({ header: 'x-open-signature', prefix: '', algorithm: 'sha256', encoding: 'hex' });

/** 巨量引擎 open platform: subscription push by SPI, after bububa/oceanengine marketing-api/model/spi; an envelope with JSON text in `data`. */
export const oceanEngine: Channel = {
  kind: 'ocean-engine',
  title: '巨量引擎 开放平台 SPI',
  secret: 'required',
  credentials: {},
  settings: {
    type: 'object',
    additionalProperties: false,
    properties: {
      max_age_seconds: {
        type: 'integer',
        minimum: 0,
        maximum: 86_400,
        default: MAX_AGE_SECONDS,
        description: 'How far the signed `timestamp` may be from now, in seconds; 0 turns the check off.',
      },
      lead_topics: {
        type: 'array',
        maxItems: 50,
        items: { type: 'string', maxLength: 200 },
        default: [],
        description:
          'Topics (`service_label`) that carry leads, `*` at the end for any rest; empty: every topic whose data holds a clue id or a phone.',
      },
    },
  },
  defaults: { channel: 'douyin', touchKind: 'form', completesLater: true, updateSemantics: true },
  handshake: oceanHandshake,
  authenticate,
  decode: (push, _setup, limits) => decodeBody(push, limits),
  split,
  fieldMap: { ...CLUE_MAP, fields: { ...CLUE_MAP.fields, 'person.district': { path: 'country_name' } } },
  acknowledge: (as) => OCEAN_REPLIES[as],
  fetch: null,
};

function authenticate(push: Push, setup: Setup): Authenticity {
  const signed = verify(SCHEME, push, setup.secrets);
  if (signed.kind === 'refused') return signed;
  return signedTime(deliveredAt(push.body), push, numberSetting(setup, 'max_age_seconds', MAX_AGE_SECONDS));
}

/** `timestamp` of a body whose signature holds; null where there is none: nobody but the platform can have left it out. */
function deliveredAt(body: Uint8Array): number | null {
  try {
    const millis = textOf(recordOf(JSON.parse(new TextDecoder().decode(body)))?.['timestamp']);
    return millis === null ? null : Number(millis);
  } catch {
    return null;
  }
}

function split(value: unknown, _push: Push, setup: Setup): Split {
  const envelope = recordOf(value);
  if (envelope === null) return { kind: 'unmappable', detail: 'The body is no JSON object.' };
  const data = decodeAgain(envelope['data'], NESTED_LIMITS);
  const list = Array.isArray(data) ? data : [data];
  const topics = listSetting(setup, 'lead_topics');
  const topic = textOf(envelope['service_label']) ?? '';
  if (topics !== null && !isListed(topics, topic)) return { kind: 'items', items: [IGNORED] };
  const items = list.map((element, i): Item | null => {
    const record = recordOf(element);
    if (record === null) return topics === null ? IGNORED : null;
    if (topics === null && idOf(record, LEAD_MARKS) === null) return IGNORED;
    return leadOf(record, list.length === 1 ? envelope : oneOf(envelope, element, i));
  });
  const leads = items.filter((item) => item !== null);
  return leads.length === items.length && leads.length > 0
    ? { kind: 'items', items: leads }
    : { kind: 'unmappable', detail: 'The data of a topic that carries leads is no JSON object.' };
}

const IGNORED: Item = { kind: 'ignored', why: 'topic_unknown' };

/** The envelope of one lead of several: the platform gave one id to all, and an id stands for one lead only. */
function oneOf(
  envelope: Readonly<Record<string, unknown>>,
  element: unknown,
  i: number,
): Readonly<Record<string, unknown>> {
  const id = idOf(envelope, ['message_id']);
  return { ...envelope, ...(id === null ? {} : { message_id: `${id}#${i}` }), data: [element] };
}

function leadOf(data: Readonly<Record<string, unknown>>, envelope: Readonly<Record<string, unknown>>): LeadItem {
  const advertisers = envelope['advertiser_ids'];
  const advertiser = idOf(data, ['advertiser_id']) ?? textOf(Array.isArray(advertisers) ? advertisers[0] : null);
  const externalId = idOf(data, ['clue_id', 'id']);
  return {
    kind: 'lead',
    deliveryId: idOf(envelope, ['message_id']),
    externalId,
    content: { topic: envelope['service_label'], data },
    record: withAnswers(advertiser === null ? data : { ...data, advertiser_id: advertiser }, CLUE_ANSWERS),
    draft: platformDraft({
      externalId,
      test: textOf(data['clue_source']) === AD_PREVIEW ? 'test' : 'real',
      kind: clueKind(data['clue_type']),
      levels: levelNames(data, CLUE_LEVELS),
      clickIdKind: idOf(data, ['req_id']) === null ? null : 'req_id',
    }),
    reference: null,
    alone: envelope,
  };
}
