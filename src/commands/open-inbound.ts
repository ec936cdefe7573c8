import { join } from 'node:path';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Config } from '../config.ts';
import type { Vault } from '../domain/vault.ts';
import type { Capture } from '../flows/capture.ts';
import { createInbound, type Inbound } from '../flows/inbound.ts';
import type { PushReport } from '../flows/receive-push.ts';
import type { SeedSource } from '../flows/seed.ts';
import type { Spool } from '../flows/spool.ts';
import { createMapper } from '../webhooks/mapping.ts';
import type { Sender } from '../webhooks/outbound.ts';
import { CommandError } from './command.ts';
import type { OpenDatabase } from './open-database.ts';
import { type Surroundings, step } from './surroundings.ts';

/** What the ways in of platforms and pages are opened with. */
export interface InboundParts {
  readonly database: OpenDatabase;
  readonly vault: Vault;
  readonly capture: Capture;
  readonly seeds: SeedSource;
  readonly sender: Sender; // of the way out
  readonly registry: Registry;
}

/** Opens the ways in of platforms and pages, with a process of their own for expressions, so that no mapping of the way out holds up a push. */
export async function openInbound(config: Config, parts: InboundParts, around: Surroundings): Promise<Inbound> {
  const { database, registry, ...rest } = parts;
  const { io, log, releases } = around;
  const mapper = createMapper();
  releases.add('field maps', mapper.close);
  const inbound = await step(around, () =>
    createInbound({
      ...rest,
      db: database.db,
      mapper,
      clock: io.now,
      chance: io.chance,
      spoolPath: join(config.dataDir, 'spool'),
      spoolMaxBytes: config.spoolMaxBytes,
      ackWithinMs: config.ackWithinMs,
      sourceSeconds: config.keyCacheSeconds,
      report: reporter(registry, around),
      failed: (what, error) => log.error({ what, err: error }, 'inbound.failed'),
    }).catch((error: NodeJS.ErrnoException) => {
      throw new CommandError(1, unwritable(config.dataDir, error.code), { cause: error });
    }),
  );
  measureSpool(inbound.spool, registry, io.now);
  return inbound;
}

function unwritable(dataDir: string, code: string | undefined): string {
  return `pushes cannot be kept under ${dataDir} (${code}) while the database is away: set CLEW_DATA_DIR to a folder that can be written, or CLEW_SPOOL_MAX_BYTES=0 to keep none`;
}

function reporter(registry: Registry, { log }: Surroundings): (line: PushReport) => void {
  const registers = [registry];
  const pushes = new Counter({
    name: 'clew_pushes_total',
    help: 'Pushes of platforms and pages, by kind of source and how they were acknowledged.',
    labelNames: ['kind', 'as', 'code'],
    registers,
  });
  const time = new Histogram({
    name: 'clew_push_seconds',
    help: 'Time to the acknowledgement of a push.',
    labelNames: ['kind'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers,
  });
  return (line) => {
    pushes.inc({ kind: line.kind, as: line.as, code: line.code ?? '' });
    time.observe({ kind: line.kind }, line.milliseconds / 1000);
    // A platform whose check fails stops sending: somebody has to know.
    if (line.as === 'handshake_failed' || line.as === 'unavailable') log.error(line, 'push.received');
    else if (line.as === 'unauthenticated' || line.code !== null) log.warn(line, 'push.received');
    else log.info(line, 'push.received');
  };
}

function measureSpool(spool: Spool, registry: Registry, now: () => number): void {
  const registers = [registry];
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  gauge('clew_spool_entries', 'Pushes on disk that wait for the database.', () => spool.state().entries);
  gauge('clew_spool_bytes', 'Bytes of pushes on disk that wait for the database.', () => spool.state().bytes);
  gauge('clew_spool_oldest_seconds', 'Age of the oldest push on disk; 0 without one.', () => {
    const { oldest } = spool.state();
    return oldest === null ? 0 : Math.max(0, (now() - oldest) / 1000);
  });
}
