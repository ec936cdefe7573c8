import { CANONICAL_FIELDS, type CanonicalField } from './canonical-field.ts';
import { rulesOf } from './expressions.ts';
import type { FieldMap, FieldRule, LabelList } from './field-map.ts';
import { headerMemo, type KnownHeader } from './header-memo.ts';
import type { ReadingRules } from './read-value.ts';

/** Field maps as one, in the form that many records are mapped by. */
export interface CompiledMaps {
  readonly rules: readonly { readonly field: CanonicalField; readonly rules: readonly FieldRule[] }[]; // in canonical order
  readonly lists: readonly LabelList[];
  readonly nested: readonly string[];
  readonly pairs: readonly string[];
  readonly ignore: readonly string[];
  readonly synonyms: 'all' | 'labels' | 'none';
  readonly reading: ReadingRules;
  readonly headerOf: (header: string) => KnownHeader;
}

const ZONE = 'Asia/Shanghai';

/** Compiles maps: the rules of maps[0] (the source's own) go before the others', field by field. */
export function compileMaps(maps: readonly FieldMap[]): CompiledMaps {
  return {
    rules: CANONICAL_FIELDS.flatMap((field) => {
      const rules = maps.flatMap((map) => rulesOf(map, field));
      return rules.length === 0 ? [] : [{ field, rules }];
    }),
    lists: maps.flatMap((map) => map.lists ?? []),
    nested: maps.flatMap((map) => map.nested ?? []),
    pairs: maps.flatMap((map) => map.pairs ?? []),
    ignore: maps.flatMap((map) => map.ignore ?? []),
    synonyms: maps.find((map) => map.synonyms !== undefined)?.synonyms ?? 'labels',
    reading: {
      zone: maps.find((map) => map.zone !== undefined)?.zone ?? ZONE,
      absent: new Set(maps.flatMap((map) => map.absent ?? []).map((text) => text.trim().toLowerCase())),
      codes: maps.flatMap((map) => (map.codes === undefined ? [] : [map.codes])),
      idPrefixes: maps.flatMap((map) => map.id_prefixes ?? []),
    },
    headerOf: headerMemo(),
  };
}
