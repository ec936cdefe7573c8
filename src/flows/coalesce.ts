/** Concurrent work gathered into batches: while one is under way the next gathers, then goes at once. No timer. */
export interface Coalescer<In, Out> {
  /** Runs the items of one caller in their order; rejects with OverloadError before any work when too many are waiting. */
  readonly submit: (items: readonly In[]) => Promise<readonly Out[]>;
  /** How many items wait. */
  readonly waiting: () => number;
  /** For how long the item that is next has waited, in milliseconds; 0 where none waits. */
  readonly lagMs: () => number;
  /** Resolves when everything accepted so far is done. */
  readonly idle: () => Promise<void>;
}

/** Too much is waiting; come back later. */
export class OverloadError extends Error {
  readonly code = 'overloaded';
  readonly retryAfterSeconds = 1;
}

export interface CoalesceOptions<In, Out> {
  readonly lanes: number; // batches under way at once
  readonly batchMax: number; // items of a batch
  readonly queueMax: number; // items waiting
  readonly laneMin: number; // items that wait before a second lane is worth it: larger batches cost less a row
  readonly run: (lane: number, items: readonly In[]) => Promise<readonly Out[]>;
}

interface Job<In, Out> {
  readonly items: readonly In[];
  readonly since: number; // performance.now()
  readonly done: Out[];
  readonly resolve: (outs: readonly Out[]) => void;
  readonly reject: (error: unknown) => void;
}

/** A coalescer over `lanes` workers; a caller's items stay in order and are never spread over two batches at once. */
export function coalesce<In, Out>(options: CoalesceOptions<In, Out>): Coalescer<In, Out> {
  const { lanes, batchMax, queueMax, laneMin, run } = options;
  const queue: Job<In, Out>[] = [];
  const free = Array.from({ length: lanes }, (_, lane) => lanes - 1 - lane);
  let waiting = 0;
  let underWay = 0;
  let idlers: (() => void)[] = [];

  async function work(lane: number): Promise<void> {
    while (queue.length > 0 && worthALane(lanes - free.length - 1)) await runJobs(lane, gather());
    free.push(lane);
    if (free.length === lanes) {
      for (const resolve of idlers) resolve();
      idlers = [];
    }
  }

  /** The first lane takes what there is; another one only when enough waits, and half of what is under way at least. */
  function worthALane(others: number): boolean {
    return others === 0 || (waiting >= laneMin && waiting * 2 >= underWay);
  }

  /** Whole jobs up to the batch's size; one larger than that goes alone, piece by piece. */
  function gather(): Job<In, Out>[] {
    const jobs: Job<In, Out>[] = [];
    let size = 0;
    while (queue.length > 0) {
      const next = queue[0];
      if (next === undefined || (size > 0 && size + next.items.length > batchMax)) break;
      queue.shift();
      jobs.push(next);
      size += next.items.length;
    }
    waiting -= size;
    underWay += size;
    return jobs;
  }

  async function runJobs(lane: number, jobs: readonly Job<In, Out>[]): Promise<void> {
    const items = jobs.flatMap((job) => job.items);
    const owners = jobs.flatMap((job) => job.items.map(() => job));
    try {
      for (let start = 0; start < items.length; start += batchMax) {
        const outs = await run(lane, items.slice(start, start + batchMax));
        outs.forEach((out, i) => {
          owners[start + i]?.done.push(out);
        });
      }
      for (const job of jobs) job.resolve(job.done);
    } catch (error) {
      for (const job of jobs) job.reject(error);
    } finally {
      underWay -= items.length;
    }
  }

  return {
    submit: (items) => {
      if (items.length === 0) return Promise.resolve([]);
      if (waiting + items.length > queueMax && waiting > 0)
        return Promise.reject(new OverloadError('too much is waiting'));
      return new Promise((resolve, reject) => {
        queue.push({ items, since: performance.now(), done: [], resolve, reject });
        waiting += items.length;
        const lane = worthALane(lanes - free.length) ? free.pop() : undefined;
        if (lane !== undefined) void work(lane);
      });
    },
    waiting: () => waiting,
    lagMs: () => (queue[0] === undefined ? 0 : performance.now() - queue[0].since),
    idle: () => (free.length === lanes ? Promise.resolve() : new Promise((resolve) => idlers.push(resolve))),
  };
}
