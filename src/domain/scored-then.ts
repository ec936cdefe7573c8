import type { Instant } from './instant.ts';
import { PROFILE_FIELDS, type Profile, stateProfile, untouched } from './profile.ts';
import type { HistoryTouch } from './recompute.ts';
import type { Scored } from './score-attributes.ts';
import { uniteValues } from './unite-values.ts';

/** A touch that stood at a moment, with what had been received of it by then. */
export type TouchThen = Pick<HistoryTouch, 'occurredAt' | 'receivedAt' | 'spoken'>;

/**
 * Whom attributes would have looked at then: the profile over again from the touches given, in the order of events, and what
 * advisers had confirmed; of a value that was confirmed anew since, the former one is not known any more and counts as unconfirmed.
 */
export function scoredThen(now: Profile, touches: readonly TouchThen[], then: Instant): Scored {
  let profile = confirmedThen(now, then);
  for (const { spoken } of touches) {
    for (const { id, noise, occurredAt, receivedAt, fields } of spoken) {
      if (noise) continue;
      const stamp = { at: occurredAt, rec: receivedAt, sub: id };
      profile = stateProfile(profile, fields.person ?? {}, fields.clear ?? [], stamp);
    }
  }
  const said = touches.at(-1)?.spoken.filter(({ noise }) => !noise) ?? [];
  const fields = touches.length === 0 ? null : uniteValues(said.map((one) => ({ ...one, submissionId: one.id })));
  return { profile, fields };
}

function confirmedThen(now: Profile, then: Instant): Profile {
  const known = PROFILE_FIELDS.filter((field) => (now.confirmed[field]?.at ?? Infinity) <= then);
  const { confirmedAddress } = now;
  const start = untouched(now);
  return {
    ...start,
    addressCleared: start.addressCleared !== null && start.addressCleared.rec <= then ? start.addressCleared : null,
    confirmed: Object.fromEntries(known.map((field) => [field, now.confirmed[field]])),
    confirmedAddress: confirmedAddress !== null && confirmedAddress.at <= then ? confirmedAddress : null,
  };
}
