import type { Channel, Item, Push, Split } from './channel.ts';
import { decodeAgain, decodeBody } from './decode.ts';
import { idOf } from './id-of.ts';
import { NESTED_LIMITS } from './nested-limits.ts';
import { platformDraft } from './platform-draft.ts';
import { recordOf } from './record-of.ts';
import { repliesOf } from './replies.ts';
import { empty } from './reply.ts';
import { verify } from './signature.ts';
import { SECRET_THEN_BODY } from './signature-presets.ts';
import { textOf } from './text-of.ts';
import { verifyWebhook } from './verify-webhook.ts';

const REPLIES = repliesOf(empty(200), (status) => empty(status));

/**
 * 抖音开放平台 webhooks: of the private messages, a 留资卡片 is a lead
 * (developer.open-douyin.com/docs/resource/zh-CN/dop/develop/webhooks/summarize and …/private-message/private-msg-webhook).
 */
export const douyin: Channel = {
  kind: 'douyin',
  title: '抖音开放平台 webhook',
  secret: 'required',
  credentials: {},
  settings: { type: 'object', additionalProperties: false, properties: {} },
  defaults: { channel: 'douyin', touchKind: 'consult', completesLater: true, updateSemantics: false },
  handshake: verifyWebhook,
  authenticate: (push, { secrets }) => verify(SECRET_THEN_BODY, push, secrets),
  decode: (push, _setup, limits) => decodeBody(push, limits),
  split,
  fieldMap: {
    fields: {
      external_id: { path: 'server_message_id' },
      occurred_at: { path: 'create_time' },
      'person.phone': [{ path: 'telephone' }, { path: 'phone_number' }, { path: 'phone' }, { path: 'telphone' }],
      'person.wechat': { path: 'weixin' },
      'person.name': { path: 'name' },
      'traffic.platform': { constant: 'douyin' },
      'traffic.anchor_id': { path: 'to_user_id' },
    },
    synonyms: 'none',
  },
  acknowledge: (as) => REPLIES[as],
  fetch: null,
};

function split(value: unknown, push: Push): Split {
  const envelope = recordOf(value);
  const event = textOf(envelope?.['event']);
  if (envelope === null || event === null) return { kind: 'unmappable', detail: 'The body names no event.' };
  if (event !== 'im_receive_msg') return ignored('topic_unknown');
  const { content: written } = envelope;
  const content = recordOf(decodeAgain(written, NESTED_LIMITS));
  if (content === null) return { kind: 'unmappable', detail: 'The content of the message is no JSON object.' };
  if (content['message_type'] !== 'retain_consult_card') return ignored('not_a_lead');
  return { kind: 'items', items: [leadOf(content, envelope, push)] };
}

function ignored(why: string): Split {
  return { kind: 'items', items: [{ kind: 'ignored', why }] };
}

function leadOf(
  content: Readonly<Record<string, unknown>>,
  envelope: Readonly<Record<string, unknown>>,
  push: Push,
): Item {
  const externalId = idOf(content, ['server_message_id']);
  const { from_user_id, to_user_id } = envelope;
  return {
    kind: 'lead',
    deliveryId: textOf(push.headers['msg-id']),
    externalId,
    content: { event: envelope['event'], from_user_id, to_user_id, content },
    // The open_id is nobody's identity here: it stays under extra, and the lead waits for its phone.
    record: {
      ...content,
      ...(from_user_id === undefined ? {} : { open_id: from_user_id }),
      ...nameOf(content, from_user_id),
      ...(to_user_id === undefined ? {} : { to_user_id }),
    },
    draft: platformDraft({ externalId, test: 'real', kind: null, levels: {}, clickIdKind: null }),
    reference: null,
    alone: envelope,
  };
}

/** The nick name of who wrote: not a name of a person, so it is kept as what it is. */
function nameOf(content: Readonly<Record<string, unknown>>, openId: unknown): Readonly<Record<string, unknown>> {
  const infos = Array.isArray(content['user_infos']) ? content['user_infos'] : [];
  const info = infos.map(recordOf).find((each) => each !== null && each['open_id'] === openId);
  const nick = textOf(info?.['nick_name']);
  return nick === null ? {} : { nick_name: nick };
}
