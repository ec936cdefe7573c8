import { randomBytes } from 'node:crypto';
import type { Ending, Exit, Io } from '../../src/commands/command.ts';
import { run } from '../../src/commands/run.ts';
import { DATA_FOLDER } from './data-folder.ts';
import { ROOT } from './root.ts';

/** What one command line did. */
export interface Ran {
  readonly exit: Exit;
  readonly out: string;
  readonly err: string;
  readonly log: readonly Readonly<Record<string, unknown>>[];
  /** Ends a serving command as a signal or an error would. */
  readonly stop: (why: Ending) => Promise<void>;
}

/** Runs a command line in this process. */
export async function runClew(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  more: Partial<Io> = {},
): Promise<Ran> {
  const text = { out: '', err: '', log: '' };
  let stop: (why: Ending) => Promise<void> = async () => undefined;
  const exit = await run(args, {
    env: { CLEW_DATA_DIR: DATA_FOLDER, ...env },
    root: ROOT,
    version: '1.2.3',
    stdout: (line) => {
      text.out += line;
    },
    stderr: (line) => {
      text.err += line;
    },
    logTo: {
      write: (line) => {
        text.log += line;
      },
    },
    now: Date.now,
    chance: randomBytes,
    onStop: (_delay, given) => {
      stop = given;
      return { end: (why) => void given(why), release: () => undefined };
    },
    ...more,
  });
  return {
    exit,
    get out() {
      return text.out;
    },
    get err() {
      return text.err;
    },
    get log() {
      return text.log
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line));
    },
    stop: (why) => stop(why),
  };
}
