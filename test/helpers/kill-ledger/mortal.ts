import { type ChildProcess, spawn } from 'node:child_process';
import { DATA_FOLDER } from '../data-folder.ts';
import { ROOT } from '../root.ts';

/** A clew that is killed and started again. */
export interface Mortal {
  readonly name: string;
  /** Where it takes leads now; null: it does not, or it only works. */
  readonly address: () => string | null;
  /** Starts it; resolves once it says that it runs. Rejects when it ends before, unless it was killed. */
  readonly start: () => Promise<'up' | 'killed'>;
  /** Kills it at once, wherever it stands, and resolves when it has gone. */
  readonly kill: () => Promise<void>;
}

/** How a clew is started: the arguments of Node before its command, and its environment, of which it gets nothing else. */
export interface MortalOptions {
  readonly name: string;
  readonly program: readonly string[];
  readonly command: 'serve' | 'work';
  readonly env: Readonly<Record<string, string>>;
  readonly died: (why: string) => void; // by itself, after it ran
}

const RUNS = { serve: /takes leads at (http:\S+)/, work: /clew \S+ delivers/ };
const TAIL = 2_000;

/** Builds it; nothing runs before `start`. */
export function createMortal({ name, program, command, env, died }: MortalOptions): Mortal {
  let child: ChildProcess | null = null;
  let gone: Promise<void> = Promise.resolve();
  let killed = false;
  let address: string | null = null;

  function start(): Promise<'up' | 'killed'> {
    const born = spawn(process.execPath, [...program, command], {
      cwd: ROOT,
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: process.env['HOME'] ?? '',
        PORT: '0',
        CLEW_DATA_DIR: DATA_FOLDER,
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = born;
    killed = false;
    let said = '';
    let up = false;
    return new Promise((resolve, reject) => {
      const hear = (chunk: string) => {
        said = (said + chunk).slice(-TAIL);
        const found = up ? null : RUNS[command].exec(said);
        if (found === null) return;
        up = true;
        address = found[1] ?? null;
        resolve('up');
      };
      born.stdout.setEncoding('utf8').on('data', hear);
      born.stderr.setEncoding('utf8').on('data', hear);
      gone = new Promise<void>((left) => {
        born.once('close', (code) => {
          address = null;
          left();
          const why = `${name} ended by itself with ${code}: ${said}`;
          if (killed) resolve('killed');
          else if (up) died(why);
          else reject(new Error(why));
        });
      });
    });
  }

  return {
    name,
    address: () => address,
    start,
    kill: async () => {
      killed = true;
      address = null;
      child?.kill('SIGKILL');
      await gone;
    },
  };
}
