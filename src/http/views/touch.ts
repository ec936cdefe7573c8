import { formatInstant, momentOf } from '../../domain/instant.ts';
import { maskPhone } from '../../domain/mask.ts';
import { maskTyped } from '../../domain/mask-typed.ts';
import { maskFields, maskText } from '../../domain/masking.ts';
import type { Decision } from '../../domain/outcome.ts';
import { maskedOf, type Sight, seen } from '../../domain/sight.ts';
import type { TouchKind } from '../../domain/submission.ts';
import type { ListedTouch, SpokenRow } from '../../store/touch-list.ts';
import type { TouchRecord } from '../schemas/touch-answer.ts';

/** A touch with all that was said of it. */
export function touchRecord(touch: ListedTouch, sight: Sight): TouchRecord {
  const fields = touch.fields as Readonly<Record<string, unknown>>;
  return {
    id: touch.id,
    lead_id: touch.lead_id,
    customer_id: touch.customer_id,
    masked: maskedOf(sight),
    channel: touch.channel,
    kind: touch.kind as TouchKind,
    campaign: touch.campaign,
    store: touch.store,
    decision: touch.decision as Decision,
    cycle: touch.cycle,
    source_id: touch.source_id,
    source_name: touch.sourceName,
    identity_id: touch.identity_id,
    phone: seen(sight, touch.phone, maskPhone),
    phone_typed: seen(sight, touch.phoneTyped, maskTyped),
    fields: sight.kind === 'full' ? fields : maskFields(fields),
    flags: touch.flags,
    first_at: formatInstant(touch.first_at),
    last_at: formatInstant(touch.last_at),
    occurred_at: formatInstant(touch.occurred_at),
    received_at: formatInstant(touch.received_at),
    voided_at: momentOf(touch.voided_at),
    void_reason: seen(sight, touch.void_reason, maskText),
    submissions: touch.spoken.map((spoken) => spokenAnswer(spoken, sight)),
  };
}

function spokenAnswer(spoken: SpokenRow, sight: Sight): TouchRecord['submissions'][number] {
  return {
    id: spoken.id,
    decision: spoken.decision as Decision,
    noise: spoken.decision === 'noise',
    rule: spoken.rule,
    policy_version: spoken.policy_version,
    external_id: seen(sight, spoken.external_id, maskText),
    supersedes: spoken.supersedes,
    completes: spoken.completes,
    mode: spoken.mode,
    flags: spoken.flags,
    warnings: spoken.warnings,
    request_id: spoken.request_id,
    occurred_at: formatInstant(spoken.occurred_at),
    received_at: formatInstant(spoken.received_at),
  };
}
