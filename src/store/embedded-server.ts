import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Account } from './embedded-account.ts';
import type { Binaries } from './embedded-binaries.ts';
import { EmbeddedError } from './embedded-error.ts';
import { withFolder } from './embedded-folder.ts';
import { childOptions } from './embedded-run.ts';
import { SUPERVISOR, stopServer } from './embedded-takeover.ts';

/** A running server. `ended` resolves with its last lines once all its processes are gone, however they went. */
export interface Server {
  readonly ended: Promise<string>;
  readonly stop: () => Promise<void>;
}

/** What a server is started with; `settings` are PostgreSQL's own, given on its command line. */
export interface ServerOptions {
  readonly cluster: string;
  readonly binaries: Binaries;
  readonly account: Account | undefined;
  readonly settings: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}

// Passes on the signals that the service names, and says stop when the service is gone: killed, it can do nothing more
// itself, but its end of the pipe closes. Ignores the signals of a terminal and a shutdown, so that the service drains first.
const SUPERVISE = `"$@" </dev/null &
server=$!
trap '' HUP INT TERM
exec >/dev/null 2>&1
while read -r signal; do kill -s "$signal" "$server"; done
kill -s INT "$server"
wait "$server"`;

const READY = 'database system is ready to accept connections';
const LAST_LINES = 12;
// A fast stop writes a checkpoint; past this it is cut short, and the next start replays the log instead.
const STOP_MS = 20_000;

/** Starts the server and returns when it takes connections, recovery included. Throws embedded_failed with its last lines. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { cluster, binaries, account, log } = options;
  const settings = Object.entries(options.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const supervisor = await withFolder(cluster, account, async (folder) =>
    spawn('/bin/sh', ['-c', SUPERVISE, SUPERVISOR, binaries.postgres, '-D', folder.path, ...settings], {
      ...childOptions(account),
      // A process group of its own: Ctrl-C in the terminal goes to the service alone.
      detached: true,
      stdio: ['pipe', 'ignore', 'pipe', ...(folder.descriptor === undefined ? [] : [folder.descriptor])],
    }),
  );
  const { stdin, stderr } = supervisor;
  if (stdin === null || stderr === null) throw new EmbeddedError('embedded_failed', 'no pipe to the supervisor');
  // A supervisor that was killed is seen below, by its exit.
  stdin.on('error', () => undefined);
  const supervised = new Promise<void>((resolve) => {
    supervisor.once('exit', () => resolve());
    supervisor.once('error', (error) => {
      log(String(error));
      resolve();
    });
  });
  const last: string[] = [];
  const lines = createInterface({ input: stderr });
  const started = new Promise<void>((resolve) => {
    lines.on('line', (line) => {
      log(line);
      last.push(line);
      if (last.length > LAST_LINES) last.shift();
      if (line.includes(READY)) resolve();
    });
  });
  // The supervisor closes its own, so the pipe ends when the last process of the server is gone.
  const drained = new Promise<void>((resolve) => lines.once('close', resolve));
  const ended = drained.then(async () => {
    stdin.end();
    await supervised;
    return last.join('\n');
  });
  const failed = ended.then((output) => {
    throw new EmbeddedError('embedded_failed', `PostgreSQL did not start on ${cluster}:\n${output}`);
  });
  await Promise.race([started, failed]);
  failed.catch(() => undefined);
  return { ended, stop };

  async function stop(): Promise<void> {
    stdin?.write('INT\n');
    const hurry = setTimeout(() => stdin?.write('QUIT\n'), STOP_MS);
    const first = await Promise.race([drained.then(() => 'drained'), supervised.then(() => 'alone')]);
    // Without its supervisor the server is reached by its pid file.
    if (first === 'alone') await stopServer(cluster, binaries, account);
    await ended;
    clearTimeout(hurry);
  }
}
