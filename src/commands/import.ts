import { type Command, type Flag, JSON_FLAG } from './command.ts';
import { importAsked } from './import-asked.ts';
import { importDirectly } from './import-direct.ts';
import { importRemotely } from './import-remote.ts';

const OPTIONS: Readonly<Record<string, Flag>> = {
  source: { value: 'NAME', description: 'Whose leads these are; at a service that of the key where it is left out.' },
  'dry-run': {
    description: 'Judge every row as a real run would, show the first ones as they are read, and write nothing.',
  },
  watch: { description: 'At a service: stay until the import has ended.' },
  template: { value: 'NAME', description: 'A map saved with the source, or a preset such as douyin-laike.' },
  map: { value: 'FILE', description: 'A field map as JSON; it goes before the template.' },
  campaign: { value: 'ID', description: 'The campaign of rows that name none.' },
  store: { value: 'CODE', description: 'The store of rows that name none.' },
  channel: { value: 'CODE', description: 'The channel of rows that name none.' },
  region: { value: 'CODE', description: 'The country of phones that name none, such as CN.' },
  encoding: {
    value: 'NAME',
    description: 'Of a CSV file: utf-8, gb18030, utf-16le or utf-16be, where it is not found out.',
  },
  delimiter: { value: 'CHAR', description: 'Of a CSV file: one character or tab, where it is not found out.' },
  sheet: {
    value: 'NAME',
    description: 'Of an XLSX file: name or number of the sheet, else the first with anything in it.',
  },
  'header-row': { value: 'N', description: 'The row of the header, where it is not found out.' },
  mode: {
    value: 'MODE',
    description: 'history loads old data: judged and kept, but no delivery, owner or task [live].',
  },
  errors: { value: 'FILE', description: 'Where refused rows are written [beside the file: leads.errors.csv].' },
  resume: { value: 'ID', description: 'Go on with an import that was stopped, or watch one.' },
  url: {
    value: 'URL',
    description: 'A running service that is to do it [CLEW_URL]; else it is done on the database here.',
  },
  key: {
    value: 'KEY',
    description: 'An API key of that service [CLEW_KEY, which other users of this machine do not see].',
  },
};

/** `clew import`: a file of leads, by a running service or directly on the database. */
export const importCommand: Command = {
  name: 'import',
  summary: 'Import a CSV or XLSX file of leads; refused rows come back in a file to be corrected.',
  positionals: [],
  optional: 'FILE',
  flags: { ...OPTIONS, ...JSON_FLAG },
  details: () =>
    [
      'Refused rows are written beside the file with the reason; corrected there, import that file: only they come in.',
      'The same file with the same options doubles nothing.',
      '',
      'Exit codes: 0 all rows are in, 1 some are not, 2 nothing was done.',
      '',
    ].join('\n'),
  run: async (given, io) => {
    const asked = await importAsked(given, io);
    if (asked.service !== null) return importRemotely(given, io, asked, asked.service);
    return importDirectly(given, io, asked);
  },
};
