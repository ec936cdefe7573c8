import { currentLead } from './absorb.ts';
import type { Instant } from './instant.ts';
import type { Lead } from './lead.ts';
import { earliest, latest, originOf } from './origin.ts';
import type { Customer } from './person.ts';
import { type Profile, stateProfile, untouched } from './profile.ts';
import type { Fields, TouchKind } from './submission.ts';

/** A submission that spoke of a touch. */
export interface Spoken {
  readonly id: string;
  readonly noise: boolean;
  readonly occurredAt: Instant;
  readonly receivedAt: Instant;
  readonly fields: Fields;
}

/** A touch of a person with every submission that spoke of it. */
export interface HistoryTouch {
  readonly id: string;
  readonly leadId: string;
  readonly cycle: number;
  readonly channel: string;
  readonly kind: TouchKind; // as it arrived
  readonly occurredAt: Instant;
  readonly sourceId: string;
  readonly store: string | null;
  readonly receivedAt: Instant;
  readonly voided: boolean;
  readonly fields: Fields | null; // after updates
  readonly firstAt: Instant;
  readonly firstSubmissionId: string;
  readonly lastAt: Instant;
  readonly lastSubmissionId: string;
  readonly spoken: readonly Spoken[];
}

/** A person's values over again from the touches that stand; confirmed values, states and decisions stay as they are. */
export function recomputePerson(
  customer: Customer,
  leads: readonly Lead[],
  history: readonly HistoryTouch[],
  at: Instant,
): { readonly customer: Customer; readonly leads: readonly Lead[] } {
  const standing = history.filter((touch) => !touch.voided);
  const updatedAt = Math.max(customer.updatedAt, at);
  const { profile } = customer;
  return {
    customer: {
      ...customer,
      profile: {
        ...stateAll(profile, standing),
        confirmed: profile.confirmed,
        confirmedAddress: profile.confirmedAddress,
      },
      ...sourcesOf(standing),
      touchCount: standing.length,
      version: customer.version + 1,
      updatedAt,
    },
    leads: leads.map((lead) => {
      const own = standing.filter((touch) => currentLead(leads, touch.leadId)?.id === lead.id);
      if (lead.mergedInto !== null) return lead;
      return { ...lead, ...sourcesOf(own), touchCount: own.length, version: lead.version + 1, updatedAt };
    }),
  };
}

function stateAll(before: Profile, touches: readonly HistoryTouch[]): Profile {
  let profile = untouched(before);
  for (const touch of touches) {
    for (const { id, noise, occurredAt, receivedAt, fields } of touch.spoken) {
      if (noise) continue;
      profile = stateProfile(profile, fields.person ?? {}, fields.clear ?? [], {
        at: occurredAt,
        rec: receivedAt,
        sub: id,
      });
    }
  }
  return profile;
}

function sourcesOf(touches: readonly HistoryTouch[]): Pick<Lead, 'firstSource' | 'lastSource'> {
  let firstSource: Lead['firstSource'] = null;
  let lastSource: Lead['lastSource'] = null;
  for (const touch of touches) {
    firstSource = earliest(firstSource, sourceAt(touch, touch.firstSubmissionId, touch.firstAt));
    lastSource = latest(lastSource, sourceAt(touch, touch.lastSubmissionId, touch.lastAt));
  }
  return { firstSource, lastSource };
}

function sourceAt(touch: HistoryTouch, submissionId: string, at: Instant): NonNullable<Lead['firstSource']> {
  const speaker = touch.spoken.find((submission) => submission.id === submissionId);
  const fields = speaker?.noise === true ? speaker.fields : (touch.fields ?? speaker?.fields ?? {});
  const receivedAt = speaker?.receivedAt ?? touch.receivedAt;
  return originOf({ ...touch, fields, receivedAt, source: { id: touch.sourceId } }, touch.id, at);
}
