import type { Instant } from '../domain/instant.ts';
import { type Band, bandOf, leavesBandAt } from '../domain/score-bands.ts';
import type { Score } from '../domain/score-total.ts';
import { readCustomers } from '../store/customer-rows.ts';
import type { Db } from '../store/database.ts';
import { listScoreModels, type ScoreModel } from '../store/score-models.ts';
import { sessionOf } from '../store/session.ts';
import { momentOf, readScores } from './score-read.ts';

/** A person's score by one version. */
export interface ModelScore {
  readonly model: ScoreModel;
  readonly score: Score;
  readonly band: Band;
  readonly leavesAt: Instant | null; // when decay alone takes it out of the band
}

/** The score of a root customer at a moment by the active version, which comes first, and by every shadow. */
export async function readLeadScore(db: Db, root: string, at: Instant): Promise<readonly ModelScore[]> {
  return db.transaction().execute(async (tx) => {
    const session = sessionOf(tx);
    const models = await listScoreModels(tx, ['active', 'shadow']);
    const ordered = [...models].sort((a, b) => Number(b.state === 'active') - Number(a.state === 'active'));
    const customers = await readCustomers(session, [root]);
    const wanted = ordered.map(({ document }) => ({ model: document, moment: momentOf(at) }));
    const scores = (await readScores(session, customers, wanted)).get(root) ?? [];
    return ordered.flatMap((model, i) => {
      const score = scores[i];
      if (score === undefined) return [];
      const { document } = model;
      return [{ model, score, band: bandOf(document, score.total), leavesAt: leavesBandAt(document, score) }];
    });
  });
}
