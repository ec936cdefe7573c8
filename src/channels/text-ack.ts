import type { Setup } from './channel.ts';
import { type Replies, repliesOf } from './replies.ts';
import { json, text } from './reply.ts';
import { textSetting } from './setting.ts';

/** Schema of the setting `ack`: what a platform without a document is answered. */
export function ackSchema(fallback: string): Readonly<Record<string, unknown>> {
  return {
    type: 'string',
    maxLength: 1_000,
    default: fallback,
    description: 'The text that a push which was kept is answered with; one that begins with { is sent as JSON.',
  };
}

/** The answers of a channel whose success is a text of the source's choice; failures say code -1, as receivers in use do. */
export function textReplies(setup: Setup, fallback: string): Replies {
  const body = textSetting(setup, 'ack', fallback);
  const plain = text(200, body);
  const kept = body.startsWith('{') ? { ...plain, contentType: 'application/json; charset=utf-8' } : plain;
  return repliesOf(kept, (status, message) => json(status, { code: -1, message }));
}
