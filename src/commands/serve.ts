import { banner } from './banner.ts';
import type { Command } from './command.ts';
import { settingsHelp } from './help.ts';
import { runUntilStopped } from './run-until-stopped.ts';

export const serveCommand: Command = {
  name: 'serve',
  summary: 'Take leads: migrate the database, listen, deliver, and work until told to stop (default).',
  positionals: [],
  flags: {},
  details: () => `Settings, read from the environment:\n${settingsHelp()}`,
  run: (_given, io) =>
    runUntilStopped(io, {
      name: 'service',
      running: 'refuse',
      start: async (config, around) => {
        // Loaded here: the routes and all they need take longer to load than most commands take to run.
        const { startService } = await import('./start-service.ts');
        const { url, ownKey } = await startService(config, around);
        around.log.info({ url, version: io.version }, 'service.started');
        return banner(io.version, url, config, ownKey);
      },
    }),
};
