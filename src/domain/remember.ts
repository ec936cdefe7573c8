/** Keeps a value under a key and answers it; a map that holds `most` already is emptied first, so that it stays bounded. */
export function remember<K, V>(kept: Map<K, V>, most: number, key: K, value: V): V {
  if (kept.size >= most && !kept.has(key)) kept.clear();
  kept.set(key, value);
  return value;
}
