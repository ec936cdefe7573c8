import { maskTyped } from '../../domain/mask-typed.ts';
import { maskFields, maskHandle, maskText } from '../../domain/masking.ts';
import type { Outcome } from '../../domain/outcome.ts';
import { maskedOf, type Sight, seen } from '../../domain/sight.ts';
import type { Draft } from '../../domain/submission.ts';
import type { Preview, Previewed } from '../../flows/preview-push.ts';
import type { ReadLead } from '../../flows/read-push.ts';
import type { PreviewAnswer, PreviewItem } from '../schemas/source-preview.ts';

/** What a push would become, as the sight shows it. */
export function previewAnswer({ handshake, authenticity, items, problem }: Preview, sight: Sight): PreviewAnswer {
  return {
    masked: maskedOf(sight),
    handshake,
    authenticity,
    items: items.map((item) => itemAnswer(item, sight)),
    problem,
  };
}

function itemAnswer(item: Previewed, sight: Sight): PreviewItem {
  switch (item.kind) {
    case 'lead':
      return { ...leadAnswer(item.lead, sight), outcome: outcomeAnswer(item.outcome) };
    case 'erase':
      return {
        kind: 'erase',
        external_id: seen(sight, item.externalId, maskText),
        delivery_id: seen(sight, item.deliveryId, maskText),
        why: null,
      };
    case 'ignored':
      return { kind: 'ignored', external_id: null, delivery_id: null, why: item.why };
  }
}

function leadAnswer({ item, mapping, draft, deliveryId }: ReadLead, sight: Sight): PreviewItem {
  const full = sight.kind === 'full';
  return {
    kind: 'lead',
    external_id: seen(sight, draft.external_id ?? null, maskText),
    delivery_id: seen(sight, deliveryId, maskText),
    why: null,
    draft: full ? (draft as Readonly<Record<string, unknown>>) : maskDraft(draft),
    fields: mapping.fields.map(({ field, from, value }) => ({
      field,
      from,
      value: full ? value : maskField(field, value),
    })),
    unmapped: full ? mapping.unmapped : mapping.unmapped.map(maskText),
    warnings: mapping.warnings,
    fetched_later: item.reference !== null,
  };
}

function outcomeAnswer({ decision, originalDecision, rule, leadId, refusal, warnings }: Outcome) {
  return { decision, original_decision: originalDecision, rule, lead_id: leadId, refusal, warnings };
}

/** A draft for those who may not read phones: as typed but for the digits, and phones inside other texts too. */
export function maskDraft(draft: Draft): Readonly<Record<string, unknown>> {
  const masked = maskFields(draft as Readonly<Record<string, unknown>>);
  if (draft.person === undefined) return masked;
  const { phone, wechat, wecom } = draft.person;
  const person = {
    ...(masked['person'] as object),
    ...(phone === undefined ? {} : { phone: maskTyped(phone) }),
    ...(wechat === undefined ? {} : { wechat: maskHandle(wechat) }),
    ...(wecom === undefined ? {} : { wecom: { ...wecom, external_user_id: maskHandle(wecom.external_user_id) } }),
  };
  return { ...masked, person };
}

/** A value of a canonical field likewise. */
export function maskField(field: string, value: unknown): unknown {
  if (field === 'person.phone') return maskTyped(String(value));
  if (field === 'person.wechat' || field === 'person.wecom.external_user_id') return maskHandle(String(value));
  const name = field.slice(field.lastIndexOf('.') + 1);
  return (maskFields({ group: { [name]: value } })['group'] as Readonly<Record<string, unknown>>)[name];
}
