#!/usr/bin/env node
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import type { Ending, Io, Stopping } from './commands/command.ts';
import { run } from './commands/run.ts';

// npm hands Ctrl-C on to a process that has had it from the terminal already: so near a first one, a second is the same.
const SAME_SIGNAL_MS = 500;

const root = new URL('../', import.meta.url);
const { version } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { readonly version: string };

// What reads our output may end before us, as `head` does.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

const io: Io = {
  env: process.env,
  root,
  version,
  stdout: (text) => process.stdout.write(text),
  stderr: (text) => process.stderr.write(text),
  columns: () => (process.stderr.isTTY ? process.stderr.columns : null),
  logTo: pino.destination({ dest: 1, sync: true }),
  now: Date.now,
  chance: randomBytes,
  onStop,
};

const exit = await run(process.argv.slice(2), io);
if (exit !== 'serving') {
  process.exitCode = exit;
  // Everything is released by now; should something still hold the process, it does not for long.
  setTimeout(() => process.exit(), 3000).unref();
}

function onStop(delayMs: number, stop: (why: Ending) => Promise<void>): Stopping {
  let ending: Ending | null = null;
  const grace = closeWithGrace(
    {
      delay: delayMs,
      logger: false,
      skip: ['SIGINT', 'SIGTERM'],
      onTimeout: () => io.stderr(`clew: not everything ended within ${delayMs / 1000} s: stopping at once\n`),
    },
    async ({ err }) => {
      const why = ending ?? (err === undefined ? {} : { error: err });
      await stop(why);
      if (why.error !== undefined) throw why.error; // exit 1
    },
  );
  const end = (why: Ending) => {
    ending = why;
    grace.close();
  };
  let first: number | null = null;
  const onSignal = (signal: string) => {
    const now = performance.now();
    if (first === null) {
      first = now;
      end({ signal });
    } else if (now - first > SAME_SIGNAL_MS) {
      io.stderr(`clew: second ${signal}: stopping at once\n`);
      process.exit(1);
    }
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  const release = () => {
    grace.uninstall();
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  };
  return { end, release };
}
