import type { Handshake, Push, Reply } from './channel.ts';
import { type Replies, repliesOf } from './replies.ts';

const INT64 = /^-?\d{1,19}$/;

/** An answer whose decision is the number in the body, after the SPI of 巨量引擎 (bububa/oceanengine marketing-api/model/spi/response.go). */
function oceanReply(httpStatus: number, code: number, message: string): Reply {
  const body = JSON.stringify({ BaseResp: { StatusCode: code, StatusMessage: message } });
  return { status: httpStatus, contentType: 'application/json', body };
}

// 4xx in the body is never sent again, 5xx is: what was put off for our sake has to be 5xx, and HTTP 200 so that the body is read.
export const OCEAN_REPLIES: Replies = {
  ...repliesOf(oceanReply(200, 200, 'ok'), (status, message) => oceanReply(200, status, message)),
  unauthenticated: oceanReply(401, 401, 'signature or secret refused'),
  rate_limited: oceanReply(200, 503, 'too many requests'),
};

/** The check of the address: GET with `event=verify_webhook` and an int64 `challenge`, echoed as that integer with all its digits. */
export function oceanHandshake(push: Push): Handshake | null {
  if (push.method !== 'GET') return null;
  const query = new URLSearchParams(push.query);
  if (query.get('event') !== 'verify_webhook') return null;
  const challenge = query.get('challenge')?.trim() ?? '';
  if (!INT64.test(challenge)) return { passed: false, reply: oceanReply(400, 400, 'challenge is no integer') };
  const { body } = oceanReply(200, 200, 'ok');
  // By hand: 19 digits do not go through a double.
  const echoed = `${body.slice(0, -1)},"challenge":${challenge.replace(/^(-?)0+(?=\d)/, '$1')}}`;
  return { passed: true, reply: { status: 200, contentType: 'application/json', body: echoed } };
}
