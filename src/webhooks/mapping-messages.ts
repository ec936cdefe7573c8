import type { Mapped } from './outbound.ts';

/** What evaluating may take. */
export interface MappingLimits {
  readonly timeLimitMs: number;
  readonly sizeLimitBytes: number; // of a result as JSON
  readonly heapMb: number; // of the thread that evaluates
}

/** One evaluation: the expression and its input as JSON. */
export interface Job {
  readonly expression: string;
  readonly input: string;
}

/** What one evaluation came to; the result as JSON. */
export type Answer = { readonly kind: 'mapped'; readonly text: string } | Failed;

/** An answer, and whether whoever gave it can take another job. */
export interface Ended {
  readonly answer: Answer;
  readonly fit: 'keep' | 'stop';
}

/** An evaluation without a result. */
export type Failed = Extract<Mapped, { readonly kind: 'failed' }>;

/** A failed evaluation. */
export function failed(code: Failed['code'], detail: string): Failed {
  return { kind: 'failed', code, detail };
}
