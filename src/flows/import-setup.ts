import type { FieldMap } from '../channels/field-map.ts';
import { mapsOf } from '../channels/import-maps.ts';
import { type RecordMapper, recordMapper } from '../channels/record-mapper.ts';
import type { SheetPlan } from '../channels/sheet-plan.ts';
import type { Import, ImportFault } from '../domain/import.ts';
import { rulesOf } from '../domain/source.ts';
import type { SourceRules } from '../domain/submission.ts';
import { type Channel, listChannels } from '../store/channels.ts';
import type { Db } from '../store/database.ts';
import { findSource } from '../store/sources.ts';
import { importKey } from './import-key.ts';

/** What every row of an import is read with. */
export interface ImportSetup {
  readonly import: Import;
  readonly source: SourceRules;
  readonly maps: readonly FieldMap[];
  readonly mapper: RecordMapper; // of the maps
  readonly region: string;
  readonly channels: ReadonlyMap<string, string>; // codes by name, in lower case: files say 抖音
  readonly keyPrefix: string; // of the ledger keys of rows without an external id
}

/** An import's setup together with its columns. */
export interface PlannedImport extends ImportSetup {
  readonly plan: SheetPlan;
}

/** What an import is read with, or why it cannot be. */
export async function importSetup(
  db: Db,
  found: Import,
  defaultRegion: string,
): Promise<ImportSetup | { readonly fault: ImportFault }> {
  const { options } = found;
  const source = await findSource(db, found.sourceId);
  if (source === null)
    return { fault: { code: 'source_gone', detail: 'The source is not there.', hint: 'Name another.' } };
  const read = mapsOf(options, source.settings);
  if ('fault' in read) return read;
  const rules = rulesOf(source);
  const { channel, campaign, store } = options;
  return {
    import: found,
    maps: read.maps,
    mapper: recordMapper(read.maps),
    region: options.region ?? defaultRegion,
    channels: channelsByName(await listChannels(db)),
    keyPrefix: `${importKey(found)}#`,
    source: {
      ...rules,
      channel: channel ?? rules.channel,
      conflicts: 'answer', // in the errors file, whatever the kind of the source
      defaults: {
        ...rules.defaults,
        ...(store === undefined ? {} : { store }),
        ...(campaign === undefined ? {} : { campaign: { ...rules.defaults.campaign, ...campaign } }),
      },
    },
  };
}

/** A text that is a code means that code, whatever else is called so. */
function channelsByName(channels: readonly Channel[]): ReadonlyMap<string, string> {
  const names = channels.map(({ name, code }) => [name.toLowerCase(), code] as const);
  return new Map([...names, ...channels.map(({ code }) => [code.toLowerCase(), code] as const)]);
}
