import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** A folder whose files are whole and on disk once they are there. */
export interface SpoolFolder {
  readonly write: (name: string, bytes: Buffer) => Promise<void>;
  /** The bytes of a file; null where it is gone. */
  readonly read: (name: string) => Promise<Buffer | null>;
  readonly remove: (name: string) => Promise<void>;
  readonly rename: (from: string, to: string) => Promise<void>;
  readonly list: () => Promise<readonly { readonly name: string; readonly bytes: number }[]>;
}

const UNFINISHED = '.part';

/** Makes a folder where it is missing, for its owner only. */
export async function openSpoolFolder(path: string): Promise<SpoolFolder> {
  await mkdir(path, { recursive: true, mode: 0o700 });

  // A name is on disk only once its folder is. Those who ask while one is under way share the next.
  const syncFolder = shared(async () => {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  });

  return {
    write: async (name, bytes) => {
      const unfinished = join(path, `${name}${UNFINISHED}`);
      try {
        const file = await open(unfinished, 'wx', 0o600);
        try {
          await file.writeFile(bytes);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(unfinished, join(path, name));
        await syncFolder();
      } catch (error) {
        await rm(unfinished, { force: true }).catch(() => {}); // the first error says more
        throw error;
      }
    },
    read: (name) => unlessGone(readFile(join(path, name))),
    remove: (name) => rm(join(path, name), { force: true }),
    rename: (from, to) => rename(join(path, from), join(path, to)),
    list: async () => {
      const names = await readdir(path);
      const files = names.map(async (name) => ({
        name,
        bytes: (await unlessGone(stat(join(path, name))))?.size ?? null,
      }));
      // Another process with this folder may take or finish a file meanwhile.
      return (await Promise.all(files)).flatMap(({ name, bytes }) => (bytes === null ? [] : [{ name, bytes }]));
    },
  };
}

/** Runs work that serves everybody who asked before it began: never twice at once. */
function shared(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | null = null;
  return () => {
    next ??= running
      .catch(() => {})
      .then(() => {
        next = null;
        running = work();
        return running;
      });
    return next;
  };
}

/** The folder of a spool that is switched off: it holds nothing. */
export const NO_FOLDER: SpoolFolder = Object.freeze({
  write: () => Promise.reject(new Error('the spool is switched off')),
  read: async () => null,
  remove: async () => {},
  rename: async () => {},
  list: async () => [],
});

/** What is read of a file; null where the file is gone. */
function unlessGone<T>(reading: Promise<T>): Promise<T | null> {
  return reading.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
}
