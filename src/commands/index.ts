import type { Command } from './command.ts';
import { deliveryCommands } from './deliveries.ts';
import { endpointCommands } from './endpoints.ts';
import { importCommand } from './import.ts';
import { keyCommands } from './keys.ts';
import { migrateCommand } from './migrate.ts';
import { openapiCommand } from './openapi.ts';
import { ratingCommands } from './ratings.ts';
import { serveCommand } from './serve.ts';
import { sourceRecordingCommands } from './source-recordings.ts';
import { sourceReplayCommands } from './source-replay.ts';
import { sourceCommands } from './sources.ts';
import { workCommand } from './work.ts';

/** Every command, as `clew --help` lists them. */
export const COMMANDS: readonly Command[] = [
  serveCommand,
  workCommand,
  migrateCommand,
  ...keyCommands,
  ...sourceCommands,
  ...sourceRecordingCommands,
  ...sourceReplayCommands,
  importCommand,
  ...deliveryCommands,
  ...endpointCommands,
  ...ratingCommands,
  openapiCommand,
];

/** What `clew` without a command does. */
export const DEFAULT_COMMAND = 'serve';
