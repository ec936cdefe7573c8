import { setTimeout as wait } from 'node:timers/promises';
import { LostImport } from '../domain/lost-import.ts';
import { SheetError } from '../sheets/sheet.ts';
import { claimImports, type HeldImport, releaseImport, renewImports } from '../store/imports.ts';
import { type ImporterDeps, LEASE_MS } from './import-deps.ts';
import { failImport } from './import-end.ts';
import { openWork, type Work } from './import-work.ts';
import { codeOf, isRace, isUnavailable } from './ingest-resiliently.ts';

/** Works on imports, several at once and each in turn. */
export interface Importer {
  /** Takes imports that nobody works on, and works on all of them for about a second; answers how many rows were done. */
  readonly round: () => Promise<number>;
  /** Gives back what it holds; another process goes on where it ended. */
  readonly close: () => Promise<void>;
}

const OPEN_MOST = 4; // imports of a process at once: each holds some megabytes
const ROUND_MS = 1_000; // a process that stops waits for its round
const RENEW_MS = LEASE_MS / 3;
const FAULTS_MOST = 3; // rounds that an import may fail by a fault of ours before it is given up

/** Builds an importer over its connection. */
export function createImporter(deps: ImporterDeps): Importer {
  const open = new Map<string, Work>();
  const faults = new Map<string, number>();
  let renewing: NodeJS.Timeout | null = null;

  async function drop(id: string): Promise<void> {
    const work = open.get(id);
    if (open.delete(id) && open.size === 0) rest();
    await work?.close();
  }

  async function take(): Promise<void> {
    const at = deps.clock();
    const mine = [...open.keys()];
    const claim = { at, leaseUntil: at + LEASE_MS, most: OPEN_MOST - open.size, only: deps.only, except: mine };
    for (const held of await claimImports(deps.db, claim)) {
      if (open.size === 0) begin();
      open.set(held.id, openWork(deps, held));
    }
  }

  function begin(): void {
    deps.now('importing');
    // Reading a large file writes nothing for long: leases are kept beside it. Where the database is away they end by themselves.
    renewing = setInterval(() => void renew().catch(() => undefined), RENEW_MS);
    renewing.unref();
  }

  function rest(): void {
    deps.now('resting');
    if (renewing !== null) clearInterval(renewing);
  }

  async function renew(): Promise<void> {
    const held = [...open.values()].map((work) => work.held);
    const kept = await renewImports(deps.db, held, deps.clock() + LEASE_MS);
    for (const { id } of held) if (!kept.has(id)) await drop(id);
  }

  async function step(work: Work): Promise<number> {
    const { held } = work;
    try {
      const { rows, ended } = await work.step();
      if (rows > 0) faults.delete(held.id);
      if (ended) await drop(held.id);
      return rows;
    } catch (error) {
      await drop(held.id);
      if (error instanceof LostImport) return 0;
      if (error instanceof SheetError) {
        await failImport(deps, held, { code: error.code, detail: error.message, hint: error.hint });
        return 1;
      }
      await giveBack(held, error);
      throw error;
    }
  }

  async function giveBack(held: HeldImport, error: unknown): Promise<void> {
    if (isAway(error)) return; // the lease ends by itself
    if (isRace(error)) return releaseImport(deps.db, held); // somebody holds a person of it for long
    const count = (faults.get(held.id) ?? 0) + 1;
    faults.set(held.id, count);
    if (count < FAULTS_MOST) return releaseImport(deps.db, held);
    faults.delete(held.id);
    await failImport(deps, held, GIVEN_UP);
  }

  return {
    round: async () => {
      const began = performance.now();
      let rows = 0;
      await take();
      while (open.size > 0 && performance.now() - began < ROUND_MS) {
        for (const work of [...open.values()]) {
          const stepped = performance.now();
          rows += await step(work);
          // Live leads go first: while they come, imports use half of the time at most.
          if (deps.busy()) await wait(Math.min(performance.now() - stepped, ROUND_MS));
        }
      }
      return rows;
    },
    close: async () => {
      const held = [...open.values()].map((work) => work.held);
      for (const { id } of held) await drop(id);
      await Promise.all(held.map((one) => releaseImport(deps.db, one).catch(() => {}))); // else the lease ends by itself
    },
  };
}

const STATEMENT_TIMEOUT = '57014'; // the same statement would take as long again

function isAway(error: unknown): boolean {
  return isUnavailable(error) && codeOf(error) !== STATEMENT_TIMEOUT;
}

const GIVEN_UP = Object.freeze({
  code: 'import_failed',
  detail: 'It could not be worked on for a fault of ours; the log says which.',
  hint: 'What was done stays. Upload the file again once the fault is mended: no row is doubled.',
});
