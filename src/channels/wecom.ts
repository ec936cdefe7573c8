import type { Channel, Decoded, DecodeLimits, Handshake, LeadItem, Push, Setup, Split } from './channel.ts';
import { decodeXml } from './decode.ts';
import { idOf } from './id-of.ts';
import { recordOf } from './record-of.ts';
import { repliesOf } from './replies.ts';
import { empty, text } from './reply.ts';
import { verify } from './signature.ts';
import { textOf } from './text-of.ts';
import { encryptedText, envelopeSignature, opened } from './wecom-envelope.ts';
import { without } from './without.ts';

const REPLIES = repliesOf(empty(200), (status) => empty(status));

/**
 * 企业微信 客户联系: encrypted XML that names a customer and an employee, and never a phone
 * (developer.work.weixin.qq.com/document/path/92130, envelope path/90968).
 */
export const wecom: Channel = {
  kind: 'wecom',
  title: '企业微信 客户联系',
  secret: 'required',
  credentials: {
    encoding_aes_key: {
      description:
        'EncodingAESKey, 43 characters, as the page of the callback shows it; the token beside it is the secret.',
      required: true,
    },
    corp_id: {
      description: '企业 ID (CorpID), as 我的企业 shows it: whatever names another company is refused.',
      required: true,
    },
  },
  settings: { type: 'object', additionalProperties: false, properties: {} },
  defaults: { channel: 'wecom', touchKind: 'consult', completesLater: true, updateSemantics: false },
  handshake,
  authenticate: (push, { secrets }) => verify(envelopeSignature('body:xml.Encrypt'), push, secrets),
  decode,
  split,
  fieldMap: {
    fields: {
      occurred_at: { path: 'CreateTime' },
      'traffic.platform': { constant: 'wecom' },
      'traffic.scene_code': { path: 'State' },
    },
    synonyms: 'none',
    ignore: ['WelcomeCode', 'ToUserName', 'FromUserName', 'MsgType', 'MsgId', 'AgentID'],
  },
  acknowledge: (as) => REPLIES[as],
  fetch: null,
};

/** GET with `echostr`: its text opened, alone, as the platform compares it byte by byte. */
function handshake(push: Push, setup: Setup): Handshake | null {
  if (push.method !== 'GET') return null;
  // A plus that was not escaped would become a space, of which base64 and numbers have none.
  const query = push.query.replaceAll('+', '%2B');
  const echo = new URLSearchParams(query).get('echostr');
  if (echo === null) return null;
  const signed = verify(envelopeSignature('query:echostr'), { ...push, query }, setup.secrets);
  const echoed = signed.kind === 'authentic' ? opened(echo, setup) : null;
  return echoed?.kind === 'text'
    ? { passed: true, reply: text(200, echoed.text) }
    : { passed: false, reply: REPLIES.unauthenticated };
}

function decode(push: Push, setup: Setup, limits: DecodeLimits): Decoded | Promise<Decoded> {
  const encrypted = encryptedText(push, limits);
  if (encrypted === null) return { kind: 'unreadable', detail: 'The body holds no element Encrypt.' };
  const message = opened(encrypted, setup);
  return message.kind === 'fault' ? { kind: 'unreadable', detail: message.detail } : decodeXml(message.text, limits);
}

function split(value: unknown, _push: Push, setup: Setup): Split {
  const root = recordOf(value);
  const event = recordOf(root?.['xml']) ?? root;
  if (event === null) return { kind: 'unmappable', detail: 'The message is no XML element with children.' };
  const external = idOf(event, ['ExternalUserID']);
  if (!isWhoCame(event))
    return { kind: 'items', items: [{ kind: 'ignored', why: isContact(event) ? 'not_a_lead' : 'topic_unknown' }] };
  if (external === null) return { kind: 'unmappable', detail: 'The event names no ExternalUserID.' };
  return { kind: 'items', items: [leadOf(event, external, setup, value)] };
}

function isContact(event: Readonly<Record<string, unknown>>): boolean {
  return event['Event'] === 'change_external_contact' || event['Event'] === 'customer_acquisition';
}

/**
 * Whether a customer came to an employee. An edit is no lead: it says that an employee changed a note and never which, and most come for
 * customers added long ago. Deletions are no request to erase. 获客助手 events without a customer tell of the link or its quota.
 */
function isWhoCame(event: Readonly<Record<string, unknown>>): boolean {
  const change = textOf(event['ChangeType']) ?? '';
  if (event['Event'] === 'customer_acquisition') return idOf(event, ['ExternalUserID']) !== null;
  return event['Event'] === 'change_external_contact' && /^add_(half_)?external_contact$/.test(change);
}

/** One lead per adding: who is added by two employees, or again after years, has come twice. */
function leadOf(
  event: Readonly<Record<string, unknown>>,
  external: string,
  { credentials }: Setup,
  alone: unknown,
): LeadItem {
  const names = ['ChangeType', 'ExternalUserID', 'UserID', 'CreateTime'];
  const adding = names.map((name) => textOf(event[name]) ?? '').join(':');
  return {
    kind: 'lead',
    deliveryId: idOf(event, ['MsgId']) ?? `${textOf(event['FromUserName']) ?? ''}:${adding}`,
    externalId: adding,
    content: without(event, ['WelcomeCode', 'MsgId']),
    record: event,
    draft: {
      external_id: adding,
      person: {
        wecom: { corp_id: credentials['corp_id'] ?? textOf(event['ToUserName']) ?? '', external_user_id: external },
      },
    },
    reference: null,
    alone,
  };
}
