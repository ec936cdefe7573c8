import type { ImportClass, ImportCounts } from './import.ts';

/** Classes of rows that were refused: they can be corrected and sent again. */
const FAILED_CLASSES = [
  'phone_unusable',
  'phone_empty',
  'date_invalid',
  'other_error',
] as const satisfies readonly ImportClass[];

/** How many rows were refused. */
export function failedRows({ classes }: Pick<ImportCounts, 'classes'>): number {
  return FAILED_CLASSES.reduce((sum, one) => sum + (classes[one] ?? 0), 0);
}
