import { type ChildProcess, fork } from 'node:child_process';
import { ROOT } from '../test/helpers/root.ts';
import { compiled } from './stage.ts';

/** One request that arrived: on the monotonic clock and on the wall's, in milliseconds. */
export interface Arrival {
  readonly began: number;
  readonly epoch: number;
  readonly name: string; // the lead's external id
  readonly recorded: number; // recorded_at of its event
}

/** What the receiver is asked; it answers with the same number. */
export type ReceiverQuestion = { readonly number: number } & Question;
type Question =
  | { readonly kind: 'reached'; readonly paths: readonly string[]; readonly count: number }
  | { readonly kind: 'forget' | 'record' | 'arrivals' | 'sample' | 'repeated' };

/** A receiver of webhooks, running. */
export interface Receiver {
  readonly url: string;
  readonly pid: number;
  /** Resolves with the moment, in milliseconds of the monotonic clock, when so many different ones had come to the paths. */
  readonly reached: (paths: readonly string[], count: number) => Promise<number>;
  /** Forgets what has come. */
  readonly forget: () => Promise<void>;
  /** Notes from now on what comes, until `arrivals` takes it. */
  readonly record: () => Promise<void>;
  readonly arrivals: () => Promise<readonly Arrival[]>;
  /** The first body since it was asked last. */
  readonly sample: () => Promise<string>;
  /** How many came more than once since it forgot. */
  readonly repeated: () => Promise<number>;
  readonly stop: () => void;
}

/** Starts the receiver. */
export async function openReceiver(): Promise<Receiver> {
  const child = forkBench('delivery-receiver.ts', {});
  const ask = asker<Question>(child);
  const port = await ask.answerTo<number>(0);
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    reached: (paths, count) => ask.ask<number>({ kind: 'reached', paths, count }),
    forget: () => ask.ask<void>({ kind: 'forget' }),
    record: () => ask.ask<void>({ kind: 'record' }),
    arrivals: () => ask.ask<readonly Arrival[]>({ kind: 'arrivals' }),
    sample: () => ask.ask<string>({ kind: 'sample' }),
    repeated: () => ask.ask<number>({ kind: 'repeated' }),
    stop: () => child.disconnect(),
  };
}

/** A program of the bench's folder that is spoken with by IPC; it ends when this process does. */
export function forkBench(file: string, env: Readonly<Record<string, string>>): ChildProcess {
  return fork(compiled(file), [], {
    cwd: ROOT,
    execArgv: ['--no-warnings'],
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

/** Questions by number, and their answers; all fail when the program ends. */
export function asker<Q extends object>(child: ChildProcess) {
  const waiting = new Map<number, { give: (value: never) => void; fail: (error: Error) => void }>();
  let numbers = 0;
  child.on('message', ({ number, value }: { number: number; value: never }) => {
    waiting.get(number)?.give(value);
    waiting.delete(number);
  });
  child.once('exit', (code) => {
    for (const { fail } of waiting.values()) fail(new Error(`a program of the bench ended with ${code}`));
  });
  const answerTo = <T>(number: number): Promise<T> =>
    new Promise<T>((give, fail) => waiting.set(number, { give: give as (value: never) => void, fail }));
  const ask = <T>(question: Q): Promise<T> => {
    numbers += 1;
    child.send({ number: numbers, ...question });
    return answerTo<T>(numbers);
  };
  return { ask, answerTo };
}
