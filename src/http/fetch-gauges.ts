import { Gauge } from 'prom-client';
import { tokenExpiry } from '../flows/token-expiry.ts';
import { readFetchBacklog } from '../store/lead-fetch-list.ts';
import { type GaugeDeps, kept } from './delivery-gauges.ts';
import type { AppDeps } from './deps.ts';

/** Gauges of the leads that are still to be fetched, and of the tokens that they are fetched with; read at a scrape. */
export function gaugeFetches(deps: GaugeDeps & Pick<AppDeps, 'inbound'>): void {
  const { db, registry, clock, inbound } = deps;
  const backlog = kept(deps, () => readFetchBacklog(db));
  const sources = kept(deps, () => inbound.book.all());
  const gauge = (name: string, help: string, read: () => Promise<readonly (readonly [string, number])[]>): void => {
    new Gauge({
      name,
      help,
      labelNames: ['source'],
      registers: [registry],
      async collect() {
        this.reset();
        for (const [source, value] of await read()) this.set({ source }, value);
      },
    });
  };
  gauge('clew_fetch_pending', 'Leads that are still to be fetched from a platform.', async () =>
    ((await backlog()) ?? []).map(({ sourceId, pending }) => [sourceId, pending]),
  );
  gauge('clew_fetch_oldest_pending_seconds', 'Age of the oldest lead that is still to be fetched.', async () =>
    ((await backlog()) ?? []).map(({ sourceId, oldest }) => [sourceId, Math.max(0, clock() - oldest) / 1000]),
  );
  gauge('clew_fetch_unauthorised', 'Leads that wait for a new token: the platform refuses the present one.', async () =>
    ((await backlog()) ?? []).map(({ sourceId, refused }) => [sourceId, refused]),
  );
  gauge(
    'clew_token_expires_seconds',
    'Time until the token of a source expires, where somebody has said when.',
    async () =>
      ((await sources()) ?? []).flatMap((loaded) => {
        const at = tokenExpiry(loaded);
        return at === null ? [] : [[loaded.source.id, (at - clock()) / 1000] as const];
      }),
  );
}
