import { type SpawnOptions, spawn } from 'node:child_process';
import type { Account } from './embedded-account.ts';
import type { ChildFolder } from './embedded-folder.ts';

/** How a program of PostgreSQL ended: its exit code (null: a signal, or it could not be started) and all it printed. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** What every child of ours is started with: none of our environment, so that no PG… variable reaches it. */
export function childOptions(account: Account | undefined): SpawnOptions {
  return { ...account, cwd: '/', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } };
}

/** Runs a program to its end; never throws, a program that cannot be started has ended with code null. */
export async function run(
  account: Account | undefined,
  folder: ChildFolder | undefined,
  program: string,
  args: readonly string[],
): Promise<Ended> {
  const stdio: SpawnOptions['stdio'] = ['ignore', 'pipe', 'pipe'];
  if (folder?.descriptor !== undefined) stdio.push(folder.descriptor);
  return new Promise((resolve) => {
    const output: string[] = [];
    const fail = (error: unknown) => resolve({ code: null, output: `${program}: ${String(error)}` });
    try {
      const child = spawn(program, args, { ...childOptions(account), stdio });
      child.stdout?.setEncoding('utf8').on('data', (text: string) => output.push(text));
      child.stderr?.setEncoding('utf8').on('data', (text: string) => output.push(text));
      child.once('error', fail);
      child.once('close', (code) => resolve({ code, output: output.join('').trim() }));
    } catch (error) {
      // A forbidden uid (root without the right to become another) throws at once instead of an event.
      fail(error);
    }
  });
}
