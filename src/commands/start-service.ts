import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { type App, createApp } from '../app.ts';
import type { Config } from '../config.ts';
import type { Vault } from '../domain/vault.ts';
import { type Capture, createCapture } from '../flows/capture.ts';
import { createLanes } from '../flows/lanes.ts';
import { newId } from '../flows/new-id.ts';
import { createSeedSource, type SeedSource } from '../flows/seed.ts';
import { migrate } from '../store/migrate.ts';
import { readMigrations } from '../store/migrations.ts';
import { ensurePartitions } from '../store/partitions.ts';
import { ensurePolicy } from '../store/policies.ts';
import { compareSchema, readApplied } from '../store/schema-state.ts';
import { sessionOf } from '../store/session.ts';
import { workers } from '../workers/index.ts';
import { runWorkers } from '../workers/run.ts';
import { openAdminKey } from './admin-key.ts';
import { urlOf } from './banner.ts';
import { CommandError, type Io } from './command.ts';
import { type OpenDatabase, openDatabase } from './open-database.ts';
import { openVault } from './open-vault.ts';
import type { Releases } from './releases.ts';

/** What starting asks and tells of the process around it. */
export interface Surroundings {
  readonly io: Io;
  readonly log: Logger;
  readonly releases: Releases; // gets what has been started, as it is
  readonly draining: () => boolean;
  readonly fail: (error: Error) => void; // something the service cannot go on without has ended
}

/** A service that listens. */
export interface Service {
  readonly url: string;
  readonly ownKey: string | null; // the admin key, where the service made it
}

/** Starts everything in order: database, schema, keys, the way in, workers, HTTP. Stops early when told to drain. */
export async function startService(config: Config, around: Surroundings): Promise<Service> {
  const { io, log, releases } = around;
  const database = await openDatabase(config, 'refuse', log);
  releases.add('database', database.close);
  void database.ended.then((said) => around.fail(new Error(`the own PostgreSQL has ended: ${said}`)));
  const folder = new URL('migrations/', io.root);
  const migrated = await step(around, () => migrate(database.pool, folder));
  if (migrated.applied.length > 0) log.info(migrated, 'schema.migrated');
  await step(around, () => makePartitions(database, around));
  await step(around, () => ensurePolicy(database.db, io.now()));
  const vault = await step(around, () => openVault(database.db, config, io));
  const ownKey = await step(around, () => openAdminKey(database.db, config, io, log));
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const seeds = createSeedSource();
  const capture = openCapture(config, database, vault, seeds, registry, around);
  const deps = { db: database.db, vault, seeds, now: io.now, retention: config };
  const running = runWorkers(workers(deps), log, chanceOf(io));
  releases.add('workers', running.stop);
  const known = await readMigrations(folder);
  const app = await step(around, () =>
    createApp({
      limits: config,
      db: database.db,
      vault,
      capture,
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
  return { url, ownKey };
}

/** Does the next step, unless the process has been told to end meanwhile. */
async function step<T>(around: Surroundings, next: () => Promise<T>): Promise<T> {
  if (around.draining()) throw new CommandError(1, 'told to stop while starting');
  return next();
}

const LOCK_NOT_AVAILABLE = '55P03';

async function makePartitions({ db }: OpenDatabase, { io, log }: Surroundings): Promise<void> {
  try {
    const made = await ensurePartitions(db, io.now());
    if (made.length > 0) log.info({ made }, 'partitions.made');
  } catch (error) {
    if ((error as { readonly code?: string }).code !== LOCK_NOT_AVAILABLE) throw error;
    log.warn(
      'partitions are made later: somebody reads or locks the whole table, and the default partition takes the rows',
    );
  }
}

function openCapture(
  config: Config,
  database: OpenDatabase,
  vault: Vault,
  seeds: SeedSource,
  registry: Registry,
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
    report: (line) => log.info(line, 'batch.ingested'),
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

/** Uniform in [0, 1). */
function chanceOf(io: Pick<Io, 'chance'>): () => number {
  return () => Buffer.from(io.chance(4)).readUInt32BE() / 2 ** 32;
}
