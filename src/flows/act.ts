import type { Instant } from '../domain/instant.ts';
import { insertAudit } from '../store/audit.ts';
import type { Tx } from '../store/database.ts';

/** Who changes something, when and under which request, with the chance to make ids and secrets of. */
export interface Act {
  readonly actor: string; // key:crm, adviser:A7, cli, config
  readonly at: Instant;
  readonly requestId: string | null;
  readonly newId: () => string;
  readonly chance: (bytes: number) => Uint8Array;
}

/** What an audit entry is about. */
export interface AuditSubject {
  readonly kind:
    | 'key'
    | 'source'
    | 'endpoint'
    | 'delivery'
    | 'policy'
    | 'channel'
    | 'quarantine'
    | 'review'
    | 'import'
    | 'region'
    | 'store'
    | 'adviser'
    | 'lead'
    | 'score_model';
  readonly id: string;
}

/** Writes what was done into the audit, in the transaction that does it; `detail` holds no secret and no person. */
export async function auditAct(
  tx: Tx,
  act: Act,
  action: string,
  subject: AuditSubject,
  detail: Readonly<Record<string, unknown>>,
  reason: string | null = null,
): Promise<void> {
  await insertAudit(tx, [
    {
      id: act.newId(),
      at: act.at,
      actor: act.actor,
      action,
      subjectKind: subject.kind,
      subjectId: subject.id,
      reason,
      detail,
      requestId: act.requestId,
    },
  ]);
}
