import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { platform } from 'node:os';
import type { Account } from './embedded-account.ts';

/** A folder as a child process is to name it; `descriptor` is to be handed to the child as its descriptor 3. */
export interface ChildFolder {
  readonly path: string;
  readonly descriptor: number | undefined;
}

/**
 * Opens a folder for children that run as another user, for as long as `use` takes to start them. Root's folders are
 * often closed to others (its home is mode 700) and data is to stay where it was asked for, so such a child gets the
 * folder as an open descriptor and names it through /proc, which asks for no right to the folders above.
 */
export async function withFolder<T>(
  path: string,
  account: Account | undefined,
  use: (folder: ChildFolder) => Promise<T>,
): Promise<T> {
  if (account === undefined || platform() !== 'linux') return use({ path, descriptor: undefined });
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    return await use({ path: '/proc/self/fd/3', descriptor: handle.fd });
  } finally {
    await handle.close();
  }
}
