import type { Instant } from '../domain/instant.ts';
import type { FetchReports } from '../flows/fetch-leads.ts';
import type { SourceBook } from '../flows/source-book.ts';
import { tokenExpiry } from '../flows/token-expiry.ts';
import type { Worker } from './worker.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const AHEAD_MS = 7 * DAY_MS;

/** Warns, once a day and process, of tokens that expire within a week, or have. */
export function tokenExpiryWorker(
  book: Pick<SourceBook, 'all'>,
  now: () => Instant,
  expiring: FetchReports['expiring'],
): Worker {
  const warned = new Map<string, Instant>();
  return {
    name: 'token-expiry',
    everyMs: HOUR_MS,
    round: async () => {
      for (const loaded of await book.all()) {
        const { id } = loaded.source;
        const at = tokenExpiry(loaded);
        if (at === null || at - now() >= AHEAD_MS || now() - (warned.get(id) ?? 0) < DAY_MS) continue;
        warned.set(id, now());
        expiring(loaded.source, at);
      }
      return 0;
    },
  };
}
