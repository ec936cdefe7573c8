import { isUtf8 } from 'node:buffer';
import { formatInstant, momentOf } from '../../domain/instant.ts';
import { maskTyped } from '../../domain/mask-typed.ts';
import { maskFields, maskText } from '../../domain/masking.ts';
import { maskedOf, type Sight, seen } from '../../domain/sight.ts';
import type { QuarantineEntry } from '../../store/quarantine-list.ts';
import type { KeptBody } from '../../store/raw-bodies.ts';
import type { QuarantineDetail, QuarantineItem } from '../schemas/quarantine.ts';

/** One entry of the list. */
export function quarantineItem(entry: QuarantineEntry, sight: Sight): QuarantineItem {
  return {
    id: entry.id,
    submission_id: entry.submissionId,
    source: { id: entry.sourceId, name: entry.sourceName },
    code: entry.code,
    path: entry.path,
    hint: entry.hint,
    state: entry.state,
    masked: maskedOf(sight),
    external_id: seen(sight, entry.externalId, maskText),
    phone_typed: seen(sight, entry.phoneTyped, maskTyped),
    occurred_at: formatInstant(entry.occurredAt),
    received_at: formatInstant(entry.receivedAt),
    resolved_by: entry.resolvedBy,
    resolved_at: momentOf(entry.resolvedAt),
    actor: entry.actor,
  };
}

/** One entry as it was read; `raw` is given only where the sight is full. */
export function quarantineDetail(
  entry: QuarantineEntry,
  raw: KeptBody | null,
  reason: string | null,
  sight: Sight,
): QuarantineDetail {
  const fields = entry.fields as Readonly<Record<string, unknown>>;
  return {
    ...quarantineItem(entry, sight),
    mode: entry.mode,
    fields: sight.kind === 'full' ? fields : maskFields(fields),
    warnings: entry.warnings,
    completes: entry.completes,
    request_id: entry.requestId,
    reason,
    raw: raw === null ? null : rawAnswer(raw),
  };
}

function rawAnswer({ contentType, body }: KeptBody): NonNullable<QuarantineDetail['raw']> {
  const encoding = isUtf8(body) ? 'utf8' : 'base64';
  return { content_type: contentType, encoding, body: body.toString(encoding) };
}
