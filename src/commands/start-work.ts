import { Registry } from 'prom-client';
import type { Config } from '../config.ts';
import { createIntake } from '../flows/intake.ts';
import { createSeedSource } from '../flows/seed.ts';
import { createMapper } from '../webhooks/mapping.ts';
import { workers } from '../workers/index.ts';
import { runWorkers } from '../workers/run.ts';
import { fetchReports } from './fetch-reports.ts';
import { openCapture } from './open-capture.ts';
import { openDeliveries } from './open-deliveries.ts';
import { openDeployment } from './open-deployment.ts';
import { openImporter } from './open-importer.ts';
import { openOutbound } from './open-outbound.ts';
import { chanceOf, type Surroundings } from './surroundings.ts';

/** Starts delivering, fetching and the sweeps, and nothing that listens. */
export async function startWork(config: Config, around: Surroundings): Promise<void> {
  const { io, log, releases } = around;
  const { database, vault } = await openDeployment(config, around);
  const { db } = database;
  const outbound = openOutbound(config, io.now, releases);
  const registry = new Registry();
  const { wake, start } = openDeliveries(config, database, vault, outbound, { ...around, registry });
  const seeds = createSeedSource();
  const capture = openCapture(config, { database, vault, seeds, registry, wake }, around);
  const mapper = createMapper();
  releases.add('field maps', mapper.close);
  const intake = createIntake({
    db,
    vault,
    capture,
    seeds,
    mapper,
    clock: io.now,
    sourceSeconds: config.keyCacheSeconds,
    failed: (what, error) => log.error({ what, err: error }, 'inbound.failed'),
  });
  const fetching = { intake, api: outbound.api, fetches: fetchReports(log) };
  const { evaluate } = intake;
  const importer = openImporter(config, { database, vault, seeds, evaluate, busy: capture.busy, only: null }, around);
  const deps = { db, vault, seeds, now: io.now, retention: config, chance: io.chance, importer, ...fetching };
  const running = runWorkers(workers(deps), log, chanceOf(io), wake);
  releases.add('workers', running.stop);
  start();
}
