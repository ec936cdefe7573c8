import { Gauge, type Registry } from 'prom-client';
import type { Config } from '../config.ts';
import type { Vault } from '../domain/vault.ts';
import { type Capture, createCapture } from '../flows/capture.ts';
import { createLanes } from '../flows/lanes.ts';
import type { SeedSource } from '../flows/seed.ts';
import { sessionOf } from '../store/session.ts';
import type { OpenDatabase } from './open-database.ts';
import type { Surroundings } from './surroundings.ts';

/** What the way in is opened with. */
export interface CaptureParts {
  readonly database: OpenDatabase;
  readonly vault: Vault;
  readonly seeds: SeedSource;
  readonly registry: Registry;
  readonly wake: () => void; // tells the deliverers that something may be due
}

/** Opens the one way in over connections of its own. */
export function openCapture(
  config: Config,
  { database, vault, seeds, registry, wake }: CaptureParts,
  { io, log, releases }: Surroundings,
): Capture {
  const { lanes, close } = createLanes(database.url, config.ingestConnections);
  releases.add('lanes', close);
  const capture = createCapture({
    vault,
    seeds,
    clock: io.now,
    region: config.defaultRegion,
    lanes,
    batchMax: config.ingestBatchMax,
    queueMax: config.queueMax,
    readOnly: (read) =>
      database.db
        .transaction()
        .setAccessMode('read only')
        .execute((tx) => read(sessionOf(tx))),
    report: (line) => {
      wake(); // its events are committed: the answers need not be sent first
      log.info(line, 'batch.ingested');
    },
  });
  releases.add('capture', capture.idle);
  new Gauge({
    name: 'clew_capture_waiting',
    help: 'Submissions that wait for a transaction.',
    registers: [registry],
    collect() {
      this.set(capture.waiting());
    },
  });
  return capture;
}
