import { formatInstant } from '../../domain/instant.ts';
import type { AuditEntry } from '../../store/audit.ts';
import type { AuditRecord } from '../schemas/audit-answer.ts';

/** One entry of the audit. */
export function auditRecord(entry: AuditEntry): AuditRecord {
  return {
    id: entry.id,
    at: formatInstant(entry.at),
    actor: entry.actor,
    action: entry.action,
    subject: { kind: entry.subjectKind, id: entry.subjectId },
    reason: entry.reason,
    detail: entry.detail,
    request_id: entry.requestId,
  };
}
