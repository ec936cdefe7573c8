import { ErasedRows, LostImport } from '../domain/lost-import.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Vault } from '../domain/vault.ts';
import type { IngestConnection } from '../store/session.ts';
import type { DirectoryBook } from './directory-book.ts';
import { type Beside, ingest } from './ingest.ts';
import type { Prepared } from './prepare.ts';

/** A lane of ingest: one connection, opened when needed and again after it broke, and what its lanes know of the directory. */
export interface Lane {
  readonly connection: () => Promise<IngestConnection>;
  readonly directory: DirectoryBook;
}

/** Why an item could not be judged: the database is away, or this very item cannot be written. Nothing of it was. */
export interface IngestFailure {
  readonly code: 'database_unavailable' | 'ingest_failed';
  readonly cause: unknown;
}

type Result =
  | { readonly kind: 'judged'; readonly outcome: Outcome }
  | { readonly kind: 'failed'; readonly failure: IngestFailure };

interface Tally {
  tries: number;
}

/**
 * Ingests a batch whatever happens: a lost race (deadlock, serialization, a key taken meanwhile, a merge meanwhile) is tried
 * again, an error of unknown cause splits the batch in halves until the item that is at fault stands alone, and a database that
 * is away fails them all without more attempts.
 */
export async function ingestResiliently(
  lane: Lane,
  vault: Vault,
  batch: readonly Prepared[],
  clock: () => number,
  beside: Beside | null = null,
): Promise<{ readonly results: readonly Result[]; readonly tries: number }> {
  const tally: Tally = { tries: 0 };
  const results = await attempt({ lane, vault, clock, beside, tally }, batch);
  return { results, tries: tally.tries };
}

interface Attempting {
  readonly lane: Lane;
  readonly vault: Vault;
  readonly clock: () => number;
  readonly beside: Beside | null;
  readonly tally: Tally;
}

const RACES_MAX = 8;
const UNIQUE = '23505';
// Somebody holds a person for long: the batch is split at once, so that strangers do not wait for that one.
const LOCK_TIMEOUT = '55P03';

async function attempt(deps: Attempting, batch: readonly Prepared[]): Promise<readonly Result[]> {
  const { lane, vault, clock, beside, tally } = deps;
  let error: unknown;
  for (let race = 0; race < RACES_MAX; race += 1) {
    tally.tries += 1;
    try {
      const connection = await lane.connection();
      const outcomes = await ingest(connection, vault, batch, { at: clock(), directory: lane.directory, beside });
      return outcomes.map((outcome) => ({ kind: 'judged', outcome }));
    } catch (caught) {
      if (caught instanceof LostImport || caught instanceof ErasedRows) throw caught; // for the import to deal with
      error = caught;
      if (!isRace(caught) || codeOf(caught) === LOCK_TIMEOUT) break;
    }
  }
  if (isUnavailable(error)) return failed(batch, 'database_unavailable', error);
  if (batch.length === 1 && isRace(error) && codeOf(error) !== UNIQUE)
    return failed(batch, 'database_unavailable', error);
  if (batch.length === 1) return failed(batch, 'ingest_failed', error);
  const middle = batch.length >> 1;
  const left = await attempt(deps, batch.slice(0, middle));
  const right = await attempt(deps, batch.slice(middle));
  return [...left, ...right];
}

function failed(batch: readonly Prepared[], code: IngestFailure['code'], cause: unknown): readonly Result[] {
  return batch.map(() => ({ kind: 'failed', failure: { code, cause } }));
}

/** The code of an error; '' where it has none. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

// Deadlock, serialization failure, unique violation (a key or an open lead made meanwhile), lock timeout, a fence (a key or a
// quarantine entry changed meanwhile: division by zero, which nothing else does), a merge meanwhile.
const RACES: ReadonlySet<string> = new Set(['40P01', '40001', '23505', '55P03', '22012', 'stale_root']);

/** Whether an error is a lost race or a lock that somebody holds: tried again it may come off. */
export function isRace(error: unknown): boolean {
  return RACES.has(codeOf(error));
}

// Connection exceptions, insufficient resources, operator intervention, system errors, read-only: no item is at fault.
const AWAY = /^(?:08...|53...|57...|58...|25006|E[A-Z]{3,})$/;
// The driver's own errors carry no code.
const LOST =
  /connection terminated|connection error|timeout expired|read timeout|not queryable|terminating connection/i;

/** Whether an error says that the database is away, and nothing of what was asked of it. */
export function isUnavailable(error: unknown): boolean {
  return AWAY.test(codeOf(error)) || (error instanceof Error && LOST.test(error.message));
}
