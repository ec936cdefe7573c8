import type { FastifyRequest } from 'fastify';

/** Who sent a form: the script of a page, or the browser itself by a plain form. It says how to answer. */
export type FormSender = 'script' | 'plain';

const FORM_TYPE = /^\s*(?:application\/x-www-form-urlencoded|multipart\/form-data)\s*(?:;|$)/i;
const BY_SCRIPT: ReadonlySet<unknown> = new Set(['cors', 'no-cors', 'same-origin']);

/** A browser that sends a form says that it navigates, asks for a page, and sends no other type than a form can have. */
export function senderOf({
  headers,
  method,
  sentType,
}: Pick<FastifyRequest, 'headers' | 'method' | 'sentType'>): FormSender {
  if (method === 'OPTIONS' || BY_SCRIPT.has(headers['sec-fetch-mode'])) return 'script';
  if (headers['x-requested-with'] !== undefined) return 'script';
  if (/\bjson\b/i.test(headers.accept ?? '')) return 'script';
  return sentType === null || FORM_TYPE.test(sentType) ? 'plain' : 'script';
}

/**
 * Whether a page of this origin may send. A sender that names none may: a browser always does for the script of another site. Our
 * own pages may; scripts of others only where their origin is listed; plain forms too, where anything is listed.
 */
export function mayPost(
  request: Pick<FastifyRequest, 'headers' | 'method' | 'sentType' | 'protocol' | 'host'>,
  listed: readonly string[],
): boolean {
  const { origin } = request.headers;
  if (origin === undefined || isListed(origin, listed) || origin === `${request.protocol}://${request.host}`)
    return true;
  return listed.length === 0 && senderOf(request) === 'plain';
}

/** The Access-Control-Allow-Origin for a page, or null: the page's script is told nothing then. */
export function allowedOrigin(origin: string | undefined, listed: readonly string[]): string | null {
  if (listed.includes('*')) return '*';
  return origin !== undefined && isListed(origin, listed) ? origin : null;
}

/** Browsers send an origin in lower case and without a slash. */
function isListed(origin: string, listed: readonly string[]): boolean {
  return listed.some((one) => one === '*' || one.toLowerCase() === origin.toLowerCase());
}
