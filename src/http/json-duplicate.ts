import { pointer } from './json-inspect.ts';

const TOKEN = /"((?:[^"\\]|\\.)*)"(\s*:)?|[{}[\],]/gs;

interface Level {
  readonly keys: Set<string> | null; // null: a list
  key: string; // the member or element being read
}

/** Where valid JSON text names a key of an object for the second time (JSON pointer); '' when it does not. */
export function findDuplicateKey(text: string): string {
  const levels: Level[] = [];
  for (const [token, written, colon] of text.matchAll(TOKEN)) {
    const level = levels.at(-1);
    if (token === '{') levels.push({ keys: new Set(), key: '' });
    else if (token === '[') levels.push({ keys: null, key: '0' });
    else if (token === '}' || token === ']') levels.pop();
    else if (token === ',') {
      if (level?.keys === null) level.key = String(Number(level.key) + 1);
    } else if (colon !== undefined && level?.keys) {
      // Keys that differ only in escapes are the same key.
      level.key = JSON.parse(`"${written}"`) as string;
      if (level.keys.has(level.key)) return pointer(levels.map((outer) => outer.key));
      level.keys.add(level.key);
    }
  }
  return '';
}
