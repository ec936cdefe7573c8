import { failedRows } from '../domain/failed-rows.ts';
import type { Import } from '../domain/import.ts';
import { readPolicy } from '../store/rules.ts';
import type { Session } from '../store/session.ts';
import type { Act } from './act.ts';
import { tell } from './tell.ts';

/** Tells that an import came to its end, in the transaction that ends it; the import as it is then, and no dry run. */
export async function tellImport(
  session: Session,
  act: Pick<Act, 'actor' | 'requestId' | 'at' | 'newId'>,
  ended: Import,
): Promise<void> {
  const { id, sourceId, state, mode, rowsTotal, rowsDone, counts } = ended;
  const { version } = await readPolicy(session);
  await tell(session, act, version, [
    {
      id: act.newId(),
      type: 'import.completed',
      subjectKind: 'import',
      subjectId: id,
      customerId: null,
      leadId: null,
      sequence: null,
      occurredAt: act.at,
      submissionId: null,
      rule: null,
      data: {
        source_id: sourceId,
        state,
        mode,
        rows_total: rowsTotal,
        rows_done: rowsDone,
        failed: failedRows(counts),
        ...counts,
      },
    },
  ]);
}
