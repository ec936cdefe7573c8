import type { Selectable } from 'kysely';
import { byRank } from '../../domain/identity.ts';
import { formatInstant, momentOf } from '../../domain/instant.ts';
import { originAnswer } from '../../domain/lead-record.ts';
import { maskPhone } from '../../domain/mask.ts';
import { maskHandle, maskText } from '../../domain/masking.ts';
import type { Customer } from '../../domain/person.ts';
import type { Policy } from '../../domain/policy.ts';
import { maskedOf, type Sight, seen } from '../../domain/sight.ts';
import { type Identity, PURPOSES, type Purpose } from '../../domain/submission.ts';
import type { HeldIdentity } from '../../store/customer-read.ts';
import type { Reach } from '../../store/lead-page.ts';
import type { ListedLead } from '../../store/listed-lead.ts';
import type { ConsentTable, MergeTable } from '../../store/tables.ts';
import type { CustomerExists, CustomerRecord } from '../schemas/customer-answer.ts';
import { leadRecordWithin } from './lead.ts';
import { profileAnswer } from './profile.ts';

/** Everything that is known of a customer. */
export interface CustomerFacts {
  readonly asked: string;
  readonly customer: Customer;
  readonly members: readonly string[]; // the customer's own id and those of its aliases
  readonly identities: readonly HeldIdentity[];
  readonly consents: ReadonlyMap<Purpose, Selectable<ConsentTable>>;
  readonly merges: readonly Omit<Selectable<MergeTable>, 'record'>[];
  readonly leads: readonly ListedLead[];
}

/** One person with everything that is known, leads outside the reach of the key only as existing. */
export function customerRecord(
  facts: CustomerFacts,
  policy: Policy,
  reach: Reach | null,
  sight: Sight,
): CustomerRecord {
  const { asked, customer, members, leads } = facts;
  return {
    id: customer.id,
    resolved_from: asked === customer.id ? null : asked,
    version: customer.version,
    masked: maskedOf(sight),
    phone: seen(sight, firstPhone(facts), maskPhone),
    profile: profileAnswer(customer.profile, sight),
    identities: identityAnswers(facts.identities, sight),
    consents: PURPOSES.map((purpose) => consentAnswer(purpose, facts.consents.get(purpose), policy, sight)),
    first_source: originAnswer(customer.firstSource),
    last_source: originAnswer(customer.lastSource),
    touch_count: customer.touchCount,
    leads: leads.map((lead) => leadRecordWithin(reach, lead, sight)),
    aliases: members.filter((id) => id !== customer.id),
    merges: facts.merges.map((merge) => ({
      ...merge,
      reason: seen(sight, merge.reason, maskText),
      created_at: formatInstant(merge.created_at),
      undone_at: momentOf(merge.undone_at),
    })),
    created_at: formatInstant(customer.createdAt),
    updated_at: formatInstant(customer.updatedAt),
  };
}

/** What is said of a customer none of whose leads the key may read. */
export function customerExists(facts: Pick<CustomerFacts, 'customer' | 'identities'>): CustomerExists {
  const phone = firstPhone(facts);
  return { id: facts.customer.id, exists: true, phone: phone === null ? null : maskPhone(phone) };
}

function firstPhone({ identities }: Pick<CustomerFacts, 'identities'>): string | null {
  return identities.find(({ identity }) => identity.kind === 'phone')?.identity.value ?? null;
}

function identityAnswers(held: readonly HeldIdentity[], sight: Sight): CustomerRecord['identities'] {
  const place = new Map(byRank(held.map(({ identity }) => identity)).map((identity, index) => [identity, index]));
  const ranked = [...held].sort((a, b) => (place.get(a.identity) ?? 0) - (place.get(b.identity) ?? 0));
  return ranked.map(({ id, identity, createdAt }) => ({
    id,
    kind: identity.kind,
    namespace: identity.namespace,
    value: seen(sight, identity.value, MASKS[identity.kind]),
    created_at: formatInstant(createdAt),
  }));
}

const MASKS: Readonly<Record<Identity['kind'], (value: string) => string>> = {
  phone: maskPhone,
  wechat: maskHandle,
  wecom: maskHandle,
  platform_lead: maskText, // the platform's number of a lead reaches nobody; one that looks like a phone might
};

function consentAnswer(
  purpose: Purpose,
  stated: Selectable<ConsentTable> | undefined,
  policy: Policy,
  sight: Sight,
): CustomerRecord['consents'][number] {
  return {
    purpose,
    granted: stated?.granted ?? policy.consent_default[purpose],
    source: stated === undefined ? 'default' : 'statement',
    stated_at: momentOf(stated?.stated_at ?? null),
    text_version: stated?.text_version ?? null,
    channel: stated?.channel ?? null,
    proof: seen(sight, stated?.proof ?? null, maskText),
    submission_id: stated?.submission_id ?? null,
    actor: stated?.actor ?? null,
    recorded_at: momentOf(stated?.recorded_at ?? null),
  };
}
