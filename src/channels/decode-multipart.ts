import type { Decoded, DecodeLimits } from './channel.ts';
import { addField } from './decode-form.ts';

/** A multipart form as texts by name, like any other form; of a file only its name. */
export async function decodeMultipart(body: Uint8Array, contentType: string, limits: DecodeLimits): Promise<Decoded> {
  try {
    const form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
    const fields = new Map<string, string | string[]>();
    let values = 0;
    for (const [name, value] of form) {
      values++;
      addField(fields, name, typeof value === 'string' ? value : value.name);
    }
    if (values > limits.maxValues) return unreadable(`The form holds more than ${limits.maxValues} values.`);
    return values === 0
      ? unreadable('The form holds nothing.')
      : { kind: 'decoded', value: Object.fromEntries(fields) };
  } catch {
    return unreadable('The body is not a valid multipart form.');
  }
}

function unreadable(detail: string): Decoded {
  return { kind: 'unreadable', detail };
}
