import { columnOf } from '../channels/sheet-line.ts';
import type { ImportCounts } from '../domain/import.ts';
import { type Acquaintance, classOf } from '../domain/import-class.ts';
import type { Decision, Outcome } from '../domain/outcome.ts';
import type { Person } from '../domain/person.ts';
import { type ImportRowWrite, leadBefore } from '../store/import-rows.ts';
import type { ReadRow } from './import-row.ts';
import type { PlannedImport } from './import-setup.ts';

/** Whom earlier rows have named, and which leads they have touched; grows as rows are described. */
export interface Named {
  readonly customers: Set<string>;
  readonly leads: Set<string>;
}

const OWN_TOUCH: ReadonlySet<Decision> = new Set([
  'created',
  'merged',
  'reactivated',
  'repurchase',
  'after_lost',
  'late',
]);

/** What is kept of one row; `persons` are those known before its batch. Call it in the order of rows. */
export function describeRow(
  setup: PlannedImport,
  read: ReadRow,
  outcome: Outcome,
  persons: ReadonlyMap<string, Person>,
  named: Named,
): ImportRowWrite {
  const { customerId, leadId, refusal } = outcome;
  const person = customerId === null ? undefined : persons.get(customerId);
  const before = leadId === null || named.leads.has(leadId) ? undefined : person?.leads.find(({ id }) => id === leadId);
  const touches = OWN_TOUCH.has(outcome.decision);
  const written = {
    importId: setup.import.id,
    row: read.row,
    class: classOf(outcome, acquaintance(customerId, person, named)),
    decision: outcome.decision,
    originalDecision: outcome.originalDecision,
    code: refusal?.code ?? null,
    path: refusal?.path ?? null,
    columnName: refusal === null ? null : (columnOf(setup.plan, read.mapping, refusal.path)?.header ?? null),
    hint: refusal?.hint ?? null,
    warnings: [...new Set([...read.mapping.warnings, ...outcome.warnings])],
    submissionId: outcome.submissionId,
    customerId,
    leadId,
    touchId: touches ? outcome.touchId : null,
    before: touches && before !== undefined ? leadBefore(before) : null,
    cells: refusal === null ? null : read.cells,
  };
  if (customerId !== null) named.customers.add(customerId);
  if (touches && leadId !== null) named.leads.add(leadId);
  return written;
}

function acquaintance(customerId: string | null, person: Person | undefined, named: Named): Acquaintance {
  if (customerId !== null && named.customers.has(customerId)) return 'named';
  return person === undefined ? 'nobody' : 'known';
}

/** Counts with rows added to them. */
export function countRows(counts: ImportCounts, rows: readonly ImportRowWrite[]): ImportCounts {
  const classes: Record<string, number> = { ...counts.classes };
  const decisions: Record<string, number> = { ...counts.decisions };
  for (const row of rows) {
    classes[row.class] = (classes[row.class] ?? 0) + 1;
    decisions[row.decision] = (decisions[row.decision] ?? 0) + 1;
  }
  return { classes, decisions };
}
