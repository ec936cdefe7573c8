import type { Instant } from '../domain/instant.ts';
import { isLive, isOpen } from '../domain/lead.ts';
import { BANDS, type Band, bandOf } from '../domain/score-bands.ts';
import type { ScoreDocument } from '../domain/score-model.ts';
import type { Vault } from '../domain/vault.ts';
import { readAliases, readCustomers } from '../store/customer-rows.ts';
import type { Db } from '../store/database.ts';
import { readLeads } from '../store/lead-rows.ts';
import { customersAfter } from '../store/score-models.ts';
import { readBands } from '../store/score-rows.ts';
import { sessionOf } from '../store/session.ts';
import { momentOf, readScores } from './score-read.ts';

/** How many open leads a version would move between bands if it became active now. */
export interface Crossings {
  readonly leads: number; // open ones looked at
  readonly upward: number;
  readonly downward: number;
  readonly bands: Readonly<Record<Band, number>>; // how many would be in each
}

const SIZE = 1_000; // customers of a step, each step a transaction of its own

/** Counts what activating a version would move; takes no lock, so that what changes meanwhile may be counted as it was. */
export async function countCrossings(db: Db, vault: Vault, model: ScoreDocument, at: Instant): Promise<Crossings> {
  const bands: Record<Band, number> = { nurture: 0, mql: 0, sql: 0, hot: 0 };
  let [leads, upward, downward] = [0, 0, 0];
  let after: string | null = '00000000-0000-0000-0000-000000000000';
  while (after !== null) {
    const place: string = after;
    after = await db.transaction().execute(async (tx) => {
      const session = sessionOf(tx);
      const ids = await customersAfter(tx, place, SIZE);
      const aliases = await readAliases(session, ids);
      const roots = ids.filter((id) => !aliases.has(id));
      const open = (await readLeads(session, vault, roots)).filter(({ lead }) => isLive(lead) && isOpen(lead.state));
      const owners = new Set(open.map(({ root }) => root));
      const customers = await readCustomers(session, [...owners]);
      const scores = await readScores(session, customers, [{ model, moment: momentOf(at) }]);
      const standing = await readBands(
        session,
        open.map(({ lead }) => lead.id),
      );
      for (const { lead, root } of open) {
        const next = bandOf(model, scores.get(root)?.[0]?.total ?? 0);
        const step = BANDS.indexOf(next) - BANDS.indexOf(standing.get(lead.id)?.band ?? 'nurture');
        leads += 1;
        upward += step > 0 ? 1 : 0;
        downward += step < 0 ? 1 : 0;
        bands[next] += 1;
      }
      return ids.at(-1) ?? null;
    });
  }
  return { leads, upward, downward, bands };
}
