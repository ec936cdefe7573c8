import type { ImportRowWrite } from '../store/import-rows.ts';
import { holdImport } from '../store/imports.ts';
import type { ReadRow } from './import-row.ts';
import type { ImportRun } from './import-run.ts';
import { writeRows } from './import-write.ts';
import type { Prepared } from './prepare.ts';

/** Whether a row names somebody who was erased after the file was uploaded. */
export function isErased({ tokens }: Pick<Prepared, 'tokens'>, erased: ReadonlySet<string>): boolean {
  return erased.size > 0 && tokens.some((token) => erased.has(token));
}

/** Rows in runs of erased people and others, in their order. */
export function parted(
  reads: readonly ReadRow[],
  erased: ReadonlySet<string>,
): readonly { readonly erased: boolean; readonly reads: readonly ReadRow[] }[] {
  const parts: { erased: boolean; reads: ReadRow[] }[] = [];
  for (const read of reads) {
    const gone = isErased(read.prepared, erased);
    const last = parts.at(-1);
    if (last?.erased === gone) last.reads.push(read);
    else parts.push({ erased: gone, reads: [read] });
  }
  return parts;
}

/** What is kept of a row of an erased person: that there was one. */
export function erasedRow(importId: string, row: number): ImportRowWrite {
  return {
    importId,
    row,
    class: 'other',
    decision: 'suppressed',
    originalDecision: null,
    code: null,
    path: null,
    columnName: null,
    hint: null,
    warnings: ['erased'],
    submissionId: null,
    customerId: null,
    leadId: null,
    touchId: null,
    before: null,
    cells: null,
  };
}

/** Notes rows of erased people; nothing of them is taken in. */
export async function noteErased({ deps, held }: ImportRun, reads: readonly ReadRow[]): Promise<void> {
  const connection = await deps.lane.connection();
  await connection.begin();
  try {
    const found = await holdImport(connection, held, ['running']);
    const rows = reads.map(({ row }) => erasedRow(held.id, row));
    await writeRows(connection, deps, found, rows);
    await connection.commit();
  } catch (error) {
    await connection.rollback().catch(() => {}); // a broken connection has rolled back by itself
    throw error;
  }
}
