import { CommandError, type Exit, type Io } from './command.ts';
import { explain } from './explain.ts';

/** Does work that hears of Ctrl-C by its signal, ends itself, and says what became of it; the process then exits 1. */
export async function interruptible(
  io: Io,
  delayMs: number,
  work: (stopped: AbortSignal) => Promise<Exit>,
): Promise<Exit> {
  const stopped = new AbortController();
  const stopping = io.onStop(delayMs, async ({ error }) => {
    if (error !== undefined) io.stderr(`clew: ${explain(error).sentence}\n`);
    stopped.abort();
    await done.catch(() => undefined);
    throw new CommandError(1, 'stopped');
  });
  const done = work(stopped.signal);
  try {
    return await done;
  } finally {
    if (!stopped.signal.aborted) stopping.release();
  }
}
