import { constants } from 'node:fs';
import { access, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';

// Cloning a database makes 300 files: 17 ms in memory, and 20 to 600 ms on a disk that others use.
const MEMORY = '/dev/shm';
const MEMORY_BYTES = 2 ** 30;

/** The folder for the data of a test's PostgreSQL: in memory where there is room, else the system's temporary one. */
export async function roomyFolder(): Promise<string> {
  try {
    await access(MEMORY, constants.W_OK);
    const { bavail, bsize } = await statfs(MEMORY);
    // Containers get 64 MB of it by default, too little.
    return bavail * bsize >= MEMORY_BYTES ? MEMORY : tmpdir();
  } catch {
    return tmpdir();
  }
}
