import { setTimeout as wait } from 'node:timers/promises';
import type { Import, ImportState } from '../domain/import.ts';
import { findImport } from '../store/imports.ts';
import type { RouteDeps } from './deps.ts';
import type { StreamItem } from './event-stream.ts';
import { importProgress } from './views/import.ts';

const LOOK_MS = 1_000;
const ALIVE_MS = 15_000; // proxies close what is silent for a minute, some for half of it

/** States in which nothing more happens by itself. */
const ENDS: ReadonlySet<ImportState> = new Set(['previewed', 'completed', 'failed', 'cancelled', 'reverted']);

/** Tells how far an import is, at once and each second while it changes, then `done`; ends when `closing` says so. */
export async function* watchImport(
  { db, clock, readiness }: Pick<RouteDeps, 'db' | 'clock' | 'readiness'>,
  found: Import,
  closing: AbortSignal,
): AsyncGenerator<StreamItem> {
  let last = -1;
  let silentMs = 0;
  for (let now: Import | null = found; now !== null; now = await findImport(db, found.id)) {
    const ended = ENDS.has(now.state);
    if (ended || now.version !== last) {
      yield { event: ended ? 'done' : 'progress', data: importProgress(now, clock()) };
      last = now.version;
      silentMs = 0;
    } else if (silentMs >= ALIVE_MS) {
      yield 'alive';
      silentMs = 0;
    }
    if (ended || closing.aborted || readiness.draining()) return;
    const slept = await wait(LOOK_MS, true, { signal: closing }).catch(() => false);
    if (!slept) return;
    silentMs += LOOK_MS;
  }
}
