import { compileMaps } from './compiled-maps.ts';
import type { FieldMap } from './field-map.ts';
import { mapCompiled } from './map-compiled.ts';
import type { Mapping } from './mapping.ts';

/**
 * Maps a record to a draft: the rules of maps[0] (the source's own) and then the others', field by field, then the header
 * vocabulary; what is left is kept under `extra`. `computed` has the values of expressions by field. Never throws; the draft
 * keeps within the limits of the canonical body whatever the record holds.
 */
export function mapRecord(
  record: Readonly<Record<string, unknown>>,
  maps: readonly FieldMap[],
  computed: Readonly<Record<string, unknown>>,
): Mapping {
  return mapCompiled(record, compileMaps(maps), computed);
}
