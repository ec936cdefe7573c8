import type { Settled, Settlement } from '../store/delivery-settle.ts';

/** Writes settlements, those that come while one statement is under way together in the next. */
export interface Settler {
  /** Resolves when it is written, or given up: then its lease ends by itself and the delivery is tried again. */
  readonly settle: (settlement: Settlement) => Promise<void>;
  /** Resolves when everything so far is written. */
  readonly idle: () => Promise<void>;
}

const MOST = 500;
const TRIES = 5;

/** Builds a settler; `write` runs the statement, `pause` waits before it is tried again, `report` hears what it did or why not. */
export function createSettler(deps: {
  readonly write: (settlements: readonly Settlement[]) => Promise<Settled>;
  readonly pause: (tried: number) => Promise<void>;
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
    for (let tried = 1; ; tried += 1) {
      try {
        deps.report(await deps.write(settlements));
        return;
      } catch (error) {
        if (tried === TRIES) return deps.failed(error, settlements.length);
        await deps.pause(tried);
      }
    }
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
