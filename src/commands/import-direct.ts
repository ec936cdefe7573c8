import { setTimeout as wait } from 'node:timers/promises';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { mapsOf } from '../channels/import-maps.ts';
import type { Config } from '../config.ts';
import type { Import } from '../domain/import.ts';
import type { Source } from '../domain/source.ts';
import type { Vault } from '../domain/vault.ts';
import { importErrors } from '../flows/import-errors.ts';
import type { Importer } from '../flows/importer.ts';
import { isUnavailable } from '../flows/ingest-resiliently.ts';
import { createIntake } from '../flows/intake.ts';
import { newId } from '../flows/new-id.ts';
import { recordPhoneRead } from '../flows/phone-read.ts';
import { createSeedSource } from '../flows/seed.ts';
import { uploadImport } from '../flows/upload-import.ts';
import { importOptions } from '../http/import-options.ts';
import { importDetail, importProgress } from '../http/views/import.ts';
import type { Db } from '../store/database.ts';
import { readPreview } from '../store/import-list.ts';
import { findImport } from '../store/imports.ts';
import { listSources } from '../store/sources.ts';
import { createMapper } from '../webhooks/mapping.ts';
import { CommandError, type Exit, type Given, type Io } from './command.ts';
import { explain } from './explain.ts';
import type { ImportAsked, LocalFile } from './import-asked.ts';
import { endImport } from './import-end.ts';
import { hasEnded } from './import-ended.ts';
import { type ProgressLine, progressLine } from './import-progress.ts';
import { fileBytes } from './import-service.ts';
import { interruptible } from './interruptible.ts';
import { openCapture } from './open-capture.ts';
import { wakeOthers } from './open-deliveries.ts';
import { openImporter } from './open-importer.ts';
import { openVault } from './open-vault.ts';
import { createReleases, type Releases } from './releases.ts';
import { type Session, withDatabase } from './with-database.ts';

const STOP_MS = 30_000; // a batch, and giving the import back
const IDLE_MS = 500; // somebody else works on it
const AWAY_MS = 1_000;
const AWAY_MOST = 90; // looks in a row: a lease that was lost with the database ends within 30 s
const FAULTS_MOST = 10; // the importer gives an import up after three of its own

/** What an import is worked on with in this process. */
interface Bench {
  readonly config: Config;
  readonly db: Db;
  readonly vault: Vault;
  readonly wake: () => void;
  readonly importer: (id: string) => Importer;
}

/** Imports a file on the database of the configuration, in this process, beside a service that may run there. */
export async function importDirectly(given: Given, io: Io, asked: ImportAsked): Promise<Exit> {
  return interruptible(io, STOP_MS, async (stopped) => {
    let begun = false;
    try {
      return await withDatabase(io, async (session) => {
        const releases = createReleases(pino({ level: 'silent' }));
        try {
          const bench = await openBench(session, io, releases);
          const progress = progressLine(io);
          const id = asked.resume ?? (await upload(io, session, bench, progress, asked, stopped));
          if (id === null) return 2;
          await resumable(bench, id);
          begun = true;
          const ended = await work(bench, io, progress, id, stopped);
          return hasEnded(ended.state) ? await end(given, io, asked, bench, ended) : interrupted(io, ended);
        } finally {
          await releases.all();
        }
      });
    } catch (error) {
      if (begun || stopped.aborted) throw error;
      throw new CommandError(2, explain(error).sentence, { cause: error });
    }
  });
}

async function openBench({ config, database }: Session, io: Io, releases: Releases): Promise<Bench> {
  const log = pino({ level: 'silent' });
  const { db } = database;
  const vault = await openVault(db, config, io);
  const seeds = createSeedSource();
  const { wake } = wakeOthers(database, log, releases);
  const around = { io, log, releases, running: 'share', draining: () => false, fail: () => undefined } as const;
  const parts = { database, vault, seeds, registry: new Registry(), wake };
  const capture = openCapture({ ...config, ingestConnections: 1 }, parts, around);
  const mapper = createMapper();
  releases.add('field maps', mapper.close);
  const { evaluate } = createIntake({
    db,
    vault,
    capture,
    seeds,
    mapper,
    clock: io.now,
    sourceSeconds: config.keyCacheSeconds,
    failed: (_what, error) => io.stderr(`clew: ${error instanceof Error ? error.message : String(error)}\n`),
  });
  const importer = (only: string) =>
    openImporter(config, { database, vault, seeds, evaluate, busy: capture.busy, only }, { io, log, releases });
  return { config, db, vault, wake, importer };
}

/** Keeps the file and answers the id of its import; null: it was told to stop before the file was there. */
async function upload(
  io: Io,
  { act }: Session,
  { config, db, vault }: Bench,
  progress: ProgressLine,
  asked: ImportAsked,
  stopped: AbortSignal,
): Promise<string | null> {
  const source = await namedSource(db, asked.query.source);
  const options = importOptions(asked.query, asked.map);
  const maps = mapsOf(options, source.settings);
  if ('fault' in maps) throw new CommandError(2, `${maps.fault.detail} ${maps.fault.hint}`);
  const file = asked.file as LocalFile; // there is one wherever nothing is resumed
  const input = {
    id: act.newId(),
    sourceId: source.id,
    dryRun: asked.query.dry_run === true,
    mode: asked.query.mode ?? 'live',
    fileName: file.name,
    stores: null,
    options,
  } as const;
  const bytes = fileBytes(file, (done) => progress.upload(done, file.bytes), stopped);
  try {
    return (await uploadImport({ db, vault, maxBytes: config.importMaxBytes }, act, input, bytes)).id;
  } catch (error) {
    if (!stopped.aborted) throw unread(error, file);
    io.stderr('clew: stopped before the file was read: nothing was imported\n');
    return null;
  } finally {
    progress.end();
  }
}

function unread(error: unknown, { path }: LocalFile): unknown {
  const { code, syscall } = error as { readonly code?: string; readonly syscall?: string };
  const ours = syscall === 'open' || syscall === 'read';
  return ours ? new CommandError(2, `${path} cannot be read (${code})`, { cause: error }) : error;
}

/** The source that was named; throws a CommandError that lists those there are. */
async function namedSource(db: Db, named: string | undefined): Promise<Source> {
  const all = await listSources(db);
  const found = all.find(({ name }) => name === named) ?? all.find(({ id }) => id === named?.toLowerCase());
  const names =
    all.length === 0
      ? 'there is none yet: clew sources create makes one'
      : `there are: ${all.map(({ name }) => name).join(', ')}`;
  if (named === undefined) throw new CommandError(2, `say with --source whose leads these are; ${names}`);
  if (found === undefined) throw new CommandError(2, `there is no source ${named}; ${names}`);
  if (found.state === 'paused')
    throw new CommandError(2, `the source ${found.name} is paused: clew sources resume ${found.id}`);
  return found;
}

async function resumable({ db }: Bench, id: string): Promise<void> {
  const found = await findImport(db, id);
  if (found === null) throw new CommandError(2, `there is no import ${id}`);
  if (found.state === 'uploading')
    throw new CommandError(2, `the file of import ${id} never arrived whole: import it again`);
}

/** Works on an import until it has ended, or this process is told to stop; another process may work on it meanwhile. */
async function work(bench: Bench, io: Io, progress: ProgressLine, id: string, stopped: AbortSignal): Promise<Import> {
  const importer = bench.importer(id);
  let failures = 0;
  for (;;) {
    try {
      const found = await findImport(bench.db, id);
      if (found === null) throw new CommandError(1, `import ${id} is gone`);
      progress.rows(importProgress(found, io.now()));
      if (hasEnded(found.state) || stopped.aborted) {
        progress.end();
        return found;
      }
      const began = performance.now();
      if ((await importer.round()) > 0) bench.wake();
      else await pause(IDLE_MS - (performance.now() - began), stopped);
      failures = 0;
    } catch (error) {
      failures += 1;
      const away = isUnavailable(error);
      if (error instanceof CommandError || failures > (away ? AWAY_MOST : FAULTS_MOST)) {
        progress.end();
        throw error;
      }
      if (away) await pause(AWAY_MS, stopped);
      else io.stderr(`clew: ${explain(error).sentence}\n`);
      if (stopped.aborted && failures > 1) throw error; // the database is away: nothing more can be told
    }
  }
}

async function pause(ms: number, stopped: AbortSignal): Promise<void> {
  if (ms > 0) await wait(ms, undefined, { signal: stopped }).catch(() => undefined);
}

function interrupted(io: Io, { id, rowsDone, rowsTotal }: Import): Exit {
  const of = rowsTotal === null ? '' : ` of ${rowsTotal}`;
  io.stderr(
    `clew: stopped after ${rowsDone}${of} rows, which stay. A running service goes on with the rest, or: clew import --resume ${id}\n`,
  );
  return 1;
}

async function end(given: Given, io: Io, asked: ImportAsked, { db, vault }: Bench, ended: Import): Promise<Exit> {
  const preview = ended.dryRun ? await readPreview(db, vault, ended.id) : null;
  const encoding = ended.reading?.encoding === 'gb18030' ? 'gb18030' : 'utf-8-bom'; // what their spreadsheet wrote it reads
  const format = { encoding, show: (cell: string) => cell } as const;
  return endImport(given, io, asked, {
    detail: importDetail(ended, preview, { kind: 'masked', why: 'scope_missing' }, io.now()),
    errors: async () => {
      await recordPhoneRead(db, {
        id: newId(io.now(), io.chance),
        at: io.now(),
        actor: 'cli',
        reason: 'import errors for correction',
        requestId: ended.id, // a command line has no request of its own
        route: 'clew import',
        subjectKind: 'import',
        subjectId: ended.id,
        ids: [ended.id],
      });
      return { masked: false, bytes: importErrors({ db, vault }, ended, format) };
    },
  });
}
