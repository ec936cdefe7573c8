import type { DecodeLimits } from './channel.ts';
import { decodeForm } from './decode-form.ts';
import { recordOf } from './record-of.ts';

const NESTED = /^[^[\]]+(?:\[[^[\]]*\])+$/; // person[phone], interest[]
const QUERY_LIMITS: DecodeLimits = { maxDepth: 1, maxValues: 1000 }; // more do not fit in the address of a request

/**
 * The fields of a submitted form by flat names, `person[phone]` as `person.phone`: those of the body, and of the query what the
 * body lacks or leaves blank. Null where the body is no form. Never throws.
 */
export function formFields(value: unknown, query: string): Readonly<Record<string, unknown>> | null {
  const body = recordOf(value);
  if (body === null) return null;
  const fields = new Map<string, unknown>();
  for (const [name, said] of Object.entries(body)) {
    const flat = flatName(name);
    fields.set(flat, fields.has(flat) ? [fields.get(flat), said].flat() : said);
  }
  const asked = decodeForm(query, QUERY_LIMITS);
  for (const [name, said] of Object.entries((asked.kind === 'decoded' && recordOf(asked.value)) || {})) {
    const flat = flatName(name);
    if (isBlank(fields.get(flat))) fields.set(flat, said);
  }
  return Object.fromEntries(fields);
}

function flatName(name: string): string {
  return NESTED.test(name) ? name.replaceAll('[]', '').replace(/\[([^[\]]*)\]/g, '.$1') : name;
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}
