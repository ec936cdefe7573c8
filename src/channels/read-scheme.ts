import { recordOf } from './record-of.ts';
import { NAMED_SCHEMES } from './signature-presets.ts';
import type { Place, SignatureScheme } from './signature-scheme.ts';

type Timestamp = SignatureScheme['timestamp'];

const BARE = {
  prefix: '',
  separator: null,
  key: 'text',
  algorithm: 'sha256',
  encoding: 'hex',
  escaped: 'raw',
  template: '',
};
const LONGEST_TOLERANCE = 86_400;

/** The setting `scheme`: a family by name, `none`, or a scheme as an object, perhaps `like` a family; null where it is none of these. */
export function readScheme(setting: unknown): SignatureScheme | 'none' | null {
  if (typeof setting === 'string') return setting === 'none' ? 'none' : family(setting);
  const given = recordOf(setting);
  if (given === null) return null;
  const like = typeof given['like'] === 'string' ? family(given['like']) : BARE;
  if (like === null) return null;
  const whole: Readonly<Record<string, unknown>> = { ...like, ...given };
  const signature = placeOf(whole['signature']);
  const { method, algorithm, encoding, key, escaped, template, prefix, separator } = whole;
  const timestamp = timestampOf(whole['timestamp']);
  if (method !== 'hmac' && method !== 'hash' && method !== 'equal') return null;
  if (algorithm !== 'md5' && algorithm !== 'sha1' && algorithm !== 'sha256' && algorithm !== 'sha512') return null;
  if (encoding !== 'hex' && encoding !== 'base64' && encoding !== 'base64_of_hex') return null;
  if (key !== 'text' && key !== 'base64' && key !== 'hex' && key !== 'whsec') return null;
  if (escaped !== 'raw' && escaped !== 'raw_or_escaped') return null;
  if (typeof template !== 'string' || typeof prefix !== 'string' || signature === null || timestamp === undefined)
    return null;
  // Over an empty string every push would have the same signature.
  if (method !== 'equal' && template === '') return null;
  if (separator !== null && (typeof separator !== 'string' || separator === '')) return null;
  const [id, nonce] = [placeOf(whole['id']), placeOf(whole['nonce'])];
  return { method, algorithm, encoding, key, escaped, template, prefix, separator, signature, timestamp, id, nonce };
}

function family(name: string): SignatureScheme | null {
  return Object.hasOwn(NAMED_SCHEMES, name) ? (NAMED_SCHEMES[name] ?? null) : null;
}

function placeOf(value: unknown): Place | null {
  const { in: where, name } = recordOf(value) ?? {};
  if (typeof name !== 'string' || name === '') return null;
  if (where === 'header') return { in: where, name: name.toLowerCase() };
  return where === 'query' || where === 'body' ? { in: where, name } : null;
}

/** Null where no time is signed, undefined where it is said badly: a window that cannot be read must not be left open. */
function timestampOf(value: unknown): Timestamp | undefined {
  if (value === undefined || value === null) return null;
  const { unit, toleranceSeconds } = recordOf(value) ?? {};
  const place = placeOf(value);
  if (place === null || (unit !== 's' && unit !== 'ms') || typeof toleranceSeconds !== 'number') return undefined;
  const sound = toleranceSeconds > 0 && toleranceSeconds <= LONGEST_TOLERANCE;
  return sound ? { ...place, unit, toleranceSeconds } : undefined;
}
