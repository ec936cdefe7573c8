import type { Entry } from './entry.ts';
import type { EventDraft } from './event.ts';
import type { Instant } from './instant.ts';
import type { Known, KnownIdentity, KnownReceipt } from './known.ts';
import type { Decision, Owner } from './outcome.ts';
import type { KnownTouch, Person } from './person.ts';
import { type Staffing, staffingOf } from './staffing.ts';
import type { KeyKind, Submission, TouchKind } from './submission.ts';

/** A submission with what only policy and dictionary could say: its kind of touch, its moment after the clock-skew rule. */
export type Settled = Submission & { readonly kind: TouchKind };

export interface SubmissionWrite {
  readonly id: string;
  readonly entry: Entry;
  readonly settled: Settled;
  readonly decision: Decision;
  readonly rule: string;
  readonly customerId: string | null;
  readonly leadId: string | null;
  readonly touchId: string | null;
  readonly supersedes: string | null;
  readonly completes: string | null;
  readonly owner: Owner | null;
  readonly flags: readonly string[];
  readonly minimal: boolean; // suppressed: no content is kept
}

export interface TouchWrite {
  readonly id: string;
  readonly entry: Entry;
  readonly settled: Settled;
  readonly submissionId: string;
  readonly customerId: string;
  readonly leadId: string;
  readonly cycle: number;
  readonly identityId: string;
  readonly noiseKey: string;
  readonly decision: Decision;
  readonly flags: readonly string[];
}

export interface ReceiptWrite {
  readonly sourceId: string;
  readonly kind: KeyKind;
  readonly key: string;
  readonly submissionId: string;
  readonly fingerprints: readonly string[];
  readonly createdAt: Instant;
  readonly expiresAt: Instant | null;
  readonly replaces: boolean; // the key is known: its row is rewritten
}

export interface SuggestionWrite {
  readonly id: string;
  readonly kind: 'merge' | 'invalid_touched' | 'possible_number_reuse';
  readonly subject: string;
  readonly customerId: string;
  readonly otherCustomerId: string | null;
  readonly leadId: string | null;
  readonly submissionId: string;
  readonly at: Instant;
}

export interface VoidWrite {
  readonly touchId: string;
  readonly customerId: string;
  readonly leadId: string;
  readonly reason: string;
  readonly at: Instant;
}

/** The state of the fold: what is known so far, and what is to be written. Lives for one batch, inside `decideAll`. */
export interface World {
  readonly known: Known;
  readonly persons: Map<string, Person>;
  readonly identities: Map<string, KnownIdentity>;
  readonly receipts: Map<string, KnownReceipt>;
  readonly submissions: SubmissionWrite[];
  readonly touches: TouchWrite[];
  readonly extents: Map<string, KnownTouch>; // touches whose first or last moment noise has moved
  readonly touchFields: Map<string, { readonly customerId: string; readonly fields: object }>; // touches whose values an update changed
  readonly receiptWrites: Map<string, ReceiptWrite>;
  readonly quarantines: { readonly id: string; readonly write: SubmissionWrite }[];
  readonly completed: { readonly submissionId: string; readonly by: string; readonly again: 'usable' | 'unusable' }[];
  readonly suggestions: Map<string, SuggestionWrite>;
  readonly consents: {
    readonly id: string;
    readonly customerId: string;
    readonly write: SubmissionWrite;
    readonly index: number;
  }[];
  readonly staffing: Staffing;
  readonly voids: VoidWrite[];
  readonly recomputed: Map<string, Entry>; // customers whose values come from the history again, and what asked for it
  readonly events: { readonly event: EventDraft; readonly entry: Entry }[];
}

/** A world in which nothing has happened yet. */
export function beginWorld(known: Known): World {
  return {
    known,
    persons: new Map(known.persons),
    identities: new Map(known.identities),
    receipts: new Map(known.receipts),
    submissions: [],
    touches: [],
    extents: new Map(),
    touchFields: new Map(),
    receiptWrites: new Map(),
    quarantines: [],
    completed: [],
    suggestions: new Map(),
    consents: [],
    staffing: staffingOf(known.staffing.directory, known.staffing), // turns move as it is judged
    voids: [],
    recomputed: new Map(),
    events: [],
  };
}
