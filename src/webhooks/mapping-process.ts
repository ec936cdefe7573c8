import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface, type Interface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type Answer, type Ended, failed, type Job, type MappingLimits } from './mapping-messages.ts';

/** Evaluates one job at a time, in a process of its own. */
export interface MappingProcess {
  readonly run: (job: Job) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

/**
 * Milliseconds over the time limit after which a process that has not answered is taken for hung. It keeps the limit by
 * itself; this is for starting it and its thread, up to 2 s from source on a busy machine, and for what nobody thought of.
 */
const HUNG_MS = 15_000;

/**
 * A process that starts with its first job, and again with the next one after it died. A process and not only a thread,
 * since V8 ends the whole process when one allocation goes past a thread's heap limit: `$pad("x", 5e8)` is enough.
 */
export function createMappingProcess(limits: MappingLimits): MappingProcess {
  let current: Running | null = null;
  let closed = false;

  function running(): Running {
    if (current !== null) return current;
    const fresh = start(limits);
    fresh.child.once('exit', () => forget(fresh)).once('error', () => forget(fresh));
    current = fresh;
    return fresh;
  }

  function forget(gone: Running): void {
    if (current === gone) current = null;
  }

  async function run(job: Job): Promise<Answer> {
    if (closed) return ENDED;
    const one = running();
    const { answer, fit } = await converse(one, job, limits);
    if (fit === 'stop') {
      forget(one);
      one.child.kill('SIGKILL');
    }
    return answer;
  }

  return {
    run: async (job) => {
      try {
        const answer = await run(job);
        // Ended by somebody else, maybe before the job had reached it: once more, in a fresh one.
        return answer === ENDED ? await run(job) : answer;
      } catch {
        return CANNOT_START; // no memory or no process number left
      }
    },
    close: async () => {
      closed = true;
      if (current === null) return;
      const { child } = current;
      const gone = once(child, 'exit');
      child.ref();
      child.kill('SIGKILL'); // it holds nothing that could be lost
      await gone;
    },
  };
}

const NO_MEMORY = failed('mapping_too_large', 'the expression used more memory than it may');
const ENDED = failed('mapping_failed', 'the process that evaluates expressions ended');
const HUNG = failed('mapping_timeout', 'the process that evaluates expressions did not answer');
const CANNOT_START = failed('mapping_failed', 'the process that evaluates expressions cannot start');

interface Running {
  readonly child: ChildProcess;
  readonly input: Writable;
  readonly answers: Interface;
}

function start(limits: MappingLimits): Running {
  const child = fork(fileURLToPath(new URL('./mapping-child.js', import.meta.url)), {
    execArgv: [],
    env: {}, // an expression cannot read it; there is nothing to find if one ever could
    stdio: ['pipe', 'pipe', 'ignore', 'ipc'], // V8's last words would be in the log otherwise
    detached: true, // so that Ctrl-C ends this process only, which still has to deliver
  });
  const { stdin, stdout } = child as ChildProcess & { readonly stdin: Writable; readonly stdout: Readable };
  stdin.on('error', () => {}); // told by the exit
  stdin.write(`${JSON.stringify(limits)}\n`);
  // An idle one keeps nobody up; the clock of a job under way does.
  child.unref();
  child.channel?.unref();
  for (const stream of [stdin, stdout]) (stream as unknown as { readonly unref: () => void }).unref();
  return { child, input: stdin, answers: createInterface({ input: stdout }) };
}

/** Sends a job and waits for its answer, or for the end of the process. */
function converse({ child, input, answers }: Running, job: Job, { timeLimitMs }: MappingLimits): Promise<Ended> {
  return new Promise((resolve) => {
    const settle = (ended: Ended): void => {
      clearTimeout(timer);
      answers.off('line', answered);
      child.off('exit', gone).off('error', missing);
      resolve(ended);
    };
    const answered = (line: string): void => settle(JSON.parse(line) as Ended);
    const gone = (_code: number | null, signal: NodeJS.Signals | null): void =>
      settle({ answer: signal === 'SIGABRT' ? NO_MEMORY : ENDED, fit: 'stop' });
    const missing = (): void => settle({ answer: CANNOT_START, fit: 'stop' });
    const timer = setTimeout(() => settle({ answer: HUNG, fit: 'stop' }), timeLimitMs + HUNG_MS);
    answers.on('line', answered);
    child.on('exit', gone).on('error', missing);
    input.write(`${JSON.stringify(job)}\n`);
  });
}
