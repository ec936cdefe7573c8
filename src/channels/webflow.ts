import { ANSWER_FIELDS, ANSWERS, answersOfRecord, withFullName } from './answers.ts';
import type { Authenticity, Channel, Push, Setup, Split } from './channel.ts';
import { decodeBody } from './decode.ts';
import type { FieldMap } from './field-map.ts';
import { idOf } from './id-of.ts';
import { recordOf } from './record-of.ts';
import { repliesOf } from './replies.ts';
import { empty } from './reply.ts';
import { verify } from './signature.ts';
import { TIME_COLON_BODY } from './signature-presets.ts';
import { textOf } from './text-of.ts';
import { without } from './without.ts';

const FIELD_MAP: FieldMap = {
  lists: [ANSWERS],
  synonyms: 'labels',
  ignore: ['id'],
  fields: {
    ...ANSWER_FIELDS,
    occurred_at: { path: 'submittedAt' },
    'traffic.form_id': [{ path: 'formId' }, { path: 'form_name' }],
    'traffic.landing_page': { path: 'pageUrl' },
  },
};
const REPLIES = repliesOf(empty(200), empty);

/** Webflow forms: one whole submission in each push. */
export const webflow: Channel = {
  kind: 'webflow',
  title: 'Webflow',
  secret: 'optional',
  credentials: {},
  settings: {
    type: 'object',
    additionalProperties: false,
    properties: {
      signed: {
        type: 'boolean',
        default: true,
        description: 'Whether pushes are signed; hooks made in the dashboard are not: then only the address is secret.',
      },
    },
  },
  defaults: { channel: null, touchKind: 'form', completesLater: false, updateSemantics: false },
  handshake: () => null,
  authenticate,
  decode: (push, _setup, limits) => decodeBody(push, limits),
  split,
  fieldMap: FIELD_MAP,
  acknowledge: (as) => REPLIES[as],
  fetch: null,
};

// The signature is good for 5 minutes (skills/webflow-webhooks in hookdeck/webhook-skills).
function authenticate(push: Push, setup: Setup): Authenticity {
  return setup.settings['signed'] === false ? { kind: 'authentic' } : verify(TIME_COLON_BODY, push, setup.secrets);
}

function split(value: unknown): Split {
  const body = recordOf(value);
  const trigger = textOf(body?.['triggerType']);
  if (trigger !== null && trigger !== 'form_submission') {
    return { kind: 'items', items: [{ kind: 'ignored', why: 'topic_unknown' }] };
  }
  const payload = recordOf(body?.['payload']);
  if (payload === null || recordOf(payload['data']) === null) {
    return { kind: 'unmappable', detail: 'The body has no payload with data.' };
  }
  const answers = withFullName(answersOfRecord(payload['data']));
  return {
    kind: 'items',
    items: [
      {
        kind: 'lead',
        deliveryId: null,
        externalId: idOf(payload, ['id']),
        content: payload,
        // The name of a submission is that of its form, not of the person.
        record: { ...without(payload, ['data', 'name']), form_name: payload['name'] ?? null, answers },
        draft: {},
        reference: null,
        alone: value,
      },
    ],
  };
}
