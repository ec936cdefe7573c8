import type { DestinationStream } from 'pino';
import type { Environment } from '../config.ts';
import { isUuid } from '../domain/id.ts';
import type { Instant } from '../domain/instant.ts';

/** 0 done, 1 failed, 2 wrong usage or configuration; `serving`: the process goes on until it is told to stop. */
export type Exit = 0 | 1 | 2 | 'serving';

/** Everything that a command has of the process it runs in. */
export interface Io {
  readonly env: Environment;
  readonly root: URL; // the folder of package.json, migrations/ and openapi/
  readonly version: string;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly columns?: () => number | null; // of the terminal that stderr is; null, or left out: it is none
  readonly logTo: DestinationStream;
  readonly now: () => Instant;
  readonly chance: (bytes: number) => Uint8Array;
  /** Calls `stop` once, at the first signal, uncaught error or `end`, and then ends the process, at the latest after the delay. */
  readonly onStop: (delayMs: number, stop: (why: Ending) => Promise<void>) => Stopping;
}

/** Why the process ends: an error makes it exit 1. */
export interface Ending {
  readonly signal?: string;
  readonly error?: Error;
}

export interface Stopping {
  /** Ends the process as a signal would. */
  readonly end: (why: Ending) => void;
  /** Leaves signals to Node again. */
  readonly release: () => void;
}

/** One `--flag` of a command; `value` names what follows it, none makes it a switch. */
export interface Flag {
  readonly value?: string;
  readonly multiple?: true;
  readonly description: string;
}

/** What was given to a command. */
export interface Given {
  readonly flags: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>;
  readonly positionals: readonly string[];
}

/** One command of the command line. */
export interface Command {
  readonly name: string; // keys create
  readonly summary: string;
  readonly positionals: readonly string[]; // what each is, all required
  readonly optional?: string; // one more that may be left out
  readonly flags: Readonly<Record<string, Flag>>;
  readonly details?: () => string; // more for its --help
  readonly run: (given: Given, io: Io) => Promise<Exit>;
}

/** Ends a command with one sentence for the terminal. */
export class CommandError extends Error {
  readonly exit: 1 | 2;

  constructor(exit: 1 | 2, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CommandError';
    this.exit = exit;
  }
}

/** The flag of every command that prints something. */
export const JSON_FLAG: Readonly<Record<string, Flag>> = { json: { description: 'Print JSON.' } };

/** The text given for a flag; undefined when it was not given. */
export function textOf(given: Given, flag: string): string | undefined {
  const value = given.flags[flag];
  return typeof value === 'string' ? value : undefined;
}

/** Everything given for a flag that can be repeated or hold a list with commas. */
export function listOf(given: Given, flag: string): readonly string[] {
  const value = given.flags[flag];
  const all = Array.isArray(value) ? value : [];
  return all
    .flatMap((item) => String(item).split(','))
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/** A whole number given for a flag; throws a CommandError when it is none. */
export function wholeOf(given: Given, flag: string): number | undefined {
  const text = textOf(given, flag);
  if (text === undefined) return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new CommandError(2, `--${flag} must be a whole number, not ${JSON.stringify(text)}`);
}

/** A text that has to be an id; throws a CommandError when it is none. */
export function idOf(text: string | undefined): string {
  if (text !== undefined && isUuid(text)) return text;
  throw new CommandError(2, `${text} is not an id, such as the list commands show`);
}

/** Prints an answer: JSON where that was asked for, else lines. */
export function answer(given: Given, io: Io, json: unknown, lines: readonly string[]): 0 {
  io.stdout(given.flags['json'] === true ? `${JSON.stringify(json)}\n` : lines.map((line) => `${line}\n`).join(''));
  return 0;
}
