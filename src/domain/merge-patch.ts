/** A JSON merge patch after RFC 7396: members replace, `null` removes, objects are merged, lists are replaced whole. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged = new Map(Object.entries(isObject(target) ? target : {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name), value));
  }
  return Object.fromEntries(merged);
}

/** The places that a merge patch changes, as `person.phone`: every one that is no object itself. */
export function patchedPaths(patch: unknown): readonly string[] {
  if (!isObject(patch)) return [];
  return Object.entries(patch).flatMap(([name, value]) => {
    const inner = patchedPaths(value);
    return inner.length === 0 ? [name] : inner.map((path) => `${name}.${path}`);
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
