import type { Instant } from '../domain/instant.ts';
import type { Source } from '../domain/source.ts';
import { retryRefusedFetches, sourcesToFetch } from '../store/lead-fetch-list.ts';
import { claimFetches } from '../store/lead-fetches.ts';
import { type FetchLeadDeps, fetchLead } from './fetch-lead.ts';
import { afterFetches, type FetchEnd, type FetchPace, refillFetchPace, roomOf, startFetchPace } from './fetch-pause.ts';
import type { LoadedSource, SourceBook } from './source-book.ts';

/** What fetching of leads needs of the process. */
export interface FetchLeadsDeps extends FetchLeadDeps {
  readonly book: SourceBook;
  readonly reports: FetchReports;
}

/** What fetching tells of itself; nothing in it names a person. */
export interface FetchReports {
  readonly refused: (source: Source) => void; // its token
  readonly expiring: (source: Source, at: Instant) => void; // its token
  readonly failed: (sourceId: string, error: unknown) => void;
}

/** Fetches leads of thin pushes, round by round. */
export interface LeadFetcher {
  /** Fetches what is due of every active source, each within its rate; answers how many were asked for. */
  readonly round: () => Promise<number>;
}

const LEASE_MS = 30_000; // 10 s to ask, and time to wait for the way in

/** A fetcher with the paces of this process: a source's requests per minute are those of one process. */
export function createLeadFetcher(deps: FetchLeadsDeps): LeadFetcher {
  const paces = new Map<string, FetchPace>();

  async function roundOf(sourceId: string): Promise<number> {
    const loaded = await deps.book.byId(sourceId);
    const fetch = loaded?.channel.fetch ?? null;
    if (loaded === null || fetch === null || loaded.source.state !== 'active') return 0;
    const { settings, version } = loaded.source;
    const perMinute = settings.requests_per_minute ?? fetch.requestsPerMinute;
    const now = deps.clock();
    const pace = refillFetchPace(paces.get(sourceId) ?? startFetchPace(perMinute, now), perMinute, version, now);
    paces.set(sourceId, pace);
    const most = roomOf(pace, now);
    if (most === 0) return 0;
    const claimed = await claimFetches(deps.db, { sourceId, most, leaseMs: LEASE_MS, now });
    const ended = await Promise.all(
      claimed.map((one) =>
        fetchLead(deps, loaded, fetch, one).catch((error: unknown): FetchEnd => {
          deps.reports.failed(sourceId, error);
          return { kind: 'done' };
        }),
      ),
    );
    paces.set(sourceId, afterFetches(pace, ended, deps.clock()));
    if (ended.some(({ kind }) => kind === 'refused')) await told(loaded);
    return claimed.length;
  }

  /** Tells of a refused token, unless the source has been changed while it was being used. */
  async function told({ source }: LoadedSource): Promise<void> {
    await deps.book.refresh();
    const fresh = (await deps.book.byId(source.id))?.source;
    if (fresh !== undefined && fresh.version !== source.version) {
      await retryRefusedFetches(deps.db, source.id, deps.clock());
    } else {
      deps.reports.refused(source);
    }
  }

  return {
    round: async () => {
      const due = await sourcesToFetch(deps.db, deps.clock());
      const counts = await Promise.all(
        due.map((sourceId) =>
          roundOf(sourceId).catch((error: unknown) => {
            deps.reports.failed(sourceId, error);
            return 0;
          }),
        ),
      );
      return counts.reduce((sum, count) => sum + count, 0);
    },
  };
}
