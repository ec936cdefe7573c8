import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { ImportQuery } from '../http/schemas/import-input.ts';
import { createValidators } from '../http/validators.ts';
import { CommandError, type Given, type Io, idOf, textOf } from './command.ts';

/** A file of this machine. */
export interface LocalFile {
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
}

/** A running service, and the key to it. */
export interface RemoteService {
  readonly url: string; // without a slash at its end
  readonly key: string;
}

/** What `clew import` was asked for. */
export interface ImportAsked {
  readonly file: LocalFile | null; // null only where an import is resumed
  readonly resume: string | null; // id of an import
  readonly query: ImportQuery; // as POST /v1/imports takes it, without a map
  readonly map: Readonly<Record<string, unknown>> | null;
  readonly service: RemoteService | null; // null: the database of the configuration
  readonly watch: boolean;
  readonly errors: string | null; // where the errors file is to be
  readonly again: readonly string[]; // the flags that a corrected file is to be imported with
}

/** Which flag says what in the words of POST /v1/imports. */
const SAYS: Readonly<Record<string, keyof ImportQuery>> = {
  source: 'source',
  template: 'template',
  campaign: 'campaign_id',
  store: 'store',
  channel: 'channel',
  region: 'region',
  mode: 'mode',
  encoding: 'encoding',
  delimiter: 'delimiter',
  sheet: 'sheet',
  'header-row': 'header_row',
};
/** An errors file has its header in its first row, and an encoding of its own. */
const OF_THE_FILE: ReadonlySet<string> = new Set(['encoding', 'delimiter', 'sheet', 'header-row']);

/** Reads what was asked for; throws a CommandError with exit 2 where it is not usable. */
export async function importAsked(given: Given, io: Pick<Io, 'env'>): Promise<ImportAsked> {
  const path = given.positionals[0];
  const resume = textOf(given, 'resume');
  if (path === undefined && resume === undefined) {
    throw new CommandError(2, 'name the file that is to be imported: clew import leads.csv --source NAME');
  }
  const file = path === undefined ? null : await localFile(path, resume === undefined);
  return {
    file,
    resume: resume === undefined ? null : idOf(resume).toLowerCase(),
    query: queryOf(given, file),
    map: await mapOf(textOf(given, 'map')),
    service: serviceOf(given, io),
    watch: given.flags['watch'] === true || resume !== undefined,
    errors: textOf(given, 'errors') ?? null,
    again: againOf(given),
  };
}

async function localFile(path: string, needed: boolean): Promise<LocalFile> {
  const name = basename(path);
  const found = await stat(path).catch((error: { readonly code?: string }) => {
    if (!needed) return null;
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') throw new CommandError(2, `there is no file ${path}`);
    throw new CommandError(2, `${path} cannot be read (${error.code})`);
  });
  if (found?.isDirectory()) throw new CommandError(2, `${path} is a folder: name one file in it`);
  return { path, name, bytes: found?.size ?? 0 };
}

function queryOf(given: Given, file: LocalFile | null): ImportQuery {
  const said = Object.entries(SAYS).flatMap(([flag, name]) => {
    const text = textOf(given, flag);
    return text === undefined ? [] : [[name, text] as const];
  });
  const query: Record<string, unknown> = Object.fromEntries(said);
  if (file !== null) query['file_name'] = file.name.slice(0, 255);
  if (given.flags['dry-run'] === true) query['dry_run'] = true;
  const [fault] = createValidators().text(ImportQuery)(query);
  if (fault === undefined) return query as ImportQuery;
  const name = fault.path.slice(1);
  const flag = Object.entries(SAYS).find(([, says]) => says === name)?.[0] ?? name;
  throw new CommandError(2, `--${flag} ${fault.message}`);
}

async function mapOf(path: string | undefined): Promise<ImportAsked['map']> {
  if (path === undefined) return null;
  const text = await readFile(path, 'utf8').catch((error: { readonly code?: string }) => {
    throw new CommandError(2, `the field map ${path} cannot be read (${error.code})`);
  });
  const value = parsed(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new CommandError(2, `${path} does not hold a field map, which is a JSON object`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function serviceOf(given: Given, { env }: Pick<Io, 'env'>): RemoteService | null {
  const text = textOf(given, 'url') ?? env['CLEW_URL']?.trim() ?? '';
  if (text === '') return null;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new CommandError(2, `--url must be the address of a service such as https://leads.example.cn, not ${text}`);
  }
  const key = textOf(given, 'key') ?? env['CLEW_KEY']?.trim() ?? '';
  if (key === '') throw new CommandError(2, `the service at ${text} asks for a key: set CLEW_KEY, or give --key`);
  return { url: text.replace(/\/+$/, ''), key };
}

function againOf(given: Given): readonly string[] {
  const flags = [...Object.keys(SAYS).filter((flag) => !OF_THE_FILE.has(flag)), 'map', 'url'];
  return flags.flatMap((flag) => {
    const text = textOf(given, flag);
    return text === undefined ? [] : [`--${flag}`, text];
  });
}
