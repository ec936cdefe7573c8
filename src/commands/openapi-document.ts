import { pino } from 'pino';
import { Registry } from 'prom-client';
import { createApp } from '../app.ts';
import { load } from '../config.ts';
import type { Capture } from '../flows/capture.ts';
import { createSealer } from '../sealer.ts';
import { createDb, createPool } from '../store/database.ts';
import { createVault } from '../vault.ts';
import type { Io } from './command.ts';

/** The OpenAPI document of the routes as it is committed; nothing is connected to and nothing listens. */
export async function openapiDocument(io: Io): Promise<string> {
  const pool = createPool('postgres://nobody@localhost/none', 1);
  const never = () => Promise.reject(new Error('no request is made of the document'));
  const capture: Capture = {
    submit: never,
    dryRun: never,
    waiting: () => 0,
    lagMs: () => 0,
    idle: never,
    busy: () => false,
  };
  const app = await createApp({
    limits: load({}), // the defaults: the document does not depend on where it is made
    db: createDb(pool),
    vault: createVault(createSealer(Buffer.alloc(32), [], Buffer.alloc(12)), Buffer.alloc(32), 'raw'),
    capture,
    inbound: {
      db: createDb(pool),
      capture,
      clock: io.now,
      spool: { keep: never, drain: never, state: () => ({ entries: 0, bytes: 0, oldest: null, room: true }) },
      ackWithinMs: 1000,
      book: { byAddress: never, byId: never, all: never, refresh: never },
      evaluate: never,
      verifyCaptcha: never,
      erase: never,
      failed: () => undefined,
      record: never,
      report: () => undefined,
    },
    outbound: {
      rules: { http: 'refuse', allowed: [] },
      sender: { send: never, forget: () => undefined, close: never },
      mapper: { evaluate: never, close: never },
      api: { get: never, close: never },
    },
    wake: () => undefined,
    readiness: { draining: () => false, schemaFault: never },
    registry: new Registry(),
    log: pino({ level: 'silent' }),
    clock: io.now,
    newRequestId: () => 'none',
    chance: (bytes) => Buffer.alloc(bytes),
    version: io.version,
  });
  try {
    return `${JSON.stringify(app.swagger(), null, 2)}\n`;
  } finally {
    await app.close();
    await pool.end();
  }
}
