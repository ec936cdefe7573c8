import { recordOf } from './record-of.ts';
import { textOf } from './text-of.ts';

/**
 * A record with the platform's own names back in place of those that the advertiser chose, by `{ platform's name: advertiser's name }`;
 * a chosen name is a flat key even where it holds dots, and one that stands for two fields fills both.
 */
export function ownNames(record: Readonly<Record<string, unknown>>, names: unknown): Readonly<Record<string, unknown>> {
  const pairs = Object.entries(recordOf(names) ?? {}).flatMap(([field, chosen]) => {
    const key = textOf(chosen);
    return key === null || key === field || !Object.hasOwn(record, key) ? [] : [[field, key] as const];
  });
  if (pairs.length === 0) return record;
  const chosen = new Set(pairs.map(([, key]) => key));
  const rest = Object.entries(record).filter(([key]) => !chosen.has(key));
  return Object.fromEntries([...rest, ...pairs.map(([field, key]) => [field, record[key]] as const)]);
}
