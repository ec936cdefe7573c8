import type { ImportFault, ImportOptions } from '../domain/import.ts';
import type { SourceSettings } from '../domain/source.ts';
import { checkFieldMap } from './check-field-map.ts';
import type { FieldMap } from './field-map.ts';
import { IMPORT_PRESETS } from './import-presets.ts';
import { cut } from './storable.ts';

/** The maps that a file is read by, first first; or why they cannot be had. */
export type ImportMaps = { readonly maps: readonly FieldMap[] } | { readonly fault: ImportFault };

type Settings = Pick<SourceSettings, 'field_map' | 'import_templates'>;

const SHEET: FieldMap = { fields: {}, synonyms: 'all' }; // headers are words that people typed: all are read, unless a map says otherwise

/** The map given with the import, its template (saved with the source, else a preset), the source's own, then the vocabulary. */
export function mapsOf(options: ImportOptions, settings: Settings): ImportMaps {
  const template = options.template === undefined ? null : templateOf(options.template, options, settings);
  if (template !== null && 'fault' in template) return template;
  const given: readonly (readonly [string, unknown])[] = [
    ['field_map', options.field_map],
    [`template ${options.template}`, template?.map],
    ['field_map of the source', settings.field_map],
  ];
  const maps: FieldMap[] = [];
  for (const [name, value] of given) {
    if (value === undefined) continue;
    const checked = checkFieldMap(value);
    if ('faults' in checked) return invalid(name, checked.faults[0]);
    maps.push(checked.map);
  }
  return { maps: [...maps, SHEET] };
}

function templateOf(
  name: string,
  options: ImportOptions,
  { import_templates: saved = {} }: Settings,
): { readonly map: unknown } | { readonly fault: ImportFault } {
  if (Object.hasOwn(saved, name)) return { map: saved[name] };
  const preset = IMPORT_PRESETS.find((one) => one.name === name);
  if (preset !== undefined) return { map: options.channel === undefined ? preset.map : withoutChannel(preset.map) };
  const names = [...Object.keys(saved), ...IMPORT_PRESETS.map((one) => one.name)];
  return {
    fault: {
      code: 'template_unknown',
      detail: `There is no template ${cut(name, 64)}.`,
      hint: `There are: ${[...new Set(names)].join(', ')}.`,
    },
  };
}

/** The channel that an import names goes before that of a preset. */
function withoutChannel({ fields: { channel: _, ...fields }, ...map }: FieldMap): FieldMap {
  return { ...map, fields };
}

function invalid(
  name: string,
  fault: { readonly path: string; readonly message: string } | undefined,
): { readonly fault: ImportFault } {
  return {
    fault: {
      code: 'field_map_invalid',
      detail: `The ${name} cannot be used: the value at ${fault?.path || '/'} ${fault?.message ?? 'is no field map'}.`,
      hint: 'Mend it, and upload the file again.',
    },
  };
}
