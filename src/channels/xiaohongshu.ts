import { withAnswers } from './answer-list.ts';
import type { Channel, LeadItem, Split } from './channel.ts';
import { decodeAgain, decodeBody } from './decode.ts';
import { idOf } from './id-of.ts';
import { levelNames } from './level-names.ts';
import { NESTED_LIMITS } from './nested-limits.ts';
import { platformDraft } from './platform-draft.ts';
import { recordOf } from './record-of.ts';
import { repliesOf } from './replies.ts';
import { json } from './reply.ts';
import { hmacBody } from './signature.ts';
import { signedWhereSecret } from './signed-where-secret.ts';
import { XIAOHONGSHU_LEVELS, XIAOHONGSHU_MAP } from './xiaohongshu-map.ts';

const SCHEME = hmacBody({ header: 'x-red-signature', prefix: 'sha1=', algorithm: 'sha1', encoding: 'hex' });

const REPLIES = repliesOf(json(200, { code: 0, message: 'success' }), (status, message) =>
  json(status, { code: -1, message }),
);

/** 小红书 聚光: 落地页表单 and 私信留资 pushes in one kind, told apart by their shape; one id is sent again as the lead changes. */
export const xiaohongshu: Channel = {
  kind: 'xiaohongshu',
  title: '小红书 聚光 表单 / 私信留资',
  secret: 'optional',
  credentials: {},
  settings: { type: 'object', additionalProperties: false, properties: {} },
  defaults: { channel: 'xhs', touchKind: 'form', completesLater: true, updateSemantics: true },
  handshake: () => null,
  authenticate: signedWhereSecret(SCHEME),
  decode: (push, _setup, limits) => decodeBody(push, limits),
  split,
  fieldMap: XIAOHONGSHU_MAP,
  acknowledge: (as) => REPLIES[as],
  fetch: null,
};

function split(value: unknown): Split {
  const envelope = recordOf(value);
  const written = envelope?.['data'];
  const data = recordOf(decodeAgain(written, NESTED_LIMITS));
  if (data === null) return { kind: 'unmappable', detail: 'The body holds no object `data`.' };
  const leadsId = idOf(data, ['leads_id']);
  if (leadsId !== null || data['data'] !== undefined) return one(leadOf(data, leadsId, 'form', value));
  const id = idOf(data, ['id']);
  if (id !== null) return one(leadOf(data, `im:${id}`, 'consult', value));
  return {
    kind: 'unmappable',
    detail: 'The data holds neither `leads_id` nor a list of answers nor the `id` of a 私信.',
  };
}

function one(item: LeadItem): Split {
  return { kind: 'items', items: [item] };
}

/** Ids of forms and of 私信 are counted apart by the platform: without the `im:` one might be taken for a change of the other. */
function leadOf(
  data: Readonly<Record<string, unknown>>,
  externalId: string | null,
  kind: 'form' | 'consult',
  alone: unknown,
): LeadItem {
  return {
    kind: 'lead',
    deliveryId: null, // the content stands for it: the same id comes again with other content
    externalId,
    content: data,
    record: withAnswers(data, ['data']),
    draft: platformDraft({
      externalId,
      test: 'real',
      kind,
      levels: levelNames(data, XIAOHONGSHU_LEVELS),
      clickIdKind: null,
    }),
    reference: null,
    alone,
  };
}
