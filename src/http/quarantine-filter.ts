import type { QuarantineFilter, QuarantineState } from '../store/quarantine-list.ts';
import { readMoments } from './query.ts';

/** A filter as it is asked for, in a query or a body. */
export interface AskedFilter {
  readonly state?: QuarantineState;
  readonly code?: string;
  readonly source_id?: string;
  readonly from?: string;
  readonly to?: string;
}

/** The filter of a list or of many retries; throws `query_invalid` naming a moment that is none. */
export function quarantineFilter(asked: AskedFilter): QuarantineFilter {
  return {
    ...readMoments(asked, ['from', 'to']),
    ...(asked.state === undefined ? {} : { state: asked.state }),
    ...(asked.code === undefined ? {} : { code: asked.code }),
    ...(asked.source_id === undefined ? {} : { sourceId: asked.source_id }),
  };
}
