import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { Test } from 'tap';
import { Agent, request } from 'undici';
import { createApp } from '../../src/app.ts';
import type { Instant } from '../../src/domain/instant.ts';
import { KEY_SCOPES } from '../../src/domain/key.ts';
import type { Vault } from '../../src/domain/vault.ts';
import { type Capture, createCapture } from '../../src/flows/capture.ts';
import type { AttemptReport } from '../../src/flows/dispatch-deps.ts';
import { createInbound, type Inbound } from '../../src/flows/inbound.ts';
import type { Lane } from '../../src/flows/ingest-resiliently.ts';
import { createKey, type KeyInput } from '../../src/flows/keys.ts';
import { createLanes } from '../../src/flows/lanes.ts';
import { newId } from '../../src/flows/new-id.ts';
import type { PushReport } from '../../src/flows/receive-push.ts';
import { createSeedSource } from '../../src/flows/seed.ts';
import type { App, HttpLimits, Readiness } from '../../src/http/deps.ts';
import { createSealer } from '../../src/sealer.ts';
import { createDb, type Db } from '../../src/store/database.ts';
import { ensurePolicy } from '../../src/store/policies.ts';
import { sessionOf } from '../../src/store/session.ts';
import { createVault } from '../../src/vault.ts';
import { createApiGet } from '../../src/webhooks/api-get.ts';
import { createMapper } from '../../src/webhooks/mapping.ts';
import type { Outbound } from '../../src/webhooks/outbound.ts';
import { createSender } from '../../src/webhooks/send.ts';
import { createDeliveries, type Deliveries } from '../../src/workers/deliveries.ts';
import { testDatabase } from './database.ts';

/** What the tests run with; a test overrides what it is about. */
export const LIMITS: HttpLimits = {
  bodyLimitBytes: 1 << 20,
  jsonMaxDepth: 16,
  jsonMaxKeys: 10_000,
  batchMaxItems: 1000,
  defaultRegion: 'CN',
  rateLimitPerMinute: 0,
  keyCacheSeconds: 5,
  corsOrigins: [],
  trustProxy: [],
  importMaxBytes: 8 << 20,
  uploadSeconds: 900,
};

export interface ServiceOptions {
  readonly limits?: Partial<HttpLimits>;
  readonly capture?: Capture; // instead of the real way in
  readonly wrapLane?: (lane: Lane) => Lane; // stands between the way in and its connections
  readonly readiness?: Partial<Readiness>;
  readonly atRest?: 'raw' | 'all' | 'none';
  readonly version?: string;
  readonly ackWithinMs?: number; // of pushes; a long while unless a test is about it
  readonly spoolMaxBytes?: number;
  readonly outbound?: Outbound; // instead of one that may call this machine
}

/** What is sent beside method and path. */
export interface Call {
  readonly body?: unknown; // sent as JSON
  readonly raw?: string | Buffer; // sent as it is
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly key?: string | null; // null: none; else the admin key
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into answers of every shape
  readonly body: any; // parsed, where the answer is JSON
}

/** The real service, listening on a port of its own, over a database of its own. */
export interface Service {
  readonly url: string;
  readonly app: App;
  readonly db: Db;
  readonly databaseUrl: string;
  readonly vault: Vault;
  readonly capture: Capture;
  readonly adminKey: string;
  readonly registry: Registry;
  /** Sends what is due, only when told to: `drain`, or from `start` on by itself. */
  readonly deliveries: Deliveries;
  readonly attempts: readonly AttemptReport[];
  readonly inbound: Inbound;
  readonly pushes: readonly PushReport[];
  readonly logs: () => readonly Record<string, unknown>[];
  /** Sets our time; null: the real one. */
  readonly setClock: (at: Instant | null) => void;
  readonly makeKey: (
    input: Partial<KeyInput>,
  ) => Promise<{ readonly id: string; readonly secret: string; readonly sourceId: string }>;
  readonly call: (method: string, path: string, call?: Call) => Promise<Reply>;
}

/** Starts the service in process; everything goes when the test ends. */
export async function startService(t: Test, options: ServiceOptions = {}): Promise<Service> {
  const { url: databaseUrl, pool } = await testDatabase(t);
  pool.on('error', () => {}); // an idle connection that a test has ended
  const db = createDb(pool);
  await ensurePolicy(db, Date.now());
  const sealer = createSealer(randomBytes(32), [], randomBytes(12));
  const vault = createVault(sealer, randomBytes(32), options.atRest ?? 'raw');
  let set: Instant | null = null;
  const clock = () => set ?? Date.now();
  const lines: string[] = [];
  const log = pino({ level: 'debug' }, collectInto(lines));
  const lanes = createLanes(databaseUrl, 2);
  const real = createCapture({
    vault,
    seeds: createSeedSource(),
    clock,
    region: 'CN',
    lanes: lanes.lanes.map(options.wrapLane ?? ((lane) => lane)),
    batchMax: 250,
    queueMax: 5000,
    readOnly: (read) => db.transaction().execute((tx) => read(sessionOf(tx))),
    report: (line) => log.info(line, 'batch.ingested'),
  });
  const capture = options.capture ?? real;
  const outbound = options.outbound ?? loopback(clock);
  const attempts: AttemptReport[] = [];
  const deliveries = createDeliveries({
    db,
    databaseUrl,
    vault,
    outbound,
    clock,
    chance: randomBytes,
    concurrency: 512,
    version: '0.0.0-test',
    reports: {
      claimed: () => {},
      attempted: (report) => void attempts.push(report),
      failed: (what, error) => log.error({ what, err: error }, 'delivery.failed'),
    },
  });
  const registry = new Registry();
  const pushes: PushReport[] = [];
  const mapper = createMapper();
  const folder = await mkdtemp(join(tmpdir(), 'clew-spool-'));
  const inbound = await createInbound({
    db,
    vault,
    capture,
    seeds: createSeedSource(),
    mapper,
    sender: outbound.sender,
    clock,
    chance: randomBytes,
    spoolPath: folder,
    spoolMaxBytes: options.spoolMaxBytes ?? 1 << 20,
    ackWithinMs: options.ackWithinMs ?? 60_000,
    sourceSeconds: 0,
    report: (line) => void pushes.push(line),
    failed: (what, error) => log.error({ what, err: error }, 'inbound.failed'),
  });
  const app = await createApp({
    limits: { ...LIMITS, ...options.limits },
    db,
    vault,
    capture,
    inbound,
    outbound,
    wake: deliveries.wake,
    readiness: { draining: () => false, schemaFault: async () => null, ...options.readiness },
    registry,
    log,
    clock,
    newRequestId: randomUUID,
    chance: randomBytes,
    version: options.version ?? '0.0.0-test',
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const agent = new Agent({ connections: 128 });
  t.teardown(async () => {
    await agent.close();
    await app.close();
    await real.idle();
    await deliveries.close();
    await outbound.sender.close();
    await outbound.mapper.close();
    await outbound.api.close();
    await mapper.close();
    await rm(folder, { recursive: true });
    await lanes.close();
  });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  const makeKey: Service['makeKey'] = async (input) => {
    const at = clock();
    const act = { actor: 'test', at, requestId: null, newId: () => newId(at, randomBytes), chance: randomBytes };
    const { key, secret } = await createKey(db, act, { name: `key-${randomUUID()}`, scopes: KEY_SCOPES, ...input });
    return { id: key.id, secret, sourceId: key.sourceId };
  };
  const adminKey = (await makeKey({ name: 'admin' })).secret;
  return {
    url,
    app,
    db,
    databaseUrl,
    vault,
    capture,
    adminKey,
    registry,
    deliveries,
    attempts,
    inbound,
    pushes,
    logs: () => lines.map((line) => JSON.parse(line)),
    setClock: (at) => {
      set = at;
    },
    makeKey,
    call: (method, path, call = {}) => send(agent, method, `${url}${path}`, call, adminKey),
  };
}

/** What may call receivers on this machine, without TLS too. */
export function loopback(clock: () => Instant): Outbound {
  const rules = { http: 'allow', allowed: ['127.0.0.0/8', '::1/128'] } as const;
  return {
    rules,
    sender: createSender({ rules, clock }),
    mapper: createMapper({}),
    api: createApiGet({ rules, clock }),
  };
}

async function send(agent: Agent, method: string, url: string, call: Call, adminKey: string): Promise<Reply> {
  const key = call.key === undefined ? adminKey : call.key;
  const payload = call.raw ?? (call.body === undefined ? null : JSON.stringify(call.body));
  const answer = await request(url, {
    dispatcher: agent,
    method: method as 'GET',
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(payload === null ? {} : { 'content-type': 'application/json' }),
      ...call.headers,
    },
    body: payload,
  });
  const text = await answer.body.text();
  const isJson = String(answer.headers['content-type']).includes('json');
  return { status: answer.statusCode, headers: answer.headers, text, body: isJson ? JSON.parse(text) : undefined };
}

function collectInto(lines: string[]): Writable {
  return new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(
        ...String(chunk)
          .split('\n')
          .filter((line) => line !== ''),
      );
      done();
    },
  });
}
