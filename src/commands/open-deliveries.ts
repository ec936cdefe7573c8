import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Config } from '../config.ts';
import type { Vault } from '../domain/vault.ts';
import { createWaker } from '../flows/waker.ts';
import { listenForDeliveries, notifyDeliveries } from '../store/wake-channel.ts';
import type { Outbound } from '../webhooks/outbound.ts';
import { createDeliveries } from '../workers/deliveries.ts';
import type { Io } from './command.ts';
import { deliveryReports } from './delivery-reports.ts';
import type { OpenDatabase } from './open-database.ts';
import type { Releases } from './releases.ts';

/** What delivering needs of the process around it. */
export interface DeliverySurroundings {
  readonly io: Pick<Io, 'now' | 'chance' | 'version'>;
  readonly log: Logger;
  readonly releases: Releases;
  readonly registry: Registry;
}

const LISTEN_AGAIN_MS = 1_000;

/** What delivers, with what tells this process and all others that something may be due. */
export interface OpenDeliveries {
  readonly wake: () => void;
  readonly start: () => void;
}

/** Opens what delivers; it begins when it is started. */
export function openDeliveries(
  config: Pick<Config, 'deliveryConcurrency'>,
  database: OpenDatabase,
  vault: Vault,
  outbound: Outbound,
  { io, log, releases, registry }: DeliverySurroundings,
): OpenDeliveries {
  const deliveries = createDeliveries({
    db: database.db,
    databaseUrl: database.url,
    vault,
    outbound,
    clock: io.now,
    chance: io.chance,
    concurrency: config.deliveryConcurrency,
    version: io.version,
    reports: deliveryReports(registry, log),
  });
  releases.add('deliveries', deliveries.close);
  const wake = wakerOver(database, log, releases, { local: deliveries.wake, others: deliveries.others });
  return {
    wake,
    start: () => {
      const listening = listenForDeliveries(database.url, deliveries.wake, LISTEN_AGAIN_MS);
      releases.add('listening', listening.end);
      deliveries.start();
      // Released first: nothing more is claimed while requests and the rest come to their end.
      releases.add('claiming', async () => void deliveries.stop());
    },
  };
}

/** For a process that does not deliver itself: tells those that do. */
export function wakeOthers(database: OpenDatabase, log: Logger, releases: Releases): OpenDeliveries {
  const none = () => undefined;
  return { wake: wakerOver(database, log, releases, { local: none, others: () => 1 }), start: none };
}

function wakerOver(
  { db }: OpenDatabase,
  log: Logger,
  releases: Releases,
  ends: { readonly local: () => void; readonly others: () => number },
): () => void {
  const failed = (error: unknown) => log.warn({ err: error }, 'deliveries.not_notified');
  const waker = createWaker({ ...ends, notify: () => notifyDeliveries(db), failed });
  releases.add('waker', waker.close);
  return waker.wake;
}
