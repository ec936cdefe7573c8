import { randomBytes } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Test } from 'tap';
import type { Import, ImportOptions } from '../../src/domain/import.ts';
import type { Instant } from '../../src/domain/instant.ts';
import type { Mode } from '../../src/domain/submission.ts';
import type { ImportReport } from '../../src/flows/import-deps.ts';
import { createImporter, type Importer } from '../../src/flows/importer.ts';
import type { Lane } from '../../src/flows/ingest-resiliently.ts';
import { createLanes } from '../../src/flows/lanes.ts';
import { newId } from '../../src/flows/new-id.ts';
import { createSeedSource } from '../../src/flows/seed.ts';
import { uploadImport } from '../../src/flows/upload-import.ts';
import { findImport } from '../../src/store/imports.ts';
import type { ImportRowTable } from '../../src/store/tables.ts';
import type { Service } from './service.ts';

/** How an import is asked for in a test. */
export interface Asked {
  readonly sourceId: string;
  readonly file: string | Buffer;
  readonly dryRun?: boolean;
  readonly mode?: Mode;
  readonly options?: ImportOptions;
  readonly stores?: readonly string[];
  readonly at?: Instant;
}

/** Uploads a file as the route does, and answers the id of its import. */
export async function upload({ db, vault }: Service, asked: Asked): Promise<string> {
  const at = asked.at ?? Date.now();
  const newIdAt = () => newId(at, randomBytes);
  const id = newIdAt();
  const bytes = Buffer.isBuffer(asked.file) ? asked.file : Buffer.from(asked.file);
  const act = { actor: 'key:test', at, requestId: null, newId: newIdAt, chance: randomBytes };
  const input = {
    id,
    sourceId: asked.sourceId,
    dryRun: asked.dryRun ?? false,
    mode: asked.mode ?? 'live',
    fileName: 'leads.csv',
    stores: asked.stores ?? null,
    options: asked.options ?? {},
  };
  async function* pieces() {
    yield bytes;
  }
  await uploadImport({ db, vault, maxBytes: 1 << 28 }, act, input, pieces());
  return id;
}

/** A lane whose connection is away after so many batches. */
export function awayAfter(most: number): (lane: Lane) => Lane {
  let batches = 0;
  return (lane) => ({
    ...lane,
    connection: () => {
      batches += 1;
      const away = Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
      return batches > most ? Promise.reject(away) : lane.connection();
    },
  });
}

/** What an importer of a test may be told. */
export interface ImporterOptions {
  readonly batchRows?: number;
  readonly maxRows?: number;
  readonly clock?: () => Instant;
  readonly busy?: () => boolean;
  readonly only?: string | null;
  readonly wrapLane?: (lane: Lane) => Lane;
}

/** An importer over a connection of its own, as a process has one, and what it reported. */
export function importerOf(
  t: Test,
  service: Service,
  options: ImporterOptions = {},
): Importer & { readonly reports: readonly ImportReport[] } {
  const { lanes, close } = createLanes(service.databaseUrl, 1);
  const [lane] = lanes as [Lane];
  const reports: ImportReport[] = [];
  const importer = createImporter({
    db: service.db,
    vault: service.vault,
    seeds: createSeedSource(),
    clock: options.clock ?? Date.now,
    chance: randomBytes,
    lane: options.wrapLane?.(lane) ?? lane,
    evaluate: service.inbound.evaluate,
    region: 'CN',
    maxRows: options.maxRows ?? 1_000_000,
    batchRows: options.batchRows ?? 250,
    busy: options.busy ?? (() => false),
    only: options.only ?? null,
    now: () => {},
    failed: () => {},
    report: (line) => void reports.push(line),
  });
  t.teardown(async () => {
    await importer.close();
    await close();
  });
  return { ...importer, reports };
}

const GOES_ON: readonly string[] = ['waiting', 'checking', 'running', 'reverting'];

/** Lets an importer work until an import has ended, and answers it. */
export async function finish(service: Service, importer: Importer, id: string): Promise<Import> {
  for (;;) {
    const found = await findImport(service.db, id);
    if (found === null) throw new Error(`there is no import ${id}`);
    if (!GOES_ON.includes(found.state)) return found;
    await importer.round();
  }
}

/** What became of the rows of an import, in their order. */
export function rowsOf({ db }: Service, id: string): Promise<readonly Selectable<ImportRowTable>[]> {
  return db.selectFrom('import_row').selectAll().where('import_id', '=', id).orderBy('row').execute();
}
