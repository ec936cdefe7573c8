import type { Reply, Setup } from './channel.ts';
import { recordOf } from './record-of.ts';
import { type Replies, repliesOf } from './replies.ts';
import { json } from './reply.ts';
import { textOf } from './text-of.ts';

/** Schema of the setting `ack`: what the advertiser typed as the response setting of the push rule. */
export const ACK_SCHEMA: Readonly<Record<string, unknown>> = {
  type: 'object',
  additionalProperties: false,
  description:
    'The answer, as the response setting of the push rule has it: its keys, and the values that count as success.',
  default: { code_key: 'code', message_key: 'message', code: 0, message: 'success', failure_code: -1 },
  properties: {
    code_key: { type: 'string', maxLength: 64, default: 'code', description: 'codeKey of the push rule.' },
    message_key: { type: 'string', maxLength: 64, default: 'message', description: 'msgKey of the push rule.' },
    code: { type: ['string', 'integer'], default: 0, description: 'The code that counts as success; text stays text.' },
    message: { type: 'string', maxLength: 200, default: 'success', description: 'The message that counts as success.' },
    failure_code: { type: ['string', 'integer'], default: -1, description: 'The code of a push that was not kept.' },
  },
};

/** The answers of 飞鱼, by the keys and values that the advertiser configured. */
export function feiyuReplies({ settings }: Setup): Replies {
  const ack = recordOf(settings['ack']) ?? {};
  const reply = (status: number, code: unknown, message: string): Reply =>
    json(status, {
      [textOf(ack['code_key']) ?? 'code']: code,
      [textOf(ack['message_key']) ?? 'message']: message,
    });
  const kept = reply(200, ack['code'] ?? 0, textOf(ack['message']) ?? 'success');
  return repliesOf(kept, (status, message) => reply(status, ack['failure_code'] ?? -1, message));
}
