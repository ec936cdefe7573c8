import { failedRows } from '../../domain/failed-rows.ts';
import { IMPORT_CLASSES, type Import, type ImportReading } from '../../domain/import.ts';
import type { PreviewRow } from '../../domain/import-preview.ts';
import { formatInstant, type Instant, momentOf } from '../../domain/instant.ts';
import { maskFields, maskText } from '../../domain/masking.ts';
import { maskedOf, type Sight } from '../../domain/sight.ts';
import type { ListedRow } from '../../store/import-row-list.ts';
import type { ImportAnswer, ImportDetail, ImportProgress, ImportRow } from '../schemas/import.ts';
import { maskDraft, maskField } from './preview.ts';

/** How far an import is, at a moment. */
export function importProgress(found: Import, now: Instant): ImportProgress {
  const { state, rowsTotal: total, rowsDone: done, counts } = found;
  return {
    state,
    rows: { total, done, failed: failedRows(counts) },
    ...speedOf(found, now),
    classes: Object.fromEntries(CLASSES.map((name) => [name, counts.classes[name] ?? 0])),
    decisions: counts.decisions,
  };
}

const CLASSES = Object.keys(IMPORT_CLASSES) as (keyof typeof IMPORT_CLASSES)[];

function speedOf(
  { state, startedAt, finishedAt, rowsTotal, rowsDone }: Import,
  now: Instant,
): Pick<ImportProgress, 'rows_per_second' | 'remaining_seconds'> {
  const ms = startedAt === null ? 0 : (finishedAt ?? now) - startedAt;
  if (ms <= 0 || rowsDone === 0) return { rows_per_second: null, remaining_seconds: null };
  const rate = (rowsDone * 1000) / ms;
  const left = state === 'running' && rowsTotal !== null ? Math.max(0, rowsTotal - rowsDone) : null;
  return {
    rows_per_second: Math.round(rate * 10) / 10,
    remaining_seconds: left === null ? null : Math.ceil(left / rate),
  };
}

/** An import as it stands. What a file says of itself may hold persons where it has no header: phones in it are masked. */
export function importAnswer(found: Import, now: Instant): ImportAnswer {
  const { fault, reading, revert } = found;
  return {
    id: found.id,
    ...importProgress(found, now),
    dry_run: found.dryRun,
    mode: found.mode,
    source_id: found.sourceId,
    file: {
      name: found.fileName === null ? null : maskText(found.fileName),
      bytes: found.fileBytes,
      sha256: found.fileDigest,
    },
    options: maskFields({ options: found.options })['options'] as ImportAnswer['options'],
    reading: reading === null ? null : (maskReading(reading) as NonNullable<ImportAnswer['reading']>),
    fault: fault === null ? null : { ...fault, detail: maskText(fault.detail) },
    revert: revert === null ? null : { ...revert },
    created_by: found.actor,
    created_at: formatInstant(found.createdAt),
    started_at: momentOf(found.startedAt),
    finished_at: momentOf(found.finishedAt),
  };
}

function maskReading(reading: ImportReading): ImportReading {
  return maskFields({ reading })['reading'] as ImportReading;
}

/** An import with its first rows as the sight shows them. */
export function importDetail(
  found: Import,
  preview: readonly PreviewRow[] | null,
  sight: Sight,
  now: Instant,
): ImportDetail {
  const shown = preview?.map(({ draft, ...row }) => ({
    ...row,
    draft: sight.kind === 'full' ? draft : maskDraft(draft),
  }));
  return { ...importAnswer(found, now), masked: maskedOf(sight), preview: shown ?? null };
}

/** What became of a row, with the value at fault as the sight shows it. */
export function importRow(reading: ImportReading | null, sight: Sight): (row: ListedRow) => ImportRow {
  return (row) => ({
    row: row.row,
    class: row.class,
    decision: row.decision,
    original_decision: row.originalDecision,
    code: row.code,
    column: row.columnName,
    value: valueAtFault(reading, row, sight),
    hint: row.hint,
    warnings: row.warnings,
    submission_id: row.submissionId,
    lead_id: row.leadId,
    customer_id: row.customerId,
  });
}

function valueAtFault(reading: ImportReading | null, { cells, columnName }: ListedRow, sight: Sight): string | null {
  const column = columnName === null ? undefined : reading?.columns.find(({ header }) => header === columnName);
  if (cells === null || column === undefined) return null;
  const value = cells[column.index] ?? '';
  return sight.kind === 'full' ? value : maskCell(value, column.field);
}

/** A cell for those who may not read phones, by the field that its column fills. */
export function maskCell(cell: string, field: string | null): string {
  return field === null ? maskText(cell) : String(maskField(field, cell));
}
