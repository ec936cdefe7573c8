import { randomBytes } from 'node:crypto';
import type { Test } from 'tap';
import type { Instant } from '../../src/domain/instant.ts';
import type { Outcome } from '../../src/domain/outcome.ts';
import type { Draft, Mode, SourceRules } from '../../src/domain/submission.ts';
import type { Vault } from '../../src/domain/vault.ts';
import { type BatchReport, type Capture, type CaptureItem, createCapture } from '../../src/flows/capture.ts';
import { createLanes } from '../../src/flows/lanes.ts';
import { createSeedSource } from '../../src/flows/seed.ts';
import { createSealer } from '../../src/sealer.ts';
import { createDb, type Db } from '../../src/store/database.ts';
import { sessionOf } from '../../src/store/session.ts';
import { createVault } from '../../src/vault.ts';
import { type TestDatabase, testDatabase } from './database.ts';

/** A source as the rules see one, for tests that have no HTTP. */
export const SOURCE: SourceRules = {
  id: '00000000-0000-7000-8000-000000000001',
  channel: null,
  completesLater: false,
  updateSemantics: false,
  conflicts: 'answer',
  defaults: {},
};

/** What an item of a test says besides its draft. */
export interface ItemOptions {
  readonly key?: string;
  readonly source?: SourceRules;
  readonly mode?: Mode;
  readonly receivedAt?: Instant;
}

/** An item as a way in would hand it over. */
export function item(draft: Draft, options: ItemOptions = {}): CaptureItem {
  return {
    draft,
    raw: Buffer.from(JSON.stringify(draft)),
    contentType: 'application/json',
    idempotencyKey: options.key ?? null,
    source: options.source ?? SOURCE,
    actor: 'key:test',
    requestId: null,
    mode: options.mode ?? 'live',
    receivedAt: options.receivedAt ?? Date.now(),
  };
}

/** The way in over a database of the test's own, without HTTP. */
export interface IngestBench extends TestDatabase {
  readonly db: Db;
  readonly vault: Vault;
  readonly capture: Capture;
  readonly reports: readonly BatchReport[];
  /** Captures and answers outcomes; throws where an item could not be judged. */
  readonly judge: (items: readonly CaptureItem[]) => Promise<readonly Outcome[]>;
}

/** Builds the way in of two lanes; everything is put away when the test ends. */
export async function ingestBench(t: Test): Promise<IngestBench> {
  const database = await testDatabase(t);
  const db = createDb(database.pool);
  const vault = createVault(createSealer(randomBytes(32), [], randomBytes(12)), randomBytes(32), 'raw');
  const { lanes, close } = createLanes(database.url, 2);
  const reports: BatchReport[] = [];
  const capture = createCapture({
    vault,
    seeds: createSeedSource(),
    clock: Date.now,
    region: 'CN',
    lanes,
    batchMax: 250,
    queueMax: 5_000,
    readOnly: (read) =>
      db
        .transaction()
        .setAccessMode('read only')
        .execute((tx) => read(sessionOf(tx))),
    report: (line) => reports.push(line),
  });
  t.teardown(close);
  const judge = async (items: readonly CaptureItem[]): Promise<readonly Outcome[]> =>
    (await capture.submit(items)).map((result) => {
      if (result.kind === 'failed') throw result.failure.cause;
      return result.outcome;
    });
  return { ...database, db, vault, capture, reports, judge };
}
