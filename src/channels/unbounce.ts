import { formatInstant } from '../domain/instant.ts';
import { ANSWER_FIELDS, ANSWERS, answersOfRecord, withFullName } from './answers.ts';
import type { Authenticity, Channel, Decoded, DecodeLimits, Push, Setup, Split } from './channel.ts';
import { decodeAgain, decodeBody } from './decode.ts';
import type { FieldMap } from './field-map.ts';
import { recordOf } from './record-of.ts';
import { repliesOf } from './replies.ts';
import { empty } from './reply.ts';
import { verify } from './signature.ts';
import { sharedKey } from './signature-presets.ts';
import { without } from './without.ts';

const KEY_HEADER = 'x-webhook-token';
const DATA = ['data.json', 'data_json', 'data', 'form_data']; // where the form's fields are, by how the hook was set up
const ENVELOPE = ['page_id', 'page_url', 'page_name', 'page_uuid', 'variant'];
type Body = Readonly<Record<string, unknown>>;

const FIELD_MAP: FieldMap = {
  lists: [ANSWERS],
  synonyms: 'labels',
  fields: {
    ...ANSWER_FIELDS,
    occurred_at: { path: 'received_at' },
    'traffic.form_id': [{ path: 'page_id' }, { path: 'page_uuid' }],
    'traffic.landing_page': { path: 'page_url' },
  },
};
const REPLIES = repliesOf(empty(200), empty);

/** Unbounce landing pages: one whole submission in each push, with no id of its own, so that its content stands for it. */
export const unbounce: Channel = {
  kind: 'unbounce',
  title: 'Unbounce',
  secret: 'optional',
  credentials: {},
  settings: {
    type: 'object',
    additionalProperties: false,
    properties: {
      key_header: {
        type: 'string',
        pattern: '^[A-Za-z0-9-]{1,64}$',
        default: KEY_HEADER,
        description: 'Name of the custom header of the hook that holds the secret of the source.',
      },
    },
  },
  defaults: { channel: null, touchKind: 'form', completesLater: false, updateSemantics: false },
  handshake: () => null,
  authenticate,
  decode,
  split,
  fieldMap: FIELD_MAP,
  acknowledge: (as) => REPLIES[as],
  fetch: null,
};

// The platform signs nothing: a source without a secret takes every push that knows its address, unless a header is named.
function authenticate(push: Push, setup: Setup): Authenticity {
  const named = setup.settings['key_header'];
  if (setup.secrets.length === 0 && named === undefined) return { kind: 'authentic' };
  const name = typeof named === 'string' ? named.toLowerCase() : KEY_HEADER;
  return verify(sharedKey({ in: 'header', name }), push, setup.secrets);
}

async function decode(push: Push, _setup: Setup, limits: DecodeLimits): Promise<Decoded> {
  const decoded = await decodeBody(push, limits);
  const body = decoded.kind === 'decoded' ? recordOf(decoded.value) : null;
  if (body === null) return decoded;
  const inner = DATA.filter((name) => typeof body[name] === 'string');
  const again = inner.map((name) => [name, decodeAgain(body[name], limits)] as const);
  return { kind: 'decoded', value: { ...unwrapped(body), ...Object.fromEntries(again) } };
}

/** An XML document comes under the name of its root: its members count as those of the body. */
function unwrapped(body: Body): Body {
  const [only, ...others] = Object.entries(body);
  const root = only === undefined || others.length > 0 || DATA.includes(only[0]) ? null : recordOf(only[1]);
  return root ?? body;
}

function split(value: unknown, push: Push): Split {
  const body = recordOf(value);
  // data.xml says the same once more.
  const content = body === null ? {} : without(body, ['data.xml', 'data_xml']);
  const name = DATA.find((name) => recordOf(content[name]) !== null);
  const envelope = name === undefined ? pick(content, ENVELOPE) : without(content, [name]);
  const data = name === undefined ? without(content, ENVELOPE) : content[name];
  const answers = withFullName(answersOfRecord(data));
  if (answers.length === 0) return { kind: 'unmappable', detail: 'The body has no fields of a form.' };
  return {
    kind: 'items',
    items: [
      {
        kind: 'lead',
        deliveryId: null,
        externalId: null,
        content,
        // The time that the form gives has no certain shape, and a date among the answers is not when they were given.
        record: { ...envelope, received_at: formatInstant(push.receivedAt), answers },
        draft: {},
        reference: null,
        alone: value,
      },
    ],
  };
}

function pick(body: Body, names: readonly string[]): Body {
  return Object.fromEntries(Object.entries(body).filter(([name]) => names.includes(name)));
}
