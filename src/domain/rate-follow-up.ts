import type { Instant } from './instant.ts';
import type { Lead } from './lead.ts';
import type { ChannelTouches } from './person.ts';
import type { PolicyVersion } from './policy.ts';
import type { FollowUpOutcome } from './task.ts';
import type { Worked } from './working.ts';

/** Rates a lead anew that was followed up. */
export function rateFollowUp(
  lead: Lead,
  _followUp: { readonly id: string; readonly at: Instant; readonly outcome: FollowUpOutcome },
  _channels: ChannelTouches,
  _policy: PolicyVersion,
): Worked {
  return { lead, facts: [] };
}
