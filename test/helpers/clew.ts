import { type ChildProcess, spawn } from 'node:child_process';
import type { Test } from 'tap';
import { DATA_FOLDER } from './data-folder.ts';
import { ROOT } from './root.ts';

/** A clew in a process of its own. */
export interface RunningClew {
  readonly child: ChildProcess;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves with what a pattern found once it stands in what was printed; rejects when the process ends before. */
  readonly said: (from: 'stdout' | 'stderr', pattern: RegExp) => Promise<RegExpExecArray>;
  readonly exit: Promise<number | null>;
}

/** Starts `clew …` with an environment of nothing but what is given; it is killed when the test ends. */
export function startClew(t: Test, args: readonly string[], env: Readonly<Record<string, string>>): RunningClew {
  const child = spawn(process.execPath, ['dist/main.js', ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', CLEW_DATA_DIR: DATA_FOLDER, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const text = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
      for (const listener of listeners) listener();
    });
  }
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  t.teardown(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  const said: RunningClew['said'] = (from, pattern) =>
    new Promise((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(text[from]);
        if (found === null) return;
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      look();
      void exit.then((code) => reject(new Error(`ended with ${code}: ${text.stderr}`)));
    });
  return { child, stdout: () => text.stdout, stderr: () => text.stderr, said, exit };
}
