import { createDrainBook } from '../../src/flows/drain-book.ts';
import { drainPools } from '../../src/flows/drain-pools.ts';
import { createSeedSource } from '../../src/flows/seed.ts';
import type { Service } from './service.ts';
import { NOON } from './staffed.ts';

/** A round of the drain; its own process, as far as it knows. */
export function drain(s: Service, at: number = NOON, book = createDrainBook()): Promise<number> {
  return drainPools(s.db, s.vault, createSeedSource(), at, book);
}
