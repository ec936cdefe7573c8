/** Most headers of one endpoint. */
export const HEADERS_MOST = 20;
/** Most bytes of all names and values together. */
export const HEADERS_BYTES = 4_096;

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9a-z]{1,100}$/; // RFC 9110, 5.6.2; lower-cased before
const VALUE = /^[\x21-\x7e]+(?:[\x20\x21-\x7e]*[\x21-\x7e])?$/; // visible ASCII, blanks inside only

/** Of one connection or made by us for every request: nobody else sets them. */
const OURS: ReadonlySet<string> = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const OUR_FAMILIES: readonly string[] = ['webhook-', 'clew-'];

/** What a check of headers came to: them with names in lower case, or what is wrong with which; never a value. */
export type CheckedHeaders =
  | { readonly kind: 'ok'; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'refused'; readonly name: string | null; readonly detail: string };

/** Checks headers that an operator wants on every request to an endpoint. */
export function checkHeaders(given: Readonly<Record<string, string>>): CheckedHeaders {
  const headers = new Map<string, string>();
  let bytes = 0;
  for (const [typed, value] of Object.entries(given)) {
    const name = typed.toLowerCase();
    const refused = faultOf(name, value) ?? (headers.has(name) ? 'is named twice' : null);
    if (refused !== null) return { kind: 'refused', name: typed, detail: refused };
    headers.set(name, value);
    bytes += name.length + value.length;
  }
  if (headers.size > HEADERS_MOST) return refuse(`an endpoint has at most ${HEADERS_MOST} headers`);
  if (bytes > HEADERS_BYTES) return refuse(`headers have at most ${HEADERS_BYTES} bytes together`);
  return { kind: 'ok', headers: Object.fromEntries(headers) };
}

function refuse(detail: string): CheckedHeaders {
  return { kind: 'refused', name: null, detail };
}

function faultOf(name: string, value: string): string | null {
  if (!TOKEN.test(name)) return 'is no header name';
  if (OURS.has(name)) return 'is set for every connection and cannot be chosen';
  if (OUR_FAMILIES.some((family) => name.startsWith(family))) return 'belongs to what is signed or told of a delivery';
  if (!VALUE.test(value)) return 'must have a value of visible ASCII characters, without blanks around it';
  return null;
}
