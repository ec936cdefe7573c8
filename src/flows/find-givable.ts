import type { Tx } from '../store/database.ts';
import { type Pooled, type PoolMark, pooledIn, type Waiting } from '../store/pooled-leads.ts';

const PAGE = 500; // leads read at once: some 5 ms
const PAGES = 4; // 2,000 leads from the head, and 2,000 from where the last round stopped

/** Leads of a pool that somebody could be given, and where to look on in the next round; null: at the end. */
export interface Found {
  readonly leads: readonly Waiting[];
  readonly mark: PoolMark | null;
}

/**
 * The first leads of a pool that somebody could be given, in its order, `size` at most. Those that nobody can have are passed by: where
 * more than 2,000 of them wait, it goes on where the last round stopped, so that what lies behind them has its turn too.
 */
export async function findGivable(
  tx: Tx,
  store: string | null,
  stopped: PoolMark | null,
  couldHave: (lead: Pooled) => boolean,
  size: number,
): Promise<Found> {
  const head = await look(tx, store, null, couldHave, size);
  if (head.mark === null || head.leads.length > 0) return { leads: head.leads, mark: null };
  return look(tx, store, stopped ?? head.mark, couldHave, size);
}

async function look(
  tx: Tx,
  store: string | null,
  from: PoolMark | null,
  couldHave: (lead: Pooled) => boolean,
  size: number,
): Promise<Found> {
  const leads: Waiting[] = [];
  let mark = from;
  for (let page = 0; page < PAGES; page += 1) {
    const read = await pooledIn(tx, store, mark, PAGE);
    for (const lead of read) {
      if (couldHave(lead)) leads.push(lead);
      if (leads.length === size) return { leads, mark: lead.mark };
    }
    const last = read.at(-1);
    if (last === undefined || read.length < PAGE) return { leads, mark: null };
    mark = last.mark;
  }
  return { leads, mark };
}
