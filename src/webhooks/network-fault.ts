import type { AttemptResult } from '../domain/retry.ts';

/** What a request came to that got no whole answer. */
type Failed = Extract<AttemptResult, { readonly kind: 'failed' }>;

/** How far a request got before it failed. */
export type Progress = 'connecting' | 'sent';

/** The total time of a request is over. */
export const TIMED_OUT = 'timed_out';

const REFUSED = new Set(['target_forbidden', 'target_scheme', 'target_invalid']);
const TLS =
  /^(?:ERR_TLS_|ERR_SSL_|ERR_OSSL_|EPROTO$|CERT_|CRL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_(?:CA|PURPOSE)$|HOSTNAME_MISMATCH$|PATH_LENGTH_)/;
const PROTOCOL =
  /^(?:HTTPParserError$|HPE_|UND_ERR_(?:HEADERS_OVERFLOW|RES_CONTENT_LENGTH_MISMATCH|REQ_CONTENT_LENGTH_MISMATCH|INVALID_ARG|NOT_SUPPORTED)$)/;
// What undici says of an answer that HTTP/1.1 does not have here: 100 or 101 that nobody asked for.
const UNASKED = /^bad (?:response|upgrade)$/;

/**
 * What a fault of network or protocol says of its attempt: `dns`, `connect`, `tls`, `timeout`, `reset` and `protocol` are
 * tried again, an address that may not be called is not. `status` is that of an answer that began.
 */
export function resultOfFault(error: unknown, progress: Progress, status: number | null): Failed {
  const code = codeOf(error);
  const fault = REFUSED.has(code) ? 'forbidden' : 'transient';
  return { kind: 'failed', result: resultOf(code, messageOf(error), progress), status, fault, retryAfterMs: null };
}

function resultOf(code: string, message: string, progress: Progress): string {
  if (REFUSED.has(code)) return code;
  if (code === TIMED_OUT) return 'timeout';
  if (code === 'target_unresolved') return 'dns';
  if (TLS.test(code)) return 'tls';
  if (progress === 'connecting') return message.includes('before secure TLS connection') ? 'tls' : 'connect';
  return PROTOCOL.test(code) || UNASKED.test(message) ? 'protocol' : 'reset';
}

/** The code of an error of Node, undici or our own, else its name (undici's parser gives none); empty when neither tells anything. */
export function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error && error.name !== 'Error' ? error.name : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : '';
}
