import type { FastifyBaseLogger } from 'fastify';
import { Gauge, type Registry } from 'prom-client';
import type { Instant } from '../domain/instant.ts';
import type { Db } from '../store/database.ts';
import { readBacklog, readDead, readFeedHeld, readPaused } from '../store/delivery-figures.ts';

/** What the gauges read from, and where they tell what they could not read. */
export interface GaugeDeps {
  readonly db: Db;
  readonly registry: Registry;
  readonly clock: () => Instant;
  readonly log: FastifyBaseLogger;
}

const KEPT_MS = 10_000; // scrapers of several processes and people at a screen do not each count the queue
const DAY_MS = 86_400_000;

/** Gauges of the way out, read from the database at a scrape; one that cannot be read is left out of it. */
export function gaugeDeliveries(deps: GaugeDeps): void {
  const { db, registry, clock } = deps;
  const backlog = kept(deps, () => readBacklog(db));
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[], fill: Fill<L>): void => {
    new Gauge<L>({
      name,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      async collect() {
        this.reset();
        await fill((labels, value) => this.set(labels, value));
      },
    });
  };
  gauge('clew_delivery_pending', 'Deliveries that are still to be sent.', ['endpoint'], async (set) => {
    for (const { endpoint_id, pending } of (await backlog()) ?? []) set({ endpoint: endpoint_id }, pending);
  });
  gauge(
    'clew_delivery_oldest_pending_seconds',
    'Age of the oldest event that is still to be sent.',
    ['endpoint'],
    async (set) => {
      const now = clock();
      for (const { endpoint_id, oldest } of (await backlog()) ?? []) {
        set({ endpoint: endpoint_id }, secondsSince(oldest, now));
      }
    },
  );
  const paused = kept(deps, () => readPaused(db));
  gauge('clew_endpoint_paused', '1 for an endpoint that is paused.', ['endpoint', 'reason'], async (set) => {
    for (const { id, reason } of (await paused()) ?? []) set({ endpoint: id, reason: reason ?? 'operator' }, 1);
  });
  const dead = kept(deps, () => readDead(db, clock() - DAY_MS));
  gauge('clew_delivery_dead', 'Deliveries given up in the last 24 hours.', ['endpoint'], async (set) => {
    for (const row of (await dead()) ?? []) set({ endpoint: row.endpoint_id }, row.dead);
  });
  const held = kept(deps, async () => ({ since: await readFeedHeld(db) }));
  gauge(
    'clew_event_feed_lag_seconds',
    'Age of the first event that the feed holds back behind a running transaction.',
    [],
    async (set) => {
      const found = await held();
      if (found !== null) set({}, secondsSince(found.since, clock()));
    },
  );
}

type Fill<L extends string> = (set: (labels: Partial<Record<L, string>>, value: number) => void) => Promise<void>;

function secondsSince(since: Instant | null, now: Instant): number {
  return since === null ? 0 : Math.max(0, now - since) / 1000;
}

/** What a reading gave, for ten seconds; null where it failed. Scrapes at the same time share one. */
export function kept<T>({ clock, log }: GaugeDeps, read: () => Promise<T>): () => Promise<T | null> {
  let last: { readonly at: Instant; readonly found: Promise<T | null> } | null = null;
  return () => {
    const now = clock();
    if (last === null || now - last.at >= KEPT_MS || now < last.at) {
      const found = read().catch((error: unknown) => {
        log.warn({ err: error }, 'metrics.unread');
        return null;
      });
      last = { at: now, found };
    }
    return last.found;
  };
}
