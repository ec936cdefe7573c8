import { quoteLongNumbers } from '../domain/json-numbers.ts';
import { scanJson } from '../domain/json-scan.ts';
import type { Decoded, DecodeLimits } from './channel.ts';
import { textIn } from './charset.ts';

/** A JSON text as a plain value: numbers that a double would change as text, the last of equal keys; bytes are UTF-8. */
export function decodeJson(json: string | Uint8Array, limits: DecodeLimits): Decoded {
  const bytes = typeof json === 'string' ? Buffer.from(json) : json;
  const { depth, values, longNumber } = scanJson(bytes);
  if (depth > limits.maxDepth) return unreadable(`The JSON is nested more than ${limits.maxDepth} deep.`);
  if (values > limits.maxValues) return unreadable(`The JSON holds more than ${limits.maxValues} values.`);
  const text = typeof json === 'string' ? json.replace(/^\ufeff/, '') : textIn(bytes, 'utf-8');
  if (text === null) return unreadable('The body is not valid UTF-8.');
  try {
    const value: unknown = JSON.parse(text);
    // Parsed twice, about 5 ns a byte: quotes put around what only looks like a number could make bad JSON good.
    return { kind: 'decoded', value: longNumber ? JSON.parse(quoteLongNumbers(text)) : value };
  } catch {
    return unreadable('The body is not valid JSON.');
  }
}

function unreadable(detail: string): Decoded {
  return { kind: 'unreadable', detail };
}
