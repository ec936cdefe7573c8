// tap runs this after the last test file, so that nothing is left when it returns. After Ctrl-C the keeper sees to it itself.
import { readShared, stopKeeper, unshare } from './helpers/postgres.ts';

const server = await readShared(process.ppid);
if (server !== undefined) await stopKeeper(server);
await unshare(process.ppid);
