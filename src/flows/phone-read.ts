import type { Instant } from '../domain/instant.ts';
import { insertAudit } from '../store/audit.ts';
import type { Db } from '../store/database.ts';

/** One request that is about to be answered with phones in full. */
export interface PhoneRead {
  readonly id: string;
  readonly at: Instant;
  readonly actor: string;
  readonly reason: string;
  readonly requestId: string;
  readonly route: string;
  readonly subjectKind: 'lead' | 'customer' | 'quarantine' | 'source' | 'import';
  readonly subjectId: string | null; // null: several, listed in `ids`
  readonly ids: readonly string[]; // leads, customers and the like as the answer names them
}

/** Writes into the audit that phones are read in full; when it cannot be written, they must not be answered. */
export async function recordPhoneRead(db: Db, read: PhoneRead): Promise<void> {
  const { id, at, actor, reason, requestId, subjectKind, subjectId, route, ids } = read;
  const detail = { route, ids };
  await insertAudit(db, [{ id, at, actor, action: 'phone.read', subjectKind, subjectId, reason, detail, requestId }]);
}
