import { pino } from 'pino';
import { load } from '../config.ts';
import { banner } from './banner.ts';
import type { Command, Ending, Exit, Io } from './command.ts';
import { settingsHelp } from './help.ts';
import { createReleases } from './releases.ts';

export const serveCommand: Command = {
  name: 'serve',
  summary: 'Take leads: migrate the database, listen, and work until told to stop (default).',
  positionals: [],
  flags: {},
  details: () => `Settings, read from the environment:\n${settingsHelp()}`,
  run: (_given, io) => serve(io),
};

async function serve(io: Io): Promise<Exit> {
  const config = load(io.env);
  const log = pino({ level: config.logLevel }, io.logTo);
  const releases = createReleases(log);
  let draining = false;
  const stopping = io.onStop(config.drainSeconds * 1000, async ({ signal, error }: Ending) => {
    draining = true; // readiness turns red, and a start that is under way ends at its next step
    if (error !== undefined) log.fatal({ err: error }, 'service.failed');
    else log.info({ signal }, 'service.stopping');
    await starting.catch(() => undefined);
    await releases.all();
    log.info('service.stopped');
  });
  const fail = (error: Error) => {
    if (!draining) stopping.end({ error });
  };
  // Loaded here: the routes and all they need take longer to load than most commands take to run.
  const starting = import('./start-service.ts').then(({ startService }) =>
    startService(config, { io, log, releases, draining: () => draining, fail }),
  );
  try {
    const { url, ownKey } = await starting;
    log.info({ url, version: io.version }, 'service.started');
    io.stderr(banner(io.version, url, config, ownKey));
    return 'serving';
  } catch (error) {
    if (draining) return 'serving'; // the process is being ended already
    draining = true;
    await releases.all();
    stopping.release();
    throw error;
  }
}
