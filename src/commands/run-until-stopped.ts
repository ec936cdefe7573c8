import { pino } from 'pino';
import { type Config, load } from '../config.ts';
import type { Ending, Exit, Io } from './command.ts';
import type { Running } from './open-database.ts';
import { createReleases } from './releases.ts';
import type { Surroundings } from './surroundings.ts';

/** What a process that goes on until it is told to stop does: `start` begins it, and answers what to print when it has begun. */
export interface Service {
  readonly name: string; // of its lines in the log
  readonly running: Running;
  readonly start: (config: Config, around: Surroundings) => Promise<string>;
}

/** Runs a service until a signal, and releases in reverse order what it had begun, however far it had come. */
export async function runUntilStopped(io: Io, { name, running, start }: Service): Promise<Exit> {
  const config = load(io.env);
  const log = pino({ level: config.logLevel }, io.logTo);
  const releases = createReleases(log);
  let draining = false;
  const stopping = io.onStop(config.drainSeconds * 1000, async ({ signal, error }: Ending) => {
    draining = true; // readiness turns red, and a start that is under way ends at its next step
    if (error !== undefined) log.fatal({ err: error }, `${name}.failed`);
    else log.info({ signal }, `${name}.stopping`);
    await starting.catch(() => undefined);
    await releases.all();
    log.info(`${name}.stopped`);
  });
  const fail = (error: Error) => {
    if (!draining) stopping.end({ error });
  };
  const starting = start(config, { io, log, releases, running, draining: () => draining, fail });
  try {
    io.stderr(await starting);
    return 'serving';
  } catch (error) {
    if (draining) return 'serving'; // the process is being ended already
    draining = true;
    await releases.all();
    stopping.release();
    throw error;
  }
}
