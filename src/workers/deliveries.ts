import type { SendingEndpoint } from '../domain/endpoint.ts';
import type { Instant } from '../domain/instant.ts';
import type { Vault } from '../domain/vault.ts';
import type { DispatchReports } from '../flows/dispatch-deps.ts';
import { createDispatcher, type Dispatcher } from '../flows/dispatcher.ts';
import { createHealthBook } from '../flows/endpoint-health.ts';
import { openSending } from '../flows/endpoint-secrets.ts';
import type { Lane } from '../flows/ingest-resiliently.ts';
import { createLanes } from '../flows/lanes.ts';
import { newId } from '../flows/new-id.ts';
import { pauseByItself } from '../flows/pause-endpoint.ts';
import type { Db } from '../store/database.ts';
import { beat, leave } from '../store/delivery-workers.ts';
import { writeHealth } from '../store/endpoint-health-rows.ts';
import { readSendingRows, type SendingRow } from '../store/endpoints.ts';
import type { Outbound } from '../webhooks/outbound.ts';
import { createSigner } from '../webhooks/sign.ts';

export interface DeliveriesDeps {
  readonly db: Db;
  readonly databaseUrl: string;
  readonly vault: Vault;
  readonly outbound: Outbound;
  readonly clock: () => Instant;
  readonly chance: (bytes: number) => Uint8Array;
  readonly concurrency: number;
  readonly version: string;
  readonly reports: DispatchReports;
}

/** The deliverer of a process; `close` stops it and ends its connections. */
export interface Deliveries extends Dispatcher {
  readonly close: () => Promise<void>;
}

/** Builds what delivers, over three connections of its own: one claims, one keeps bodies, one settles. */
export function createDeliveries(deps: DeliveriesDeps): Deliveries {
  const { db, databaseUrl, vault, clock, chance, reports } = deps;
  const relaxed = createLanes(databaseUrl, 2, 'relaxed');
  const durable = createLanes(databaseUrl, 1);
  const [claims, settles] = relaxed.lanes as [Lane, Lane];
  const [bodies] = durable.lanes as [Lane];
  const id = newId(clock(), chance);
  const dispatcher = createDispatcher({
    ...deps,
    id,
    chance: () => Buffer.from(chance(4)).readUInt32BE() / 2 ** 32,
    signer: createSigner(),
    claims: claims.connection,
    settles: settles.connection,
    bodies: bodies.connection,
    readEndpoints: endpointReader(db, vault, (error) => reports.failed('open', error)),
    beat: async () => beat(await claims.connection(), id),
    leave: async () => leave(await settles.connection(), id),
    pauseGone: async (endpointId) => {
      const at = clock();
      await pauseByItself(db, { endpointId, reason: 'gone', at, newId: () => newId(at, chance) });
    },
    health: createHealthBook(
      async (health) => writeHealth(await settles.connection(), health),
      (error) => reports.failed('health', error),
    ),
  });
  return {
    ...dispatcher,
    close: async () => {
      await dispatcher.stop();
      await Promise.all([relaxed.close(), durable.close()]);
    },
  };
}

/**
 * Reads the active endpoints, and opens the secrets of those whose version it has not seen yet. One that cannot be opened, sealed
 * under a key that this process was not given, is left out, and told of once a version; the others are sent to.
 */
function endpointReader(
  db: Db,
  vault: Vault,
  failed: (error: unknown) => void,
): () => Promise<readonly SendingEndpoint[]> {
  let known = new Map<string, { readonly version: number; readonly sending: SendingEndpoint | null }>();
  const opened = (row: SendingRow): SendingEndpoint | null => {
    try {
      return openSending(vault, row);
    } catch (error) {
      failed(error);
      return null;
    }
  };
  return async () => {
    const rows = await readSendingRows(db);
    known = new Map(
      rows.map((row) => {
        const { id, version } = row.endpoint;
        const before = known.get(id);
        return [id, before?.version === version ? before : { version, sending: opened(row) }];
      }),
    );
    return [...known.values()].flatMap(({ sending }) => (sending === null ? [] : [sending]));
  };
}
