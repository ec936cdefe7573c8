import type { ImportState } from '../domain/import.ts';

const ENDS: ReadonlySet<ImportState> = new Set(['previewed', 'completed', 'failed', 'cancelled', 'reverted']);

/** Whether nothing more happens to an import by itself. */
export function hasEnded(state: ImportState): boolean {
  return ENDS.has(state);
}
