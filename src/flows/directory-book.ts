import { type Directory, EMPTY_DIRECTORY } from '../domain/directory.ts';
import { readDirectory } from '../store/directory.ts';
import type { Session } from '../store/session.ts';

/** The directory as the lanes of a process know it. */
export interface DirectoryBook {
  /** The directory of a version, or a later one; read only where the version is not the one that is known. */
  readonly open: (session: Session, version: number) => Promise<Directory>;
}

/** Makes a book in which nothing is known yet. */
export function createDirectoryBook(): DirectoryBook {
  let known = EMPTY_DIRECTORY;
  return {
    open: async (session, version) => {
      if (known.version === version) return known;
      const read = await readDirectory(session);
      if (read.version > known.version) known = read;
      return read;
    },
  };
}
