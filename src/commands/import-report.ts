import { IMPORT_CLASSES, type ImportColumn } from '../domain/import.ts';
import type { ImportDetail } from '../http/schemas/import.ts';
import { columns } from './help.ts';
import { duration, grouped } from './import-progress.ts';

const MOST_WARNINGS = 20;

/** What is printed of an import that has ended: what was found in the file, the first rows of a dry run, and the result. */
export function importReport(detail: ImportDetail): readonly string[] {
  return [...readingLines(detail), ...previewLines(detail), ...resultLines(detail)].map((line) =>
    line.replace(/\p{Cc}/gu, ' '),
  ); // a header may hold what moves a cursor
}

function readingLines({ reading }: ImportDetail): readonly string[] {
  if (reading === null) return [];
  const how =
    reading.format === 'csv'
      ? `csv in ${reading.encoding}, delimiter ${JSON.stringify(reading.delimiter)}`
      : `xlsx, sheet ${reading.sheet}`;
  const { before_header: above, blank, repeated_header: again, total } = reading.skipped;
  const skipped = [
    ...(above > 0 ? [`${above} above the header`] : []),
    ...(blank > 0 ? [`${blank} blank`] : []),
    ...(again > 0 ? [`${again} with the header again`] : []),
    ...(total > 0 ? [`${total} with totals`] : []),
  ];
  const rows = (reading.columns as readonly ImportColumn[]).map(
    (column) =>
      [`${column.letter}  ${column.header === '' ? `(${column.key})` : column.header}`, useOf(column)] as const,
  );
  return [
    `read as ${how}; the header is row ${reading.header_row}`,
    columns(rows),
    ...(skipped.length === 0 ? [] : [`lines that are no rows: ${skipped.join(', ')}`]),
    ...warningLines(reading.warnings),
    '',
  ].flatMap((text) => text.split('\n'));
}

function useOf({ use, field, how }: ImportColumn): string {
  switch (use) {
    case 'mapped':
      return `→ ${field ?? 'read by a rule'}${how === null ? '' : ` (${how})`}`;
    case 'second':
      return `→ ${field} too: another column for it goes before`;
    case 'extra':
      return 'not known: kept under extra';
    case 'ignored':
      return 'not read';
  }
}

function warningLines(warnings: readonly string[]): readonly string[] {
  const told = warnings.flatMap((warning) => {
    const at = warning.indexOf(':');
    const about = warning.slice(at + 1);
    if (warning.startsWith('ambiguous:')) return `several columns for ${about}: see above which goes first`;
    if (warning.startsWith('repeated_header:')) return `the header ${about} stands there again`;
    if (warning === 'no_phone_column')
      return 'no column holds a phone, WeChat or WeCom id: see whether the header was found';
    return warning.startsWith('unmapped:') ? [] : warning; // the table of columns says so
  });
  const more = told.length - MOST_WARNINGS;
  return [...told.slice(0, MOST_WARNINGS), ...(more > 0 ? [`and ${more} more`] : [])].map((line) => `note: ${line}`);
}

function previewLines({ preview }: ImportDetail): readonly string[] {
  if (preview === null || preview.length === 0) return [];
  const rows = preview as readonly {
    readonly row: number;
    readonly decision: string;
    readonly code: string | null;
    readonly draft: unknown;
  }[];
  return [
    'the first rows as they are read:',
    ...rows.map(
      ({ row, decision, code, draft }) =>
        `  ${row}  ${decision}${code === null ? '' : ` (${code})`}  ${JSON.stringify(draft)}`,
    ),
    '',
  ];
}

function resultLines(detail: ImportDetail): readonly string[] {
  const { classes, decisions, rows, dry_run, state, rows_per_second: rate } = detail;
  if (detail.reading === null) return [];
  const table = Object.entries(IMPORT_CLASSES).flatMap(([name, meaning]) => {
    const count = classes[name] ?? 0;
    return count === 0 ? [] : [[`${name.padEnd(17)}${grouped(count).padStart(11)}`, meaning] as const];
  });
  const judged = Object.entries(decisions).map(([name, count]) => `${name} ${grouped(count ?? 0)}`);
  const seconds = secondsOf(detail);
  return [
    `${state}: ${grouped(rows.done)} rows${dry_run ? ', of a dry run: nothing was written' : ''}`,
    ...(table.length === 0 ? [] : columns(table).split('\n')),
    ...(judged.length === 0 ? [] : [`decisions: ${judged.join(', ')}`]),
    ...(seconds === null
      ? []
      : [`took ${duration(seconds)}${rate === null ? '' : `, ${grouped(Math.round(rate))} rows/s`}`]),
  ];
}

function secondsOf({ started_at, finished_at }: ImportDetail): number | null {
  if (started_at === null || finished_at === null) return null;
  return Math.round((Date.parse(finished_at) - Date.parse(started_at)) / 1000);
}
