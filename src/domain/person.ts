import type { Instant } from './instant.ts';
import type { Lead } from './lead.ts';
import type { Origin } from './origin.ts';
import type { Profile } from './profile.ts';
import type { Identity } from './submission.ts';

/** The newest touch of each channel. */
export type ChannelTouches = Readonly<Record<string, { readonly id: string; readonly at: Instant }>>;

/** 客户: one person, as the rules see them; always the root of its merges. */
export interface Customer {
  readonly id: string;
  readonly profile: Profile;
  readonly firstSource: Origin | null;
  readonly lastSource: Origin | null;
  readonly touchCount: number;
  readonly channels: ChannelTouches;
  readonly version: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** What the noise rule needs to know of a touch. */
export interface KnownTouch {
  readonly id: string;
  readonly leadId: string;
  readonly noiseKey: string;
  readonly occurredAt: Instant;
  readonly firstAt: Instant;
  readonly firstSubmissionId: string;
  readonly lastAt: Instant;
  readonly lastSubmissionId: string;
}

/** Everything that is known of one person when a touch of theirs is judged. */
export interface Person {
  readonly customer: Customer;
  readonly leads: readonly Lead[];
  readonly touches: readonly KnownTouch[]; // those near in time, see the noise rule
  readonly identities: readonly Identity[]; // read only where an entry of the batch names several or may be an update
}

/** The leads with one put in its place, or added. */
export function withLead(person: Person, lead: Lead): Person {
  const known = person.leads.some((other) => other.id === lead.id);
  const leads = known ? person.leads.map((other) => (other.id === lead.id ? lead : other)) : [...person.leads, lead];
  return { ...person, leads };
}
