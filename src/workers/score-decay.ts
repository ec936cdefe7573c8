import type { Instant } from '../domain/instant.ts';
import type { ScoreDeps } from '../flows/score-people.ts';
import { decayStep, rescoreStep, scoreDueStep } from '../flows/sweep-scores.ts';
import type { Db } from '../store/database.ts';
import { rest } from './rest.ts';
import type { Worker } from './worker.ts';

const EVERY_MS = 1_000; // a page view is in the score about a second later
const SIZE = 200; // people of a step: a transaction of some ten milliseconds, behind which a capture of one of them waits
const STEPS_MAX = 5; // a round ends, so that a process can stop; the next one goes on

/** Scores people to whom something happened, whose score decayed out of its band, and everybody after an activation. */
export function scoreDecayWorker(db: Db, deps: ScoreDeps, now: () => Instant): Worker {
  return {
    name: 'score-decay',
    everyMs: EVERY_MS,
    eager: true,
    round: async () => {
      let total = 0;
      for (const step of [rescoreStep, scoreDueStep, decayStep]) {
        for (let steps = 0; steps < STEPS_MAX; steps += 1) {
          const began = performance.now();
          const done = await step(db, deps, now(), SIZE);
          total += done;
          if (done === 0) break;
          // What somebody has just done is no sweep: with rests between, the last of 20,000 people were scored 25 s later.
          if (done === SIZE && step !== scoreDueStep) await rest(began);
        }
      }
      return total;
    },
  };
}
