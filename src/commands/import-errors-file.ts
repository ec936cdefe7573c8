import { randomUUID } from 'node:crypto';
import { open, rename, unlink } from 'node:fs/promises';
import { dirname, extname, join, resolve } from 'node:path';
import type { ImportDetail } from '../http/schemas/import.ts';
import type { ImportAsked } from './import-asked.ts';

/** The columns that an errors file of ours has, side by side. */
const OURS = /error_row(.)error_column\1error_code\1error_hint/s;
const HEAD_BYTES = 65_536; // a header is within them
const MOST = 1_000;

/** Where the errors file is looked for: as asked, else beside the file. */
export function errorsPath({ file, errors }: ImportAsked, { id, file: { name } }: ImportDetail): string {
  if (errors !== null) return errors;
  const path = file?.path ?? name ?? `import-${id}`;
  const base = path.slice(0, path.length - extname(path).length).replace(/\.errors(\.\d+)?$/, '');
  return `${base}.errors.csv`;
}

/**
 * Writes an errors file that nobody else may read, and answers where it is: a file of that name that is none of ours, or that is
 * being imported, stays, and a number is added. Throws what the file system throws.
 */
export async function writeErrorsFile(
  wanted: string,
  imported: string | null,
  bytes: AsyncIterable<Uint8Array>,
): Promise<string> {
  const path = await freePath(wanted, imported === null ? null : resolve(imported));
  const part = join(dirname(path), `.${randomUUID()}.part`);
  try {
    const file = await open(part, 'wx', 0o600);
    try {
      for await (const piece of bytes) await file.writeFile(piece);
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (error) {
    await unlink(part).catch(() => undefined);
    throw error;
  }
  return path;
}

async function freePath(wanted: string, imported: string | null): Promise<string> {
  const ending = extname(wanted);
  const base = wanted.slice(0, wanted.length - ending.length);
  for (let number = 1; number <= MOST; number += 1) {
    const path = number === 1 ? wanted : `${base}.${number}${ending}`;
    if (resolve(path) !== imported && (await isFree(path))) return path;
  }
  throw new Error(`${wanted} and ${MOST - 1} with a number are taken`);
}

/** Whether a file may be written: there is none, or it is an errors file of an earlier import. */
async function isFree(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch((error: { readonly code?: string }) => {
    if (error.code === 'ENOENT') return null;
    if (error.code === 'EACCES' || error.code === 'EISDIR') return 'taken' as const;
    throw error;
  });
  if (file === null) return true;
  if (file === 'taken') return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return OURS.test(buffer.toString('latin1', 0, bytesRead).replaceAll('\0', '')); // UTF-16 too
  } catch (error) {
    if ((error as { readonly code?: string }).code === 'EISDIR') return false;
    throw error;
  } finally {
    await file.close();
  }
}
