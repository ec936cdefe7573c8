import type { Command } from './command.ts';
import { runUntilStopped } from './run-until-stopped.ts';

export const workCommand: Command = {
  name: 'work',
  summary: 'Deliver and sweep without listening, until told to stop; any number may run beside serve.',
  positionals: [],
  flags: {},
  details: () => 'Reads the same settings as serve. Set CLEW_WORKERS=off for serve where only these are to deliver.\n',
  run: (_given, io) =>
    runUntilStopped(io, {
      name: 'worker',
      running: 'share',
      start: async (config, around) => {
        const { startWork } = await import('./start-work.ts');
        await startWork(config, around);
        around.log.info({ version: io.version }, 'worker.started');
        return `clew ${io.version} delivers. Ctrl-C stops it.\n`;
      },
    }),
};
