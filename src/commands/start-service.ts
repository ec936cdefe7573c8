import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { type App, createApp } from '../app.ts';
import type { Config } from '../config.ts';
import { newId } from '../flows/new-id.ts';
import { createSeedSource } from '../flows/seed.ts';
import { readMigrations } from '../store/migrations.ts';
import { compareSchema, readApplied } from '../store/schema-state.ts';
import { workers } from '../workers/index.ts';
import { runWorkers } from '../workers/run.ts';
import { spoolWorker } from '../workers/spool.ts';
import { openAdminKey } from './admin-key.ts';
import { urlOf } from './banner.ts';
import { CommandError } from './command.ts';
import { fetchReports } from './fetch-reports.ts';
import { openCapture } from './open-capture.ts';
import { openDeliveries, wakeOthers } from './open-deliveries.ts';
import { openDeployment } from './open-deployment.ts';
import { openImporter } from './open-importer.ts';
import { openInbound } from './open-inbound.ts';
import { openOutbound } from './open-outbound.ts';
import { chanceOf, type Surroundings, step } from './surroundings.ts';

/** A service that listens. */
export interface Service {
  readonly url: string;
  readonly ownKey: string | null; // the admin key, where the service made it
}

/** Starts everything in order: database, schema, keys, the way in, the way out, workers, HTTP. Stops early when told to drain. */
export async function startService(config: Config, around: Surroundings): Promise<Service> {
  const { io, log, releases } = around;
  const { database, vault } = await openDeployment(config, around);
  const ownKey = await step(around, () => openAdminKey(database.db, config, io, log));
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const outbound = openOutbound(config, io.now, releases);
  const delivers = config.workers === 'on';
  const { wake, start } = delivers
    ? openDeliveries(config, database, vault, outbound, { ...around, registry })
    : wakeOthers(database, log, releases);
  const seeds = createSeedSource();
  const capture = openCapture(config, { database, vault, seeds, registry, wake }, around);
  const inbound = await openInbound(
    config,
    { database, vault, capture, seeds, sender: outbound.sender, registry },
    around,
  );
  const spooled = runWorkers([spoolWorker(inbound)], log, chanceOf(io), wake); // here, whoever else works: it is this process's disk
  releases.add('spool', spooled.stop);
  if (delivers) {
    const { db } = database;
    const fetching = { intake: inbound, api: outbound.api, fetches: fetchReports(log) };
    const { evaluate } = inbound;
    const importer = openImporter(config, { database, vault, seeds, evaluate, busy: capture.busy, only: null }, around);
    const deps = { db, vault, seeds, now: io.now, retention: config, chance: io.chance, importer, ...fetching };
    const running = runWorkers(workers(deps), log, chanceOf(io), wake);
    releases.add('workers', running.stop);
  }
  const known = await readMigrations(new URL('migrations/', io.root));
  const app = await step(around, () =>
    createApp({
      limits: config,
      db: database.db,
      vault,
      capture,
      inbound,
      outbound,
      wake,
      readiness: {
        draining: around.draining,
        schemaFault: async () => {
          const state = compareSchema(known, await readApplied(database.pool));
          if (state.kind === 'current') return null;
          return state.kind === 'unusable' ? state.error.message : `the schema lacks ${state.pending.join(', ')}`;
        },
      },
      registry,
      log,
      clock: io.now,
      newRequestId: () => newId(io.now(), io.chance),
      chance: io.chance,
      version: io.version,
    }),
  );
  releases.add('http', async () => app.close());
  const url = await step(around, () => listen(app, config));
  start(); // not before: loading the routes holds up everything else for a while
  return { url, ownKey };
}

async function listen(app: App, { host, port }: Config): Promise<string> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const { code } = error as { readonly code?: string };
    throw new CommandError(1, unable(code, host, port), { cause: error });
  }
  const address = app.server.address() as AddressInfo;
  return urlOf(host, address.port);
}

function unable(code: string | undefined, host: string, port: number): string {
  if (code === 'EADDRINUSE')
    return `port ${port} of ${host} is taken: stop what listens there, or set PORT (0 takes a free one)`;
  if (code === 'EACCES') return `this user may not listen on port ${port}: set PORT to one above 1023`;
  return `cannot listen on port ${port} of ${host} (${code}): set HOST to an address of this machine`;
}
