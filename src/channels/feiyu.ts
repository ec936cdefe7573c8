import { withAnswers } from './answer-list.ts';
import type { Authenticity, Channel, LeadItem, Push, Setup, Split } from './channel.ts';
import { clueKind } from './clue-kind.ts';
import { CLUE_ANSWERS, CLUE_LEVELS, CLUE_MAP } from './clue-map.ts';
import { decodeBody } from './decode.ts';
import { ACK_SCHEMA, feiyuReplies } from './feiyu-ack.ts';
import { idOf } from './id-of.ts';
import { levelNames } from './level-names.ts';
import { ownNames } from './own-names.ts';
import { platformDraft, type Testing } from './platform-draft.ts';
import { recordOf } from './record-of.ts';
import { verify } from './signature.ts';
import { TARGET_SPACE_TIME } from './signature-presets.ts';
import { textOf } from './text-of.ts';
import { without } from './without.ts';

const AD_PREVIEW = '广告预览';

/** 飞鱼CRM: the push rule that the advertiser sets up in the console, where field names and answer are the advertiser's own. */
export const feiyu: Channel = {
  kind: 'feiyu',
  title: '飞鱼CRM 线索推送',
  secret: 'optional',
  credentials: {},
  settings: {
    type: 'object',
    additionalProperties: false,
    properties: {
      field_names: {
        type: 'object',
        maxProperties: 200,
        additionalProperties: { type: 'string', maxLength: 200 },
        default: {},
        description:
          "The translate map of the push rule: the platform's field to the name that you gave it, such as telphone to address.phone; a name with dots is one flat key.",
      },
      ack: ACK_SCHEMA,
      verify: {
        type: 'string',
        enum: ['off', 's12'],
        default: 'off',
        description:
          "Whether the headers Signature and Timestamp are checked with the rule's secretkey, as the platform's pull interface signs. Not confirmed for pushes: turn it on after seeing a signed push. While off, a secret is not used.",
      },
    },
  },
  defaults: { channel: 'douyin', touchKind: 'form', completesLater: false, updateSemantics: true },
  handshake: () => null,
  authenticate,
  decode: (push, _setup, limits) => decodeBody(push, limits),
  split,
  fieldMap: CLUE_MAP,
  acknowledge: (as, setup) => feiyuReplies(setup)[as],
  fetch: null,
};

function authenticate(push: Push, { secrets, settings }: Setup): Authenticity {
  return settings['verify'] === 's12' ? verify(TARGET_SPACE_TIME, push, secrets) : { kind: 'authentic' };
}

function split(value: unknown, _push: Push, setup: Setup): Split {
  const records = (Array.isArray(value) ? value : [value]).map(recordOf);
  const leads = records.filter((record) => record !== null && Object.keys(record).length > 0);
  return leads.length === records.length && leads.length > 0
    ? { kind: 'items', items: leads.map((record) => leadOf(record ?? {}, setup)) }
    : { kind: 'unmappable', detail: 'The body holds no lead: neither an object with members nor a list of such.' };
}

function leadOf(pushed: Readonly<Record<string, unknown>>, { settings }: Setup): LeadItem {
  const record = ownNames(pushed, settings['field_names']);
  const externalId = idOf(record, ['clue_id', 'id']);
  return {
    kind: 'lead',
    deliveryId: null,
    externalId,
    content: without(record, ['modify_time']),
    record: withAnswers(record, CLUE_ANSWERS),
    draft: platformDraft({
      externalId,
      test: testing(record),
      kind: clueKind(record['clue_type']),
      levels: levelNames(record, CLUE_LEVELS),
      clickIdKind: idOf(record, ['req_id']) === null ? null : 'req_id',
    }),
    reference: null,
    alone: pushed,
  };
}

function testing(record: Readonly<Record<string, unknown>>): Testing {
  const states = [record['convert_status'], record['clue_convert_status']];
  return states.some((state) => textOf(state)?.includes(AD_PREVIEW)) ? 'test' : 'real';
}
