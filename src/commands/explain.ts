import { ConfigError } from '../config.ts';
import { Fault } from '../domain/fault.ts';
import { EmbeddedError } from '../store/embedded-error.ts';
import { MigrationError } from '../store/migrations.ts';
import { CommandError } from './command.ts';

/** What the terminal is told of an error, without a stack, and the exit code. */
export function explain(error: unknown): { readonly sentence: string; readonly exit: 1 | 2 } {
  if (error instanceof CommandError) return { sentence: error.message, exit: error.exit };
  if (error instanceof ConfigError) {
    return {
      sentence: `the configuration is not usable:\n${error.faults.map((fault) => `  ${fault}`).join('\n')}`,
      exit: 2,
    };
  }
  if (error instanceof Fault) return { sentence: error.message, exit: error.code === 'body_invalid' ? 2 : 1 };
  if (error instanceof MigrationError || error instanceof EmbeddedError) return { sentence: error.message, exit: 1 };
  const message = error instanceof Error ? error.message : String(error);
  return { sentence: `unexpected: ${message} (LOG_LEVEL=debug shows where)`, exit: 1 };
}
