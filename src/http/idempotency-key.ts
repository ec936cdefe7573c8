import type { FastifyRequest } from 'fastify';
import { headerProblem } from './header-text.ts';

const PRINTABLE = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route honours Idempotency-Key; for the reference. */
    idempotent?: true;
  }
}

/** The Idempotency-Key of a request, or null; throws `header_invalid` unless it is 1 to 255 printable ASCII characters. */
export function idempotencyKey(request: FastifyRequest): string | null {
  const key = request.headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key === 'string' && PRINTABLE.test(key)) return key;
  throw headerProblem('Idempotency-Key', 'pattern', 'must be 1 to 255 printable ASCII characters');
}
