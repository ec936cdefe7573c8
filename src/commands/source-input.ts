import { readFile } from 'node:fs/promises';
import type { Config } from '../config.ts';
import { isUuid } from '../domain/id.ts';
import type { Source, SourceSettings } from '../domain/source.ts';
import type { Db } from '../store/database.ts';
import { findSource, findSourceByName } from '../store/sources.ts';
import { CommandError, type Flag, type Given, textOf } from './command.ts';

/** The flags of what a source is set to. */
export const SETTING_FLAGS: Readonly<Record<string, Flag>> = {
  channel: { value: 'CODE', description: 'The channel of submissions that name none.' },
  credential: {
    value: 'NAME=VALUE',
    multiple: true,
    description: 'What the platform needs beside the secret; may be given again and again.',
  },
  settings: { value: 'FILE', description: 'The settings as JSON, as POST /v1/sources has them.' },
};

/** The settings in the file of --settings; undefined where none was named. */
export async function settingsOf(given: Given): Promise<SourceSettings | undefined> {
  const path = textOf(given, 'settings');
  if (path === undefined) return undefined;
  const text = await readFile(path, 'utf8').catch((error: { readonly code?: string }) => {
    throw new CommandError(2, `cannot read ${path} (${error.code})`);
  });
  const value = parsed(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new CommandError(2, `${path} does not hold a JSON object`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The credentials of every --credential, by name; undefined where none was given. */
export function credentialsOf(given: Given): Readonly<Record<string, string>> | undefined {
  const all = given.flags['credential'];
  if (!Array.isArray(all) || all.length === 0) return undefined;
  const pairs = all.map(String).map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw new CommandError(2, '--credential must look like NAME=VALUE');
    return [text.slice(0, at), text.slice(at + 1)] as const;
  });
  return Object.fromEntries(pairs);
}

/** The source of an id or a name; throws a CommandError where there is none. */
export async function sourceOf(db: Db, text: string | undefined): Promise<Source> {
  const named = text === undefined ? null : await findSourceByName(db, text);
  const source = named ?? (text !== undefined && isUuid(text) ? await findSource(db, text) : null);
  if (source !== null) return source;
  throw new CommandError(1, `there is no source ${text}; clew sources list shows them`);
}

/** What is printed of a new address: whole where it is known under which name the service is reached. */
export function addressLines(address: string | null, { publicUrl }: Pick<Config, 'publicUrl'>): readonly string[] {
  if (address === null) return [];
  const hint = publicUrl === null ? ['(put the address of the service before it, or set CLEW_PUBLIC_URL)'] : [];
  return ['its address, which is not shown again:', `${publicUrl ?? ''}${address}`, ...hint];
}
