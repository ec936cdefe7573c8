import type { Instant } from '../domain/instant.ts';
import { type Sample, sampleOf } from '../domain/sample.ts';
import { BANDS, type Band, bandOf } from '../domain/score-bands.ts';
import type { ScoreDocument } from '../domain/score-model.ts';
import { readCustomers } from '../store/customer-rows.ts';
import type { Db } from '../store/database.ts';
import { countOpen, type OpenLead, openLeadsAfter } from '../store/open-people.ts';
import { sessionOf } from '../store/session.ts';
import { snapshot } from '../store/snapshot.ts';
import { momentOf, readScores } from './score-read.ts';

/** How many open leads a version would move between bands if it became active at a moment. */
export interface Crossings {
  readonly at: Instant;
  readonly open: number; // open leads in all
  readonly leads: number; // of them looked at: all, or those of a sample
  readonly upward: number;
  readonly downward: number;
  readonly bands: Readonly<Record<Band, number>>; // how many would be in each
}

const SIZE = 1_000; // customers of a step, each step a transaction of its own
const FIRST = '00000000-0000-0000-0000-000000000000';

/**
 * Counts what activating a version would move, among about `max` leads at most; takes no lock, so that what changes meanwhile may be
 * counted as it was.
 */
export async function countCrossings(db: Db, model: ScoreDocument, at: Instant, max: number): Promise<Crossings> {
  const bands: Record<Band, number> = { nurture: 0, mql: 0, sql: 0, hot: 0 };
  let [leads, upward, downward] = [0, 0, 0];
  const open = await snapshot(db, (tx) => countOpen(sessionOf(tx)));
  const sample = sampleOf(open, max);
  for (let after: string | null = FIRST; after !== null; ) {
    const page = await readPage(db, model, at, after, sample);
    for (const { from, to } of page.moves) {
      leads += 1;
      upward += to > from ? 1 : 0;
      downward += to < from ? 1 : 0;
      bands[BANDS[to] ?? 'nurture'] += 1;
    }
    after = page.next;
  }
  // Leads that came while it counted are among those looked at.
  return { at, open: sample.share === 1 ? leads : open, leads, upward, downward, bands };
}

/** A lead's band, and the one that it would have, as places in `BANDS`. */
interface Move {
  readonly from: number;
  readonly to: number;
}

function readPage(
  db: Db,
  model: ScoreDocument,
  at: Instant,
  after: string,
  sample: Sample,
): Promise<{ readonly moves: readonly Move[]; readonly next: string | null }> {
  return snapshot(db, async (tx) => {
    const session = sessionOf(tx);
    const open = await openLeadsAfter(session, after, SIZE, sample);
    const customers = await readCustomers(session, [...new Set(open.map(({ root }) => root))]);
    const scores = await readScores(session, customers, [{ model, moment: momentOf(at) }]);
    const moveOf = ({ root, band }: OpenLead): Move => ({
      from: Math.max(0, (BANDS as readonly (string | null)[]).indexOf(band)),
      to: BANDS.indexOf(bandOf(model, scores.get(root)?.[0]?.total ?? 0)),
    });
    return { moves: open.map(moveOf), next: open.at(-1)?.customer_id ?? null };
  });
}
