type Json = Record<string, unknown>;

/** Names each schema that has a title once, under components, and puts references in its places; `x-schema` is one too. */
export function hoistSchemas(parts: Json): { readonly linked: Json; readonly schemas: Json } {
  const found = new Map<string, Json>();
  const linked = link(parts, found) as Json;
  const names = [...found.keys()].sort();
  return { linked, schemas: Object.fromEntries(names.map((name) => [name, found.get(name)])) };
}

function link(value: unknown, found: Map<string, Json>): unknown {
  if (Array.isArray(value)) return value.map((item) => link(item, found));
  if (typeof value !== 'object' || value === null) return value;
  const named = (value as Json)['x-schema'];
  if (typeof named === 'string') return { $ref: `#/components/schemas/${named}` };
  const entries = Object.entries(value).map(([key, inner]) => [key, isData(key) ? inner : link(inner, found)]);
  const linked = Object.fromEntries(entries) as Json;
  const { title, type } = linked;
  if (typeof title !== 'string' || type === undefined) return linked;
  const present = found.get(title);
  if (present !== undefined && JSON.stringify(present) !== JSON.stringify(linked)) {
    throw new Error(`two schemas are titled ${title}`);
  }
  found.set(title, linked);
  return { $ref: `#/components/schemas/${title}` };
}

/** Examples are data: what looks like a schema in them is none. */
function isData(key: string): boolean {
  return key === 'example' || key === 'examples' || key === 'enum' || key === 'default';
}
