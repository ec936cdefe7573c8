import { formatInstant } from '../domain/instant.ts';
import { ANSWER_FIELDS, ANSWERS, type Answer, withFullName } from './answers.ts';
import type { Channel, Decoded, DecodeLimits, Push, Setup, Split } from './channel.ts';
import { decodeAgain, decodeBody } from './decode.ts';
import type { FieldMap } from './field-map.ts';
import { fullName } from './full-name.ts';
import { idOf } from './id-of.ts';
import { recordOf } from './record-of.ts';
import { repliesOf } from './replies.ts';
import { empty } from './reply.ts';
import { textOf } from './text-of.ts';
import { without } from './without.ts';

const QUESTION = /^q\d{1,9}_(.+)$/s; // q3_name: the part behind is what the form calls the question

const FIELD_MAP: FieldMap = {
  lists: [ANSWERS],
  synonyms: 'labels',
  ignore: ['pretty', 'submissionID', 'rawRequest', 'type'],
  fields: {
    ...ANSWER_FIELDS,
    occurred_at: { path: 'received_at' },
    'traffic.form_id': { path: 'formID' },
  },
};
const REPLIES = repliesOf(empty(200), empty);

/** Jotform: one whole submission in each push, its answers as JSON in the part rawRequest (api-evangelist/jotform). */
export const jotform: Channel = {
  kind: 'jotform',
  title: 'Jotform',
  secret: 'none',
  credentials: {},
  settings: { type: 'object', additionalProperties: false, properties: {} },
  defaults: { channel: null, touchKind: 'form', completesLater: false, updateSemantics: false },
  handshake: () => null,
  authenticate: () => ({ kind: 'authentic' }),
  decode,
  split,
  fieldMap: FIELD_MAP,
  acknowledge: (as) => REPLIES[as],
  fetch: null,
};

async function decode(push: Push, _setup: Setup, limits: DecodeLimits): Promise<Decoded> {
  const decoded = await decodeBody(push, limits);
  const body = decoded.kind === 'decoded' ? recordOf(decoded.value) : null;
  if (body === null || !Object.hasOwn(body, 'rawRequest')) return decoded;
  return { kind: 'decoded', value: { ...body, rawRequest: decodeAgain(body['rawRequest'], limits) } };
}

function split(value: unknown, push: Push): Split {
  const body = recordOf(value);
  const request = recordOf(body?.['rawRequest']);
  const asked = Object.entries(request ?? {}).flatMap(([key, said]) => {
    const label = QUESTION.exec(key)?.[1];
    return label === undefined ? [] : [{ label, value: joined(said) }];
  });
  if (body === null || asked.length === 0)
    return { kind: 'unmappable', detail: 'The body has no rawRequest with answers.' };
  const answers: readonly Answer[] = withFullName(asked);
  return {
    kind: 'items',
    items: [
      {
        kind: 'lead',
        deliveryId: null,
        externalId: idOf(body, ['submissionID']),
        // Beside the answers rawRequest holds the browser's own state, which says nothing of the lead.
        content: { formID: textOf(body['formID']), submissionID: idOf(body, ['submissionID']), answers },
        // The push names no time, and a date among the answers is not when they were given.
        record: { ...without(body, ['rawRequest']), received_at: formatInstant(push.receivedAt), answers },
        draft: {},
        reference: null,
        alone: value,
      },
    ],
  };
}

/** A question of several boxes as one text: names, phones, dates and addresses; any other value as it is. */
function joined(said: unknown): unknown {
  const boxes = recordOf(said);
  if (boxes === null) return said;
  const box = (name: string) => textOf(boxes[name]);
  if ('first' in boxes || 'last' in boxes) return fullName(box('first'), box('last')) ?? said;
  if ('full' in boxes) return box('full') ?? said;
  if ('phone' in boxes) {
    const country = box('country')?.replace(/^\+?/, '+') ?? '';
    return box('phone') === null ? said : `${country}${box('area') ?? ''}${box('phone')}`;
  }
  if ('year' in boxes && 'month' in boxes && 'day' in boxes) {
    return [box('year'), box('month')?.padStart(2, '0'), box('day')?.padStart(2, '0')].filter(Boolean).join('-');
  }
  const texts = Object.values(boxes)
    .map(textOf)
    .filter((text) => text !== null);
  return texts.length === 0 ? said : texts.join(' ');
}
