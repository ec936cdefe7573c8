import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { type Answer, type Ended, failed, type Job, type MappingLimits } from './mapping-messages.ts';

/** Evaluates one job at a time, on a thread that can be stopped. */
export interface MappingWorker {
  /** `stop`: the thread could not be stopped, and the process has to be. */
  readonly run: (job: Job) => Promise<Ended>;
  readonly close: () => Promise<void>;
}

/** Milliseconds that a thread gets to stop in. What it is at may be one step that nothing interrupts: filling 500 MB. */
const STOPPING_MS = 250;

/** A worker whose thread starts with its first job, and is replaced with the next one after it was stopped or died. */
export function createMappingWorker(limits: MappingLimits): MappingWorker {
  let thread: Worker | null = null;

  async function started(): Promise<Worker> {
    if (thread !== null) return thread;
    const fresh = startThread(limits);
    fresh.once('exit', () => {
      if (thread === fresh) thread = null;
    });
    thread = fresh;
    await ready(fresh);
    return fresh;
  }

  async function run(job: Job): Promise<Ended> {
    const running = await started().catch(() => null);
    if (running === null) return { answer: CANNOT_START, fit: 'keep' };
    const { answer, fit } = await converse(running, job, limits);
    if (fit === 'keep') return { answer, fit };
    thread = null;
    // Waited for: one that still takes memory can end the process, and that has to be under its own job.
    const stopped = running.terminate().then(() => 'keep' as const);
    return { answer, fit: await Promise.race([stopped, pause(STOPPING_MS, 'stop' as const)]) };
  }

  return {
    run,
    close: async () => {
      await thread?.terminate();
    },
  };
}

const CANNOT_START = failed('mapping_failed', 'the thread that evaluates expressions cannot start');

function startThread({ heapMb, sizeLimitBytes }: MappingLimits): Worker {
  const thread = new Worker(new URL('./mapping-thread.js', import.meta.url), {
    workerData: sizeLimitBytes,
    resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: 16 },
  });
  thread.on('error', () => {}); // told to whoever waits for an answer
  return thread;
}

/** Waits for the thread's first message; throws when it ends before. */
function ready(thread: Worker): Promise<void> {
  return new Promise((resolve, reject) => {
    thread
      .once('message', () => resolve())
      .once('error', reject)
      .once('exit', () => reject(new Error('the thread ended before it was ready')));
  });
}

/** Sends a job and waits for its answer, for the end of the thread, or for the time limit. */
function converse(thread: Worker, job: Job, { timeLimitMs, heapMb }: MappingLimits): Promise<Ended> {
  return new Promise((resolve) => {
    const settle = (answer: Answer, fit: Ended['fit']): void => {
      clearTimeout(timer);
      thread.off('message', answered).off('error', died).off('exit', gone);
      resolve({ answer, fit });
    };
    const answered = (answer: Answer): void => settle(answer, 'keep');
    const died = (error: Error): void =>
      settle(
        'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
          ? failed('mapping_too_large', `the expression used more than ${heapMb} MB of memory`)
          : failed('mapping_failed', `the thread that evaluates expressions died of a ${error.name}`),
        'stop',
      );
    const gone = (): void => settle(failed('mapping_failed', 'the thread that evaluates expressions ended'), 'stop');
    const late = (): void =>
      settle(failed('mapping_timeout', `the expression ran longer than ${timeLimitMs} ms`), 'stop');
    // An answer that came while this process was kept waiting is read before the check phase, and then counts.
    const timer = setTimeout(() => setImmediate(late), timeLimitMs);
    thread.on('message', answered).on('error', died).on('exit', gone);
    thread.postMessage(job);
  });
}
