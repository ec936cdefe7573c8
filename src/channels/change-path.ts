/** A copy of a value without what is at a dotted path; a key that is literally the path goes before. */
export function withoutPath(value: unknown, path: string): unknown {
  return changed(value, path, () => []);
}

/** A copy of a value with another one at a dotted path, which stays the value itself where the path is empty or leads nowhere. */
export function withAt(value: unknown, path: string, other: unknown): unknown {
  return path === '' ? other : changed(value, path, (key) => [[key, other]]);
}

type Change = (key: string) => readonly (readonly [string, unknown])[];

function changed(value: unknown, path: string, change: Change): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const literal = Object.hasOwn(value, path);
  const dot = path.indexOf('.');
  if (!literal && dot === -1) return value;
  const key = literal ? path : path.slice(0, dot);
  const entries = Object.entries(value).flatMap(([name, member]) => {
    if (name !== key) return [[name, member] as const];
    return literal ? change(name) : [[name, changed(member, path.slice(dot + 1), change)] as const];
  });
  return Object.fromEntries(entries);
}
