import type { Acknowledged, Reply, Setup } from './channel.ts';
import { recordOf } from './record-of.ts';
import { repliesOf } from './replies.ts';
import { json } from './reply.ts';

const CLASSES = {
  accepted: 'A push that was kept.',
  unreadable: 'A push that was kept, but cannot be read; as accepted where it is not given.',
  paused: 'A push that was kept while the source is paused; as accepted where it is not given.',
  unauthenticated: 'A push whose signature or key is refused.',
  too_large: 'A push over the size limit.',
  rate_limited: 'A push over a limit of the source.',
  unavailable: 'A push that could not be kept, and is to be sent again.',
} as const;

/** Schema of the setting `ack`: an answer for each class. */
export const GENERIC_ACK: Readonly<Record<string, unknown>> = {
  type: 'object',
  additionalProperties: false,
  default: {},
  description:
    'What the sender is answered. Where nothing is given: 200 with {"code":0,"message":"success"} for what was kept, else 401, 413, 429 or 503 with that code and a message.',
  properties: Object.fromEntries(
    Object.entries(CLASSES).map(([name, description]) => [
      name,
      {
        type: 'object',
        additionalProperties: false,
        description,
        properties: {
          status: {
            type: 'integer',
            minimum: 200,
            maximum: 599,
            description: 'HTTP status; never 404 or 410, at which senders give up.',
          },
          content_type: {
            type: 'string',
            maxLength: 100,
            description: 'application/json where the body is an object.',
          },
          body: { type: ['string', 'object'], description: 'The text, or an object that is sent as JSON.' },
        },
      },
    ]),
  ),
};

const USUAL = repliesOf(json(200, { code: 0, message: 'success' }), (status, message) =>
  json(status, { code: status, message }),
);

const HEADER_TEXT = /^[\x20-\x7e]+$/; // anything else would end in a 500 behind every push, kept though it is

/** The answer of a source that says itself what its sender needs. */
export function genericReply(as: Acknowledged, { settings }: Setup): Reply {
  const ack = recordOf(settings['ack']) ?? {};
  const kept = as === 'unreadable' || as === 'paused';
  const given = recordOf(ack[as]) ?? (kept ? recordOf(ack['accepted']) : null);
  if (given === null) return USUAL[as];
  const { status, content_type: contentType } = given;
  const body = given['body'] === undefined ? USUAL[as].body : written(given['body']);
  const type = typeof contentType === 'string' && HEADER_TEXT.test(contentType) ? contentType : typeOf(body);
  return { status: isStatus(status, as) ? status : USUAL[as].status, contentType: body === '' ? null : type, body };
}

function written(body: unknown): string {
  return typeof body === 'string' ? body : (JSON.stringify(body) ?? '');
}

function typeOf(body: string): string {
  return body.startsWith('{') ? 'application/json; charset=utf-8' : 'text/plain; charset=utf-8';
}

/** What was kept is answered as a success, or it comes again and again. */
function isStatus(status: unknown, as: Acknowledged): status is number {
  if (typeof status !== 'number' || !Number.isInteger(status) || status === 404 || status === 410) return false;
  const kept = as === 'accepted' || as === 'unreadable' || as === 'paused';
  return status >= 200 && status <= (kept ? 299 : 599);
}
