import type { Command } from './command.ts';
import { keyCommands } from './keys.ts';
import { migrateCommand } from './migrate.ts';
import { openapiCommand } from './openapi.ts';
import { serveCommand } from './serve.ts';
import { sourceCommands } from './sources.ts';

/** Every command, as `clew --help` lists them. */
export const COMMANDS: readonly Command[] = [
  serveCommand,
  migrateCommand,
  ...keyCommands,
  ...sourceCommands,
  openapiCommand,
];

/** What `clew` without a command does. */
export const DEFAULT_COMMAND = 'serve';
