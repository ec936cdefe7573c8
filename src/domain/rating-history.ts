import { currentLead } from './absorb.ts';
import { withChannelTouch } from './channel-touches.ts';
import type { Instant } from './instant.ts';
import { isLive, type Lead } from './lead.ts';
import type { ChannelTouches } from './person.ts';
import type { PolicyVersion } from './policy.ts';
import { rateLead } from './rate-lead.ts';
import type { RatingFacts } from './rating.ts';
import { NO_FACTS, type RatedFollowUp, ratingOfTouch, withFollowUp, withTouch } from './rating-facts.ts';
import type { HistoryTouch } from './recompute.ts';
import type { TouchKind } from './submission.ts';

/** A touch that stands, as far as rating goes by it. */
export interface RatedTouch {
  readonly id: string;
  readonly leadId: string; // as written
  readonly cycle: number;
  readonly channel: string;
  readonly kind: TouchKind; // after updates
  readonly occurredAt: Instant;
}

/** A follow-up of the history, with the lead and the cycle that it was written to. */
export interface LeadFollowUp extends RatedFollowUp {
  readonly leadId: string;
  readonly cycle: number;
}

/** The touches of a history that stand, each with its kind as it was last told. */
export function ratedTouches(history: readonly HistoryTouch[]): readonly RatedTouch[] {
  return history
    .filter(({ voided }) => !voided)
    .map(({ id, leadId, cycle, channel, kind, fields, occurredAt }) => {
      return { id, leadId, cycle, channel, kind: fields?.intent?.kind ?? kind, occurredAt };
    });
}

/** The newest touch of each channel, from scratch. */
export function channelsOf(touches: readonly RatedTouch[]): ChannelTouches {
  return touches.reduce<ChannelTouches>(
    (known, { id, channel, occurredAt }) => withChannelTouch(known, channel, { id, at: occurredAt }),
    {},
  );
}

/** The leads of a person rated from scratch, by every touch that stands and every follow-up. */
export function rateFromHistory(
  leads: readonly Lead[],
  touches: readonly RatedTouch[],
  followUps: readonly LeadFollowUp[],
  policy: PolicyVersion,
): readonly Lead[] {
  const channels = channelsOf(touches);
  return leads.map((lead) => {
    if (!isLive(lead)) return lead;
    const own = <T extends { readonly leadId: string; readonly cycle: number }>(written: readonly T[]): readonly T[] =>
      written.filter((one) => isOfCycle(leads, lead, one));
    return rateLead(lead, factsOf(lead, own(touches), own(followUps), policy), channels, policy);
  });
}

/** Whether what was written to a lead, or to one merged into it since its cycle began, is of its present cycle. */
function isOfCycle(
  leads: readonly Lead[],
  lead: Lead,
  { leadId, cycle }: { readonly leadId: string; readonly cycle: number },
): boolean {
  if (leadId === lead.id) return cycle === lead.cycle;
  const holder = leads.find(({ id }) => id === leadId);
  if (holder === undefined || currentLead(leads, leadId)?.id !== lead.id) return false;
  // A lead that was merged away changes no more: it was last written when it went.
  return cycle === holder.cycle && (lead.cycle === 1 || holder.updatedAt >= lead.cycleStartedAt);
}

function factsOf(
  lead: Lead,
  touches: readonly RatedTouch[],
  followUps: readonly LeadFollowUp[],
  policy: PolicyVersion,
): RatingFacts {
  const manual = lead.ratingFacts?.manual ?? null;
  const touched = touches.reduce<RatingFacts>((facts, { id, channel, kind, occurredAt }) => {
    const rating = ratingOfTouch(channel, kind, policy.document.rating);
    return withTouch(facts, { id, at: occurredAt, rating });
  }, NO_FACTS);
  const answered = followUps.reduce<RatingFacts>(withFollowUp, touched);
  return { ...answered, manual: manual === null ? null : { ...manual, over: endOf(manual, touches) } };
}

/** The touch that ended a rating by hand: the one that did, while it stands, else the first after it. */
function endOf(manual: NonNullable<RatingFacts['manual']>, touches: readonly RatedTouch[]): string | null {
  if (touches.some(({ id }) => id === manual.over)) return manual.over;
  return touches.find(({ occurredAt }) => occurredAt > manual.at)?.id ?? null;
}
