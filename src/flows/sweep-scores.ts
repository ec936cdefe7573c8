import type { Instant } from '../domain/instant.ts';
import { rootsOf } from '../store/behaviour-links.ts';
import type { Db } from '../store/database.ts';
import { deleteDue, fallingScores, readDue } from '../store/score-due.ts';
import { advanceRescoring, customersAfter, holdActiveModel } from '../store/score-models.ts';
import { forgetScores } from '../store/score-rows.ts';
import { sessionOf } from '../store/session.ts';
import { type ScoreDeps, scorePeople } from './score-people.ts';

/** One step of an activation: scores the next `size` customers; answers how many, 0 when all are. It goes on where it was killed. */
export async function rescoreStep(db: Db, deps: ScoreDeps, at: Instant, size: number): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const active = await holdActiveModel(tx);
    if (active === null || active.rescoredTo === null) return 0;
    const ids = await customersAfter(tx, active.rescoredTo, size);
    await scorePeople(tx, deps, active, new Map(ids.map((id) => [id, at])), at);
    await advanceRescoring(tx, active.version, active.rescoredTo, ids.at(-1) ?? null);
    return ids.length;
  });
}

/** Scores whom something happened to: at most `size` marks, longest waiting first; answers how many. */
export async function scoreDueStep(db: Db, deps: ScoreDeps, at: Instant, size: number): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const session = sessionOf(tx);
    const active = await holdActiveModel(tx);
    const due = await readDue(session, size);
    if (due.length === 0) return 0;
    const roots = await rootsOf(
      session,
      due.map(({ subject }) => subject),
    );
    const wanted = new Map<string, Instant>();
    for (const { subject, since } of due) {
      const root = roots.get(subject);
      if (root !== undefined) wanted.set(root, Math.min(since, wanted.get(root) ?? since));
    }
    if (active !== null) await scorePeople(tx, deps, active, wanted, at);
    await deleteDue(session, due);
    return due.length;
  });
}

/** Scores those whom decay alone has taken out of their band by now; lowers bands, never a state, and tells nothing. */
export async function decayStep(db: Db, deps: ScoreDeps, at: Instant, size: number): Promise<number> {
  return db.transaction().execute(async (tx) => {
    const session = sessionOf(tx);
    const active = await holdActiveModel(tx);
    if (active === null) return 0;
    const falling = await fallingScores(session, at, size);
    const wanted = new Map(falling.map(({ root, next_at: since }) => [root, since]));
    await scorePeople(tx, deps, active, wanted, at);
    const aliases = falling.filter(({ id, root }) => id !== root).map(({ id }) => id);
    await forgetScores(session, aliases); // the row of an alias is nobody's
    return falling.length;
  });
}
