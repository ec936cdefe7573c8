import { insertAudit } from '../store/audit.ts';
import type { Tx } from '../store/database.ts';
import type { Call } from './call.ts';

/** What an operator or adviser wrote in their own words, which no event may hold: kept in the audit, erased with the person. */
export interface Note {
  readonly id: string;
  readonly action: string;
  readonly subjectKind: 'lead' | 'customer' | 'touch' | 'deal' | 'suppression';
  readonly subjectId: string;
  readonly reason: string | null;
  readonly detail?: Readonly<Record<string, unknown>>;
}

/** Writes a note into the audit, in the transaction of the change that it explains. */
export async function note(tx: Tx, call: Call, { detail = {}, ...entry }: Note): Promise<void> {
  await insertAudit(tx, [{ ...entry, detail, at: call.at, actor: call.actor, requestId: call.requestId }]);
}
