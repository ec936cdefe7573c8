import type { Settled, Settlement } from '../store/delivery-settle.ts';

/** Writes settlements, those that come while one statement is under way together in the next. */
export interface Settler {
  /** Resolves when it is written, or given up: then its lease ends by itself and the delivery is tried again. */
  readonly settle: (settlement: Settlement) => Promise<void>;
  /** Resolves when everything so far is written. */
  readonly idle: () => Promise<void>;
}

const MOST = 500;
// Far beyond every lease: until somebody else has claimed it, a settlement is good however late it comes, and without it what has
// been answered is sent again.
const GIVE_UP_MS = 60_000;
const MOST_PAUSES = 4; // 1.6 s

/** A row that is locked for long, or cannot be written: the others are written without it. */
function isOfRow(error: unknown): boolean {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' && (code === '55P03' || code === '40P01' || code.startsWith('22'));
}

/** Builds a settler; `write` runs the statement, `pause` waits before it is tried again, `report` hears what it did or why not. */
export function createSettler(deps: {
  readonly write: (settlements: readonly Settlement[]) => Promise<Settled>;
  readonly pause: (tried: number) => Promise<void>;
  readonly clock: () => number; // milliseconds, monotonic
  readonly report: (settled: Settled) => void;
  readonly failed: (error: unknown, lost: number) => void;
}): Settler {
  let waiting: { readonly settlement: Settlement; readonly done: () => void }[] = [];
  let running: Promise<void> | null = null;

  async function run(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MOST);
      waiting = waiting.slice(MOST);
      await writeAll(batch.map(({ settlement }) => settlement));
      for (const { done } of batch) done();
    }
    running = null;
  }

  async function writeAll(settlements: readonly Settlement[]): Promise<void> {
    const began = deps.clock();
    for (let tried = 1; ; tried += 1) {
      try {
        deps.report(await deps.write(settlements));
        return;
      } catch (error) {
        if (settlements.length > 1 && isOfRow(error)) return writeHalves(settlements);
        if (deps.clock() - began >= GIVE_UP_MS) return deps.failed(error, settlements.length);
        await deps.pause(Math.min(tried, MOST_PAUSES));
      }
    }
  }

  async function writeHalves(settlements: readonly Settlement[]): Promise<void> {
    const half = settlements.length >> 1;
    await writeAll(settlements.slice(0, half));
    await writeAll(settlements.slice(half));
  }

  return {
    settle: (settlement) =>
      new Promise((done) => {
        waiting.push({ settlement, done });
        running ??= Promise.resolve().then(run); // what ends in the same turn goes together
      }),
    idle: async () => {
      while (running !== null) await running;
    },
  };
}
