import type { Push } from '../../src/channels/channel.ts';
import { quoteLongNumbers } from '../../src/domain/json-numbers.ts';

export type Path = readonly (string | number)[];

/** The JSON of a body, long numbers as text; undefined where it is none. */
export function jsonOf(push: Push): unknown {
  try {
    return JSON.parse(quoteLongNumbers(textOf(push)));
  } catch {
    return undefined;
  }
}

export function textOf(push: Push): string {
  return Buffer.from(push.body).toString('utf8');
}

/** A push with another body; a body that is no text is written as JSON. */
export function withBody(push: Push, body: unknown): Push {
  return { ...push, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) };
}

/** A push with one byte of its body changed. */
export function byteChanged(push: Push, at: number): Push {
  const body = Buffer.from(push.body);
  body[at % body.length] = (body[at % body.length] ?? 0) ^ 1;
  return { ...push, body };
}

/** The places of all members and elements of a value, outer ones first. */
export function places(value: unknown, at: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [];
  const keys = Array.isArray(value) ? value.map((_, i) => i) : Object.keys(value);
  return keys.flatMap((key) => {
    const here = [...at, key];
    return [here, ...places((value as Record<string | number, unknown>)[key], here)];
  });
}

/** A copy of a value with what is at a place changed; `undefined` takes it away. */
export function changedAt(value: unknown, [key, ...rest]: Path, change: (old: unknown) => unknown): unknown {
  if (key === undefined) return change(value);
  if (typeof value !== 'object' || value === null) return value;
  const old = (value as Record<string | number, unknown>)[key];
  const next = changedAt(old, rest, change);
  if (Array.isArray(value)) {
    const copy = [...value];
    if (next === undefined) copy.splice(Number(key), 1);
    else copy[Number(key)] = next;
    return copy;
  }
  const copy: Record<string, unknown> = { ...(value as Record<string, unknown>), [key]: next };
  if (next === undefined) delete copy[key];
  return copy;
}

/** The text of a JSON body with an id written as a number or as a text, whichever it was not; null where it is not in it. */
export function idRewritten(text: string, id: string): string | null {
  const quotes = ['\\"', '"']; // inside JSON text of JSON they are escaped
  const asNumber = new RegExp(`(?<=[:\\[,]\\s*)${id}(?=\\s*[,}\\]])`, 'g');
  const rewritten = quotes.flatMap((quote) => [
    text.replaceAll(`${quote}${id}${quote}`, id),
    text.replaceAll(asNumber, `${quote}${id}${quote}`),
  ]);
  return rewritten.find((other) => other !== text && isJson(other)) ?? null;
}

/** The text of a JSON body with another id, as a text, wherever an id stands as text or number; null where it stands nowhere. */
export function idReplaced(text: string, id: string, other: string): string | null {
  const quoted = ['\\"', '"'].reduce(
    (all, quote) => all.replaceAll(`${quote}${id}${quote}`, `${quote}${other}${quote}`),
    text,
  );
  const bare = /^\d+$/.test(id)
    ? quoted.replaceAll(new RegExp(`(?<=[:\\[,]\\s*)${id}(?=\\s*[,}\\]])`, 'g'), other)
    : quoted;
  return bare !== text && isJson(bare) ? bare : null;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** JSON in so many lists, one in the other. */
export function nested(depth: number): string {
  return `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
}
