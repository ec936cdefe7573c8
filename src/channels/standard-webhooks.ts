import type { Channel, LeadItem, Push, Setup, Split } from './channel.ts';
import { decodeBody } from './decode.ts';
import { CANONICAL_MAP } from './generic.ts';
import { genericSplit } from './generic-split.ts';
import { recordOf } from './record-of.ts';
import { repliesOf } from './replies.ts';
import { empty } from './reply.ts';
import { isListed, listSetting, numberSetting } from './setting.ts';
import { verify } from './signature.ts';
import { STANDARD_WEBHOOKS_SCHEME } from './signature-presets.ts';
import { textOf } from './text-of.ts';
import { without } from './without.ts';

const REPLIES = repliesOf(empty(200), empty);
const TOLERANCE_SECONDS = 300;

type Body = Readonly<Record<string, unknown>> | null;

/** Standard Webhooks 1.0.0: { type, timestamp, data }, signed over id, time and body; for systems of one's own. */
export const standardWebhooks: Channel = {
  kind: 'standard-webhooks',
  title: 'Standard Webhooks',
  secret: 'required',
  secretForm: 'whsec',
  credentials: {},
  settings: {
    type: 'object',
    additionalProperties: false,
    properties: {
      types: {
        type: 'array',
        maxItems: 50,
        items: { type: 'string', maxLength: 200 },
        default: [],
        description: 'Values of `type` that carry leads, `*` at the end for any rest; empty: all.',
      },
      external_id: {
        type: 'string',
        maxLength: 200,
        default: 'external_id',
        description: 'Dotted path of the id of the lead in `data`.',
      },
      tolerance_seconds: {
        type: 'integer',
        minimum: 1,
        maximum: 3_600,
        default: TOLERANCE_SECONDS,
        description: 'How far webhook-timestamp may be from now, to either side.',
      },
    },
  },
  defaults: { channel: null, touchKind: null, completesLater: false, updateSemantics: false },
  handshake: () => null,
  authenticate: (push, setup) => verify(schemeOf(setup), push, setup.secrets),
  decode: (push, _setup, limits) => decodeBody(push, limits),
  split,
  fieldMap: {
    ...CANONICAL_MAP,
    fields: { ...CANONICAL_MAP.fields, occurred_at: [{ path: 'occurred_at' }, { path: 'webhook.timestamp' }] },
    ignore: ['webhook'],
  },
  acknowledge: (as) => REPLIES[as],
  fetch: null,
};

function schemeOf(setup: Setup): typeof STANDARD_WEBHOOKS_SCHEME {
  const { timestamp } = STANDARD_WEBHOOKS_SCHEME;
  const toleranceSeconds = numberSetting(setup, 'tolerance_seconds', TOLERANCE_SECONDS);
  return { ...STANDARD_WEBHOOKS_SCHEME, timestamp: timestamp === null ? null : { ...timestamp, toleranceSeconds } };
}

function split(value: unknown, push: Push, setup: Setup): Split {
  const body = recordOf(value);
  const data = recordOf(body?.['data']);
  const types = listSetting(setup, 'types');
  if (types !== null && !isListed(types, textOf(body?.['type']) ?? '')) {
    return { kind: 'items', items: [{ kind: 'ignored', why: 'topic_unknown' }] };
  }
  const { external_id = 'external_id' } = setup.settings;
  const settings = { scheme: 'none', delivery_id: 'header:webhook-id', external_id };
  const found = genericSplit(data ?? value, push, { ...setup, settings });
  if (found.kind === 'unmappable') return found;
  const of = data === null ? 'body' : 'data';
  return {
    kind: 'items',
    items: found.items.map((item) => (item.kind === 'lead' ? enveloped(item, body, value, of) : item)),
  };
}

/** A lead with what the envelope says of it: the time of the event is a last resort for that of the lead, and no content. */
function enveloped(item: LeadItem, body: Body, value: unknown, of: 'data' | 'body'): LeadItem {
  if (of === 'body') return { ...item, content: without(recordOf(item.content) ?? {}, ['timestamp']) };
  const webhook = without(body ?? {}, ['data']);
  return {
    ...item,
    content: { type: body?.['type'] ?? null, data: item.content },
    record: Object.hasOwn(item.record, 'webhook') ? item.record : { ...item.record, webhook },
    alone: value,
  };
}
