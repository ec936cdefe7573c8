import { quoteLongNumbers } from '../domain/json-numbers.ts';
import type { Handshake, Push } from './channel.ts';
import { recordOf } from './record-of.ts';

const LONGEST = 4_096; // bytes; the check of an address is about 80

/**
 * The check that 抖音 makes when an address is saved: POST of the event `verify_webhook`, answered with the same `challenge`, a number
 * with all its digits; null for any other push (developer.open-douyin.com/docs/resource/zh-CN/dop/develop/webhooks/summarize).
 */
export function verifyWebhook(push: Push): Handshake | null {
  if (push.method !== 'POST' || push.body.length > LONGEST) return null;
  const text = new TextDecoder().decode(push.body);
  if (!text.includes('verify_webhook')) return null;
  const body = recordOf(parsed(text));
  if (body?.['event'] !== 'verify_webhook') return null;
  const { content } = body;
  const challenge = recordOf(typeof content === 'string' ? parsed(content) : content)?.['challenge'];
  const written = writtenChallenge(challenge, typeof content === 'string' ? content : text);
  return written === null
    ? { passed: false, reply: { status: 400, contentType: 'application/json', body: '{}' } }
    : { passed: true, reply: { status: 200, contentType: 'application/json', body: `{"challenge":${written}}` } };
}

/** JSON with long numbers as text, or null. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(quoteLongNumbers(text));
  } catch {
    return null;
  }
}

/** A challenge as it stood in the JSON text: a number beyond 2^53 was put in quotes by us, and goes back without. */
function writtenChallenge(challenge: unknown, source: string): string | null {
  if (typeof challenge === 'number') return String(challenge);
  if (typeof challenge !== 'string' || challenge === '') return null;
  const quoted = JSON.stringify(challenge);
  return /^-?\d+$/.test(challenge) && !source.includes(quoted) ? challenge : quoted;
}
