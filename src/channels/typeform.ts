import { ANSWER_FIELDS, ANSWERS, type Answer, answersOfRecord, withFullName } from './answers.ts';
import type { Channel, Split } from './channel.ts';
import { decodeBody } from './decode.ts';
import type { FieldMap } from './field-map.ts';
import { idOf } from './id-of.ts';
import { listOf } from './list-of.ts';
import { recordOf } from './record-of.ts';
import { repliesOf } from './replies.ts';
import { empty } from './reply.ts';
import { hmacBody } from './signature.ts';
import type { SignatureScheme } from './signature-scheme.ts';
import { signedWhereSecret } from './signed-where-secret.ts';
import { textOf } from './text-of.ts';
import { without } from './without.ts';

type Body = Readonly<Record<string, unknown>>;

/** HMAC-SHA256 in base64, sent only for hooks that have a secret (AsyncAPI description in api-evangelist/typeform). */
const SIGNATURE: SignatureScheme = hmacBody({
  header: 'typeform-signature',
  prefix: 'sha256=',
  algorithm: 'sha256',
  encoding: 'base64',
});

const FIELD_MAP: FieldMap = {
  lists: [ANSWERS],
  synonyms: 'labels',
  ignore: ['token', 'landed_at'],
  fields: {
    ...ANSWER_FIELDS,
    occurred_at: { path: 'submitted_at' },
    'traffic.form_id': { path: 'form_id' },
  },
};

// 404 and 410 would turn the hook off at once: whatever is kept is answered 200.
const REPLIES = repliesOf(empty(200), empty);

/** Typeform: one whole response in each push; titles of questions are joined to the answers. */
export const typeform: Channel = {
  kind: 'typeform',
  title: 'Typeform',
  secret: 'optional',
  credentials: {},
  settings: { type: 'object', additionalProperties: false, properties: {} },
  defaults: { channel: null, touchKind: 'form', completesLater: false, updateSemantics: false },
  handshake: () => null,
  authenticate: signedWhereSecret(SIGNATURE),
  decode: (push, _setup, limits) => decodeBody(push, limits),
  split,
  fieldMap: FIELD_MAP,
  acknowledge: (as) => REPLIES[as],
  fetch: null,
};

function split(value: unknown): Split {
  const body = recordOf(value);
  const event = textOf(body?.['event_type']);
  if (event !== null && event !== 'form_response') {
    return { kind: 'items', items: [{ kind: 'ignored', why: 'topic_unknown' }] };
  }
  const response = recordOf(body?.['form_response']);
  if (body === null || response === null) return { kind: 'unmappable', detail: 'The body has no form_response.' };
  const content = without(response, ['definition', 'landed_at']);
  return {
    kind: 'items',
    items: [
      {
        kind: 'lead',
        deliveryId: idOf(body, ['event_id']),
        externalId: idOf(response, ['token']),
        content,
        record: { ...without(content, ['answers', 'hidden']), answers: answersOfResponse(response) },
        draft: {},
        reference: null,
        alone: value,
      },
    ],
  };
}

/** The answers under the titles of their questions, and the hidden fields under their names. */
function answersOfResponse(response: Body): readonly Answer[] {
  const titles = titlesOf(recordOf(response['definition'])?.['fields']);
  const said = listOf(response['answers']).flatMap((element) => {
    const answer = recordOf(element) ?? {};
    const field = recordOf(answer['field']) ?? {};
    const type = textOf(answer['type']);
    const label = titles.get(idOf(field, ['id']) ?? '') ?? textOf(field['ref']) ?? textOf(field['id']) ?? type;
    if (label === null || type === null) return [];
    return [{ label, value: chosen(answer[type]), type }];
  });
  return withFullName([...said, ...answersOfRecord(response['hidden'])]);
}

/** Titles by the id of the question; groups hold questions of their own, one level deep. */
function titlesOf(fields: unknown): ReadonlyMap<string, string> {
  const asked = listOf(fields).map((field) => recordOf(field) ?? {});
  const inner = asked
    .flatMap((field) => listOf(recordOf(field['properties'])?.['fields']))
    .map((field) => recordOf(field) ?? {});
  return new Map(
    [...asked, ...inner].flatMap((field) => {
      const id = idOf(field, ['id']);
      const title = textOf(field['title']);
      return id === null || title === null ? [] : [[id, title] as const];
    }),
  );
}

/** The words of a choice or of several, with what was typed under "other"; any other value as it is. */
function chosen(value: unknown): unknown {
  const choice = recordOf(value);
  if (choice === null) return value;
  const labels = Array.isArray(choice['labels']) ? choice['labels'] : [choice['label']];
  const words = [...labels, choice['other']].map(textOf).filter((label) => label !== null);
  if (words.length === 0) return value;
  return words.length === 1 ? words[0] : words;
}
