import type { Spoken } from '../domain/recompute.ts';
import type { Fields } from '../domain/submission.ts';

/** A submission that spoke of a touch, as it is read beside it. */
export interface SpokenRow {
  readonly submission_id: string;
  readonly decision: string;
  readonly occurred_at: number;
  readonly received_at: number;
  readonly fields: Fields | null;
}

/** What a submission said of a touch. */
export function spokenOf(row: SpokenRow): Spoken {
  return {
    id: row.submission_id,
    noise: row.decision === 'noise',
    occurredAt: row.occurred_at,
    receivedAt: row.received_at,
    fields: row.fields ?? {},
  };
}
