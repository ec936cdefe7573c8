import { lineKind } from '../channels/sheet-line.ts';
import type { Import } from '../domain/import.ts';
import { openSheet } from '../sheets/open-sheet.ts';
import type { Sheet, SheetRow } from '../sheets/sheet.ts';
import { type RowsDone, readRowsDone } from '../store/import-rows.ts';
import { findImport, type HeldImport } from '../store/imports.ts';
import type { IngestConnection } from '../store/session.ts';
import { beginCheck, type Checking, checkRows, planOf, readingOf } from './import-check.ts';
import type { ImporterDeps } from './import-deps.ts';
import { beginDryRun, dryRunBatch, endDryRun } from './import-dry-run.ts';
import { beginAgain, completeImport, failImport, moveImport } from './import-end.ts';
import { importFile } from './import-file.ts';
import { type ReadRow, readRows } from './import-row.ts';
import { runBatch } from './import-run.ts';
import { type ImportSetup, importSetup, type PlannedImport } from './import-setup.ts';
import { revertRows } from './revert-rows.ts';

/** Work on one import that is held. */
export interface Work {
  readonly held: HeldImport;
  /** Does a little; throws LostImport, SheetError, and what the database throws. */
  readonly step: () => Promise<Stepped>;
  readonly close: () => Promise<void>;
}

/** How many rows a step has done, and whether the import has come to an end or must be taken anew. */
export interface Stepped {
  readonly rows: number;
  readonly ended: boolean;
}

type Rows = AsyncIterator<readonly SheetRow[]>;

const FIRST_ROWS = 100; // the header is looked for among them
const BUSY_ROWS = 25; // of a transaction while live leads come: some 5 ms of this process
const GAPS_WITHIN = 5_000; // rows: the largest transaction that can be set
const REVERTED_ROWS = 500; // of a transaction
const GOES_ON: Stepped = Object.freeze({ rows: 0, ended: false });
const ENDED: Stepped = Object.freeze({ rows: 1, ended: true });

/** Begins work on an import; nothing is read yet. */
export function openWork(deps: ImporterDeps, held: HeldImport): Work {
  let next: () => Promise<Stepped> = begin;
  let rows: Rows | null = null;
  let overlaid: IngestConnection | null = null; // of a dry run

  async function begin(): Promise<Stepped> {
    const found = await findImport(deps.db, held.id);
    if (found === null) return ENDED;
    if (found.state === 'reverting') {
      next = revert;
      return GOES_ON;
    }
    const setup = await importSetup(deps.db, found, deps.region);
    if ('fault' in setup) {
      await failImport(deps, held, setup.fault);
      return ENDED;
    }
    return found.state === 'running' && found.reading !== null ? beginRun(setup, found) : beginReading(setup);
  }

  async function revert(): Promise<Stepped> {
    const { done, rows: count } = await revertRows(deps, held, REVERTED_ROWS);
    return { rows: count, ended: done };
  }

  async function beginReading(setup: ImportSetup): Promise<Stepped> {
    const at = deps.clock();
    await moveImport(deps.db, held, ['waiting', 'checking'], { state: 'checking', started_at: at, fault: null });
    const sheet = await open(setup.import);
    rows = sheet.rows()[Symbol.asyncIterator]();
    const first: SheetRow[] = [];
    let group = await rows.next();
    while (!group.done) {
      first.push(...group.value);
      if (first.length >= FIRST_ROWS) break;
      group = await rows.next();
    }
    const checking = beginCheck(sheet.facts, first.slice(0, FIRST_ROWS), setup);
    if ('fault' in checking) {
      await failImport(deps, held, checking.fault);
      return ENDED;
    }
    let so = checkRows(checking, first);
    next = async () => {
      const more = await rows?.next();
      if (more !== undefined && !more.done) {
        so = checkRows(so, more.value);
        return GOES_ON;
      }
      return endReading(setup, so);
    };
    return GOES_ON;
  }

  async function endReading(setup: ImportSetup, checking: Checking): Promise<Stepped> {
    const reading = readingOf(checking);
    const change = { state: 'running', reading, rows_total: checking.rows } as const;
    const found = await moveImport(deps.db, held, ['checking'], change);
    return beginRun({ ...setup, import: found }, found);
  }

  async function beginRun(setup: ImportSetup, found: Import): Promise<Stepped> {
    if (found.reading === null) throw new Error(`import ${found.id} runs without having been read`);
    const planned: PlannedImport = { ...setup, import: found, plan: planOf(found.reading) };
    const sheet = await open(found);
    rows = sheet.rows()[Symbol.asyncIterator]();
    const run = found.dryRun ? await dryRun(planned) : await realRun(planned);
    const pending: SheetRow[] = [];
    const read = async (): Promise<readonly ReadRow[]> => {
      const most = deps.busy() ? Math.min(BUSY_ROWS, deps.batchRows) : deps.batchRows;
      while (pending.length < most) {
        const group = await rows?.next();
        if (group === undefined || group.done) break;
        for (const row of group.value) if (isToDo(planned, run.done, row)) pending.push(row);
      }
      return readRows(deps, planned, pending.splice(0, Math.min(most, gapOf(pending, run.done))));
    };
    let ahead: Promise<readonly ReadRow[]> | null = null;
    next = async () => {
      const batch = await (ahead ?? read());
      ahead = null;
      if (batch.length === 0) {
        await completeImport(deps, held, found);
        return ENDED;
      }
      const running = run.batch(batch);
      // The next rows are read while the database writes these; one that cannot be read is heard of at its turn.
      if (!deps.busy()) {
        ahead = read();
        ahead.catch(() => undefined);
      }
      await running;
      return { rows: batch.length, ended: false };
    };
    return GOES_ON;
  }

  async function realRun(planned: PlannedImport) {
    const done = await readRowsDone(deps.db, held.id, GAPS_WITHIN);
    return { done, batch: (batch: readonly ReadRow[]) => runBatch({ deps, held, setup: planned }, batch) };
  }

  /** What a dry run would have made is on its connection alone: it begins from the first row, and again on another one. */
  async function dryRun(planned: PlannedImport) {
    const connection = await deps.lane.connection();
    await beginAgain(deps.db, held);
    await beginDryRun(connection, held.id);
    overlaid = connection;
    return {
      done: NOTHING,
      batch: async (batch: readonly ReadRow[]) => {
        await dryRunBatch(deps, await same(connection), held, planned, batch);
      },
    };
  }

  async function same(connection: IngestConnection): Promise<IngestConnection> {
    const now = await deps.lane.connection();
    if (now !== connection) throw new Error('the connection of a dry run broke: it begins again');
    return now;
  }

  function open(found: Import): Promise<Sheet> {
    const { options, reading } = found;
    const file = importFile(deps.db, deps.vault, found);
    const given = {
      encoding: reading?.encoding ?? options.encoding ?? null,
      delimiter: reading?.delimiter ?? options.delimiter ?? null,
      sheet: reading?.sheet ?? options.sheet ?? null,
    };
    return openSheet(file, given, { ...LIMITS, rows: deps.maxRows });
  }

  return {
    held,
    step: () => next(),
    close: async () => {
      await rows?.return?.();
      if (overlaid?.usable()) await endDryRun(overlaid, held.id).catch(() => undefined); // its tables end with it
    },
  };
}

const NOTHING: RowsDone = Object.freeze({ through: 0, also: new Set<number>() });
const LIMITS = {
  columns: 1_000,
  cellCharacters: 65_536,
  inflatedBytes: 4 * 1024 ** 3,
  sharedStringBytes: 64 * 1024 ** 2,
} as const;

/** How many of the pending rows lie between rows that are done: they go first and by themselves, so that none is passed over. */
function gapOf(pending: readonly SheetRow[], { also }: RowsDone): number {
  if (also.size === 0) return pending.length;
  const last = Math.max(...also);
  const within = pending.findIndex(({ row }) => row > last);
  return within <= 0 ? pending.length : within;
}

function isToDo({ plan }: PlannedImport, { through, also }: RowsDone, { row, cells }: SheetRow): boolean {
  return row > plan.headerRow && row > through && !also.has(row) && lineKind(plan, cells) === 'row';
}
