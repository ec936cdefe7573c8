import type { ImportOptions } from '../domain/import.ts';
import type { ImportQuery } from './schemas/import-input.ts';

/**
 * The options of an import as they are noted, of what was asked for: the key of a row without an external id depends on them, so
 * that every way in has to note them alike.
 */
export function importOptions(asked: ImportQuery, map: Readonly<Record<string, unknown>> | null): ImportOptions {
  const { channel, campaign_id: id, campaign_name: name, store, template, region, encoding, delimiter } = asked;
  const { sheet, header_row } = asked;
  const campaign = { ...(id === undefined ? {} : { id }), ...(name === undefined ? {} : { name }) };
  return {
    ...(channel === undefined ? {} : { channel }),
    ...(Object.keys(campaign).length === 0 ? {} : { campaign }),
    ...(store === undefined ? {} : { store }),
    ...(map === null ? {} : { field_map: map }),
    ...(template === undefined ? {} : { template }),
    ...(region === undefined ? {} : { region }),
    ...(encoding === undefined ? {} : { encoding: encoding === 'gbk' ? 'gb18030' : encoding }),
    ...(delimiter === undefined ? {} : { delimiter: delimiterOf(delimiter) }),
    ...(sheet === undefined ? {} : { sheet }),
    ...(header_row === undefined ? {} : { header_row }),
  };
}

/** The character that a delimiter is given as: a tab has a name. */
export function delimiterOf(text: string): string {
  return text.toLowerCase() === 'tab' || text === '\\t' ? '\t' : text;
}
