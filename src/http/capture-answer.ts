import { type Outcome, statusOf } from '../domain/outcome.ts';
import type { CaptureResult } from '../flows/capture.ts';
import type { Reach } from '../store/lead-page.ts';
import { isProblem, type Problem, problem, problemDocument } from './problem.ts';
import type { BatchItem } from './schemas/capture.ts';
import { type OutcomeAnswer, outcomeAnswer, outcomeProblem } from './schemas/outcome.ts';
import { covers } from './visibility.ts';

/** The answer to an accepted submission. */
export interface Accepted {
  readonly status: 200 | 201 | 202;
  readonly body: OutcomeAnswer;
}

/**
 * What the result of one item is answered with: the outcome, or the problem that refuses it. Who owns the lead is said within
 * the reach of the key alone: of another store's lead a key only learns that it exists.
 */
export function captureAnswer(result: CaptureResult | undefined, reach: Reach | null): Accepted | Problem {
  if (result === undefined) throw new Error('the flow gave fewer results than it was given items');
  if (result.kind === 'failed') {
    const { code, cause } = result.failure;
    return problem(code === 'database_unavailable' ? code : 'internal', { cause });
  }
  const status = statusOf(result.outcome);
  if (status === 422) return outcomeProblem(result.outcome);
  return {
    status: status as Accepted['status'],
    body: outcomeAnswer(within(reach, result.outcome)),
  };
}

function within(reach: Reach | null, outcome: Outcome): Outcome {
  const { owner } = outcome;
  const seen = owner !== null && covers(reach, { store: owner.store, owner: owner.adviser });
  return seen ? outcome : { ...outcome, owner: null, assignment: null };
}

/** One item of the answer to a batch. */
export function batchItem(answer: Accepted | Problem, index: number): BatchItem {
  if (!isProblem(answer)) return { index, status: answer.status, ...answer.body };
  const document = problemDocument(answer);
  return { index, status: document.status, problem: document };
}
