import { Registry } from 'prom-client';
import type { Config } from '../config.ts';
import { createSeedSource } from '../flows/seed.ts';
import { workers } from '../workers/index.ts';
import { runWorkers } from '../workers/run.ts';
import { openDeliveries } from './open-deliveries.ts';
import { openDeployment } from './open-deployment.ts';
import { openOutbound } from './open-outbound.ts';
import { chanceOf, type Surroundings } from './surroundings.ts';

/** Starts delivering and the sweeps, and nothing that listens. */
export async function startWork(config: Config, around: Surroundings): Promise<void> {
  const { io, log, releases } = around;
  const { database, vault } = await openDeployment(config, around);
  const outbound = openOutbound(config, io.now, releases);
  const { wake, start } = openDeliveries(config, database, vault, outbound, { ...around, registry: new Registry() });
  const deps = { db: database.db, vault, seeds: createSeedSource(), now: io.now, retention: config, chance: io.chance };
  const running = runWorkers(workers(deps), log, chanceOf(io), wake);
  releases.add('workers', running.stop);
  start();
}
