import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError } from './command.ts';

/** A key of the data folder, and whether this call made it. */
export interface GeneratedKey {
  readonly text: string;
  readonly path: string;
}

/** Reads a key from a file of the data folder, or makes it there, readable by its owner alone. */
export async function generatedKey(dataDir: string, name: string, make: () => string): Promise<GeneratedKey> {
  const path = join(dataDir, name);
  const kept = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new CommandError(1, `${path} cannot be read (${error.code})`, { cause: error });
  });
  if (kept !== null) return { text: kept.trim(), path };
  const text = make();
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  // Whole or not at all, whatever happens meanwhile: half a key would lock everybody out.
  const draft = `${path}.new`;
  await writeFile(draft, `${text}\n`, { mode: 0o600, flush: true });
  await rename(draft, path);
  return { text, path };
}
