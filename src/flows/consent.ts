import type { Bounds } from '../domain/bounds.ts';
import { type StandingConsent, standingConsents } from '../domain/consent.ts';
import type { Instant } from '../domain/instant.ts';
import type { Purpose } from '../domain/submission.ts';
import { consentsOf, insertConsent } from '../store/consents.ts';
import type { Tx } from '../store/database.ts';
import { readPolicy } from '../store/rules.ts';
import { sessionOf } from '../store/session.ts';
import { familyOf } from '../store/whereabouts.ts';
import type { Call } from './call.ts';
import { idsOf } from './ids.ts';
import { lockCustomer } from './lock-customer.ts';
import { settleMoment } from './moment.ts';
import { requireSome } from './own.ts';
import { tell } from './tell.ts';

/** A consent or its withdrawal as somebody reports it. */
export interface ConsentInput {
  readonly purpose: Purpose;
  readonly granted: boolean;
  readonly statedAt: Instant | null; // null: now
  readonly textVersion: string | null;
  readonly channel: string | null;
  readonly proof: string | null;
}

/** What stands for every purpose now; `recorded` false: the same statement was there already. */
export interface StatedConsent {
  readonly customerId: string;
  readonly statedAt: Instant;
  readonly recorded: boolean;
  readonly standing: Readonly<Record<Purpose, StandingConsent>>;
}

/**
 * Keeps a consent statement; the latest dated one per purpose stands, and an older one changes nothing that is told. Throws Fault
 * `not_found`, `gone`, `other_store`.
 */
export async function stateConsent(
  tx: Tx,
  call: Call,
  bounds: Bounds,
  customerId: string,
  input: ConsentInput,
): Promise<StatedConsent> {
  const session = sessionOf(tx);
  const { customer, leads } = await lockCustomer(tx, call, customerId);
  requireSome(bounds, leads);
  const { document: policy, version } = await readPolicy(session);
  const { moment: statedAt } = settleMoment(input.statedAt, call.at, policy.clock_skew_seconds);
  const rows = await consentsOf(tx, await familyOf(session, customer.id));
  const { purpose, granted } = input;
  const before = standingConsents(rows, policy.consent_default);
  const known = rows.some((row) => row.purpose === purpose && row.granted === granted && row.statedAt === statedAt);
  if (known) return { customerId: customer.id, statedAt, recorded: false, standing: before };
  const nextId = idsOf(call.seeds, call.at, customer.id);
  const { textVersion, channel, proof } = input;
  const kept = { customerId: customer.id, purpose, granted, statedAt, textVersion, channel, proof };
  await insertConsent(tx, { ...kept, id: nextId(), actor: call.actor, recordedAt: call.at });
  const standing = standingConsents([...rows, { purpose, granted, statedAt }], policy.consent_default);
  const moved = before[purpose];
  if (standing[purpose].granted !== moved.granted || standing[purpose].statedAt !== moved.statedAt) {
    const subject = { subjectKind: 'customer' as const, subjectId: customer.id, customerId: customer.id };
    const data = { purpose, granted, was_granted: moved.granted, text_version: textVersion };
    const told = { ...subject, leadId: null, sequence: null, occurredAt: statedAt, submissionId: null, data };
    const event = { ...told, id: nextId(), type: 'customer.consent_changed' as const, rule: 'consent.latest_dated' };
    await tell(session, call, version, [event]);
  }
  return { customerId: customer.id, statedAt, recorded: true, standing };
}
