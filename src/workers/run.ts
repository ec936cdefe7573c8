import { setMaxListeners } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Logger } from 'pino';
import { logFault } from '../domain/log-fault.ts';
import type { Worker } from './worker.ts';

/** Workers that are going; `stop` lets the rounds under way finish. */
export interface RunningWorkers {
  readonly stop: () => Promise<void>;
}

const JITTER = 0.2; // replicas that start together drift apart

/** Starts workers, each by itself and never two rounds of one at once; `chance` is uniform in [0, 1), `wake` is told of work done. */
export function runWorkers(
  workers: readonly Worker[],
  log: Logger,
  chance: () => number,
  wake: () => void,
): RunningWorkers {
  const stopping = new AbortController();
  setMaxListeners(workers.length, stopping.signal); // each waits with one; more than ten are no leak
  const loops = workers.map((worker) => loop(worker, log, chance, wake, stopping.signal));
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all(loops);
    },
  };
}

async function loop(
  worker: Worker,
  log: Logger,
  chance: () => number,
  wake: () => void,
  stopping: AbortSignal,
): Promise<void> {
  let done = 0;
  for (;;) {
    const pause = worker.eager && done > 0 ? 0 : worker.everyMs * (1 - JITTER + 2 * JITTER * chance());
    // Rejects at once when stopping, also when that was before the pause began.
    const slept = await wait(pause, true, { signal: stopping, ref: false }).catch(() => false);
    if (!slept) return;
    done = await once(worker, log, wake);
  }
}

async function once(worker: Worker, log: Logger, wake: () => void): Promise<number> {
  const started = performance.now();
  try {
    const done = await worker.round();
    if (done === 0) return 0;
    log.info({ worker: worker.name, done, ms: Math.round(performance.now() - started) }, 'worker.round');
    wake(); // what it did may have events
    return done;
  } catch (error) {
    log.error({ worker: worker.name, fault: logFault(error) }, 'worker.failed'); // a database's message quotes values
    return 0;
  }
}
