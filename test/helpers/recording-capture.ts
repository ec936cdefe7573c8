import type { Outcome } from '../../src/domain/outcome.ts';
import type { Capture, CaptureItem, CaptureResult } from '../../src/flows/capture.ts';

/** A way in that judges nothing: it keeps what it was given and answers as it was told. For tests of the routes alone. */
export interface RecordingCapture extends Capture {
  readonly submitted: CaptureItem[];
  readonly dryRuns: CaptureItem[];
  answer: (item: CaptureItem, index: number) => CaptureResult;
}

export const OUTCOME: Outcome = {
  submissionId: '0197a3c2-5d10-7abc-8def-000000000001',
  decision: 'created',
  originalDecision: null,
  leadId: '0197a3c2-5d10-7abc-8def-000000000002',
  customerId: '0197a3c2-5d10-7abc-8def-000000000003',
  touchId: '0197a3c2-5d10-7abc-8def-000000000004',
  rule: 'created.no_lead_in_scope',
  policyVersion: 1,
  owner: { adviser: null, store: 'S1', reason: 'pool' },
  assignment: null,
  warnings: [],
  quarantineId: null,
  refusal: null,
};

/** The outcome of an item, changed where it matters. */
export function judged(change: Partial<Outcome> = {}): CaptureResult {
  return { kind: 'judged', outcome: { ...OUTCOME, ...change } };
}

export function recordingCapture(): RecordingCapture {
  const capture: RecordingCapture = {
    submitted: [],
    dryRuns: [],
    answer: () => judged(),
    submit: async (items) => {
      capture.submitted.push(...items);
      return items.map((item, index) => capture.answer(item, index));
    },
    dryRun: async (items) => {
      capture.dryRuns.push(...items);
      return items.map(() => ({ ...OUTCOME, submissionId: null, leadId: null, touchId: null }));
    },
    waiting: () => 0,
    lagMs: () => 0,
    idle: async () => {},
    busy: () => false,
  };
  return capture;
}
