import type { Authenticity, Channel, Push, Setup, Split } from './channel.ts';
import { decodeAgain, decodeBody } from './decode.ts';
import { CANONICAL_MAP } from './generic.ts';
import { genericSplit } from './generic-split.ts';
import { NESTED_LIMITS } from './nested-limits.ts';
import { recordOf } from './record-of.ts';
import { repliesOf } from './replies.ts';
import { empty } from './reply.ts';
import { textSetting } from './setting.ts';
import { hmacBody, verify } from './signature.ts';

const REPLIES = repliesOf(empty(200), empty);
const HEADER = 'x-hub-signature-256';

/** Whatever signs its body as GitHub does, sha256= and the hex HMAC; after skills/github-webhooks in hookdeck/webhook-skills. */
export const githubStyle: Channel = {
  kind: 'github-style',
  title: 'GitHub-style webhooks',
  secret: 'required',
  credentials: {},
  settings: {
    type: 'object',
    additionalProperties: false,
    properties: {
      signature_header: {
        type: 'string',
        maxLength: 100,
        default: HEADER,
        description: 'The header of the signature, for senders that name it otherwise.',
      },
      records: {
        type: 'string',
        maxLength: 200,
        pattern: '^[^[\\]]*$',
        default: '',
        description: 'Dotted path of the lead, or of the list of leads, in the body; empty: the body itself.',
      },
      external_id: {
        type: 'string',
        maxLength: 200,
        default: 'external_id',
        description: 'Dotted path of the id of the lead, in the lead.',
      },
    },
  },
  defaults: { channel: null, touchKind: null, completesLater: false, updateSemantics: false },
  handshake: () => null,
  authenticate,
  decode: (push, _setup, limits) => decodeBody(push, limits),
  split,
  fieldMap: CANONICAL_MAP,
  acknowledge: (as) => REPLIES[as],
  fetch: null,
};

function authenticate(push: Push, setup: Setup): Authenticity {
  const header = textSetting(setup, 'signature_header', HEADER).toLowerCase();
  return verify(hmacBody({ header, prefix: 'sha256=', algorithm: 'sha256', encoding: 'hex' }), push, setup.secrets);
}

function split(value: unknown, push: Push, setup: Setup): Split {
  if (push.headers['x-github-event'] === 'ping') return { kind: 'items', items: [{ kind: 'ignored', why: 'ping' }] };
  const { records = '', external_id = 'external_id' } = setup.settings;
  const settings = { scheme: 'none', delivery_id: 'header:x-github-delivery', records, external_id };
  // GitHub's own form type has the JSON in one field.
  const payload = recordOf(value)?.['payload'];
  const inner = typeof payload === 'string' ? decodeAgain(payload, NESTED_LIMITS) : value;
  return genericSplit(typeof inner === 'object' ? inner : value, push, { ...setup, settings });
}
