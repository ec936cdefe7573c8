import type { Logger } from 'pino';
import { CommandError, type Io } from './command.ts';
import type { Running } from './open-database.ts';
import type { Releases } from './releases.ts';

/** What starting asks and tells of the process around it. */
export interface Surroundings {
  readonly io: Io;
  readonly log: Logger;
  readonly releases: Releases; // gets what has been started, as it is
  readonly running: Running; // what to do about our own PostgreSQL where another process runs it
  readonly draining: () => boolean;
  readonly fail: (error: Error) => void; // something the process cannot go on without has ended
}

/** Does the next step, unless the process has been told to end meanwhile. */
export async function step<T>(around: Surroundings, next: () => Promise<T>): Promise<T> {
  if (around.draining()) throw new CommandError(1, 'told to stop while starting');
  return next();
}

/** Uniform in [0, 1). */
export function chanceOf(io: Pick<Io, 'chance'>): () => number {
  return () => Buffer.from(io.chance(4)).readUInt32BE() / 2 ** 32;
}
