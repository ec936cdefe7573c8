import type { Instant } from '../domain/instant.ts';
import type { Customer } from '../domain/person.ts';
import type { ScoreDocument } from '../domain/score-model.ts';
import { type Score, scoreOf } from '../domain/score-total.ts';
import { newestFields, type ScoreMoment, weightsOf } from '../store/score-facts.ts';
import type { Session } from '../store/session.ts';

/** Scores people by models at moments, from everything that counts for them: whoever was merged, split or stitched meanwhile. */
export async function readScores(
  session: Session,
  customers: readonly Customer[],
  wanted: readonly { readonly model: ScoreDocument; readonly moment: ScoreMoment }[],
): Promise<ReadonlyMap<string, readonly Score[]>> {
  const roots = customers.map(({ id }) => id);
  // Asked together: a batch of captures that is scored waits for one round trip, not for one each.
  const [fields, ...weights] = await Promise.all([
    newestFields(session, roots),
    ...wanted.map(({ model, moment }) => weightsOf(session, model, roots, moment)),
  ]);
  return new Map(
    customers.map(({ id, profile }) => [
      id,
      wanted.map(({ model, moment }, i) =>
        scoreOf(model, { profile, fields: fields.get(id) ?? null }, weights[i]?.get(id) ?? [], moment.at),
      ),
    ]),
  );
}

const FAR: Instant = Date.UTC(9999, 0, 1);

/** The moment of a score of now: of everything that is there, also where the clock of who received it is ahead of this one. */
export function momentOf(at: Instant): ScoreMoment {
  return { at, receivedBy: FAR };
}
