import { idOf } from './id-of.ts';

/** What the platform itself calls the levels of its advertising, by its own names: kept beside the canonical ones. */
export function levelNames(
  record: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Readonly<Record<string, string>> {
  const levels = names.flatMap((name) => {
    const text = idOf(record, [name]);
    return text === null || text.length > 200 ? [] : [[name, text] as const]; // 200: limit of a level in the canonical body
  });
  return Object.fromEntries(levels);
}
