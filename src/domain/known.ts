import type { Instant } from './instant.ts';
import type { Decision, Owner } from './outcome.ts';
import type { Person } from './person.ts';
import type { PolicyVersion } from './policy.ts';
import type { Staffing } from './staffing.ts';
import type { Fields, TouchKind } from './submission.ts';

/** What the ledger remembers of a key: the submission it stood for, and every fingerprint seen under it. */
export interface KnownReceipt {
  readonly submissionId: string | null; // null: the key was used on another route
  readonly fingerprints: readonly string[];
  readonly decision: Decision;
  readonly rule: string;
  readonly policyVersion: number;
  readonly customerId: string | null;
  readonly leadId: string | null;
  readonly touchId: string | null;
  readonly owner: Owner | null;
  readonly warnings: readonly string[];
  readonly occurredAt: Instant;
  readonly quarantine: {
    readonly id: string;
    readonly code: string;
    readonly path: string;
    readonly hint: string;
  } | null;
  readonly touch: KnownValues | null; // loaded for sources with update semantics only
}

/** A touch with every submission that has spoken of it, for updates. */
export interface KnownValues {
  readonly channel: string;
  readonly occurredAt: Instant;
  readonly voided: boolean;
  readonly history: readonly ValuesOf[];
}
export interface ValuesOf {
  readonly submissionId: string;
  readonly occurredAt: Instant;
  readonly receivedAt: Instant;
  readonly fields: Fields;
}

/** A quarantined submission that a retry names, as if its id were a key. */
export interface Retried extends KnownReceipt {
  readonly open: boolean; // its entry still waits
}

/** Everything read after the locks were held. */
export interface Known {
  readonly policy: PolicyVersion;
  readonly channels: ReadonlyMap<string, TouchKind>;
  readonly receipts: ReadonlyMap<string, KnownReceipt>; // by receiptKey
  readonly retried: ReadonlyMap<string, Retried>; // quarantined submissions that retries name, by id
  readonly suppressed: ReadonlySet<string>; // identity keys
  readonly identities: ReadonlyMap<string, KnownIdentity>; // by identity key, every one that the batch names
  readonly persons: ReadonlyMap<string, Person>; // by root customer id
  readonly staffing: Staffing;
}
export interface KnownIdentity {
  readonly id: string;
  readonly customerId: string | null; // root; null: claimed just now, nobody's yet
}

/** One text for a key of a source's ledger. */
export function receiptKey(sourceId: string, kind: string, key: string): string {
  return `${sourceId}:${kind}:${key}`;
}
