import type { ValuesOf } from './known.ts';
import type { Fields } from './submission.ts';

/** One touch's values after all who spoke of it: the latest occurred_at wins field by field, a blank erases nothing. */
export function uniteValues(history: readonly ValuesOf[]): Fields {
  const ordered = [...history].sort(
    (a, b) => a.occurredAt - b.occurredAt || a.receivedAt - b.receivedAt || (a.submissionId < b.submissionId ? -1 : 1),
  );
  const united: Record<string, Record<string, unknown>> = {};
  for (const { fields } of ordered) {
    for (const [group, values] of Object.entries(fields)) {
      if (group !== 'clear') united[group] = { ...united[group], ...values };
    }
  }
  return united as Fields;
}
