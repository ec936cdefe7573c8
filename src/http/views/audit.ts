import { formatInstant } from '../../domain/instant.ts';
import { maskText } from '../../domain/masking.ts';
import type { AuditEntry } from '../../store/audit.ts';
import type { AuditRecord } from '../schemas/audit-answer.ts';

/** One entry of the audit; what somebody wrote in own words is masked, since it may name a number. */
export function auditRecord(entry: AuditEntry): AuditRecord {
  return {
    id: entry.id,
    at: formatInstant(entry.at),
    actor: entry.actor,
    action: entry.action,
    subject: { kind: entry.subjectKind, id: entry.subjectId },
    reason: entry.reason === null ? null : maskText(entry.reason),
    detail: withMaskedNote(entry.detail),
    request_id: entry.requestId,
  };
}

function withMaskedNote(detail: AuditEntry['detail']): AuditEntry['detail'] {
  const { note } = detail;
  return typeof note === 'string' ? { ...detail, note: maskText(note) } : detail;
}
