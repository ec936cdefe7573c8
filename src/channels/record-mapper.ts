import { compileMaps } from './compiled-maps.ts';
import { expressionsOf, type FieldExpression } from './expressions.ts';
import type { FieldMap } from './field-map.ts';
import { mapCompiled } from './map-compiled.ts';
import type { Mapping } from './mapping.ts';

/** What maps many records by the same maps. */
export interface RecordMapper {
  readonly expressions: readonly FieldExpression[]; // to be evaluated over every record: their values are `computed`
  /** As `mapRecord`. */
  readonly map: (record: Readonly<Record<string, unknown>>, computed: Readonly<Record<string, unknown>>) => Mapping;
}

/** As `mapRecord` of every record of a file: the maps are compiled, and its headers looked up, once. */
export function recordMapper(maps: readonly FieldMap[]): RecordMapper {
  const compiled = compileMaps(maps);
  return {
    expressions: expressionsOf(maps),
    map: (record, computed) => mapCompiled(record, compiled, computed),
  };
}
