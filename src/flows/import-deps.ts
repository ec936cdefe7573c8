import type { Instant } from '../domain/instant.ts';
import type { Vault } from '../domain/vault.ts';
import type { Db } from '../store/database.ts';
import type { Lane } from './ingest-resiliently.ts';
import type { Evaluate } from './read-push.ts';
import type { SeedSource } from './seed.ts';

/** What working on imports needs. */
export interface ImporterDeps {
  readonly db: Db;
  readonly vault: Vault;
  readonly seeds: SeedSource;
  readonly clock: () => Instant;
  readonly chance: (bytes: number) => Uint8Array;
  readonly lane: Lane; // a connection of its own
  readonly evaluate: Evaluate;
  readonly region: string; // ISO 3166 alpha-2, of phones without a country code
  readonly maxRows: number; // of a file
  readonly batchRows: number; // of a transaction, while no live leads come
  readonly busy: () => boolean; // whether live leads come
  readonly only: string | null; // work on this import alone; null: on all
  readonly now: (state: 'importing' | 'resting') => void; // told when work begins, and when none is left
  readonly report: (line: ImportReport) => void;
  readonly failed: (row: { readonly importId: string; readonly row: number }, error: unknown) => void; // one that could not be written
}

/** The line of an import that has ended, for the log; no person is in it. */
export interface ImportReport {
  readonly importId: string;
  readonly state: string;
  readonly rows: number;
  readonly code: string | null;
  readonly seconds: number;
}

/** For so long an import is a process's own without a word from it. */
export const LEASE_MS = 30_000;
