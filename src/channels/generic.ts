import { CANONICAL_FIELDS } from './canonical-field.ts';
import type { Authenticity, Channel, KindDefaults, Push, Setup } from './channel.ts';
import { decodeBody } from './decode.ts';
import type { FieldMap } from './field-map.ts';
import { GENERIC_ACK, genericReply } from './generic-ack.ts';
import { GENERIC_HANDSHAKE, genericHandshake } from './generic-handshake.ts';
import { genericSplit } from './generic-split.ts';
import { readScheme } from './read-scheme.ts';
import { verify } from './signature.ts';
import { NAMED_SCHEMES } from './signature-presets.ts';

/** What a kind that is built on the generic one has for its own. */
export interface GenericLikes {
  readonly defaults?: KindDefaults;
  readonly fieldMap?: FieldMap; // absent: the canonical body, and the header vocabulary
  readonly settings?: Readonly<Record<string, unknown>>; // what holds where a source does not say otherwise
}

const NO_DEFAULTS: KindDefaults = { channel: null, touchKind: null, completesLater: false, updateSemantics: false };
const PLACE = { type: 'string', maxLength: 200 } as const;

/** The map of a body of one's own: the canonical body by its own names, flat or nested, and whatever the header vocabulary knows. */
export const CANONICAL_MAP: FieldMap = {
  fields: Object.fromEntries(CANONICAL_FIELDS.map((field) => [field, { path: field }])),
  synonyms: 'all',
};

const SETTINGS: Channel['settings']['properties'] = {
  scheme: {
    type: ['string', 'object'],
    default: 's4',
    description: `How pushes are signed: ${Object.keys(NAMED_SCHEMES).join(', ')}; an object with method, algorithm, template, encoding, signature and so on, perhaps { like: "s4", … }; or none, which lets in whoever knows the address.`,
  },
  records: {
    ...PLACE,
    pattern: '^[^[\\]]*$',
    default: '',
    description: 'Dotted path of the lead, or of the list of leads, in the body; empty: the body itself.',
  },
  delivery_id: {
    ...PLACE,
    description:
      'Id of the push, the same when it is sent again: header:NAME, query:NAME, body:PATH, or a path of the lead.',
  },
  external_id: { ...PLACE, default: 'external_id', description: 'Id of the lead, written as delivery_id is.' },
  test: { ...PLACE, default: 'test', description: 'What tells a test lead, written as delivery_id is.' },
  test_values: {
    type: 'array',
    maxItems: 50,
    items: { type: 'string', maxLength: 200 },
    default: ['true', '1', 'yes', 'test', '测试'],
    description: 'The values of `test` that make a lead a test, in either case.',
  },
  handshake: GENERIC_HANDSHAKE,
  ack: GENERIC_ACK,
};

/** A kind of source that is all settings, beginning with those that are given. */
export function genericChannel(kind: string, title: string, likes: GenericLikes): Channel {
  const { defaults = NO_DEFAULTS, fieldMap = CANONICAL_MAP, settings = {} } = likes;
  const whole = (setup: Setup): Setup => ({ ...setup, settings: { ...settings, ...setup.settings } });
  const properties = Object.entries(SETTINGS).map(([name, schema]) => [
    name,
    Object.hasOwn(settings, name) ? { ...schema, default: settings[name] } : schema,
  ]);
  return {
    kind,
    title,
    secret: 'optional',
    credentials: {},
    settings: { type: 'object', additionalProperties: false, properties: Object.fromEntries(properties) },
    defaults,
    handshake: (push, setup) => genericHandshake(push, whole(setup)),
    authenticate: (push, setup) => authenticate(push, whole(setup)),
    decode: (push, _setup, limits) => decodeBody(push, limits),
    split: (value, push, setup) => genericSplit(value, push, whole(setup)),
    fieldMap,
    acknowledge: (as, setup) => genericReply(as, whole(setup)),
    fetch: null,
  };
}

/** Whatever posts JSON, a form or XML: landing-page vendors, agencies, in-house systems. */
export const generic: Channel = genericChannel('generic', '通用 Webhook', {});

// Unsigned only where that is said in so many words: a scheme that is mistyped must not open the source.
function authenticate(push: Push, { secrets, settings }: Setup): Authenticity {
  const scheme = readScheme(settings['scheme'] ?? 's4');
  if (scheme === 'none') return { kind: 'authentic' };
  return scheme === null
    ? {
        kind: 'refused',
        code: 'secret_missing',
        detail: 'The setting `scheme` is no way of signing that can be checked.',
      }
    : verify(scheme, push, secrets);
}
