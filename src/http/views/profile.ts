import { formatInstant } from '../../domain/instant.ts';
import { maskEmail, maskText } from '../../domain/masking.ts';
import type { Confirmed, Profile, ProfileField, Stamp } from '../../domain/profile.ts';
import { type Sight, seen } from '../../domain/sight.ts';
import type { CustomerRecord } from '../schemas/customer-answer.ts';

type ProfileAnswer = CustomerRecord['profile'];
type ValueAnswer = ProfileAnswer['name'];

/** A profile, each value with where it comes from: confirmed by an adviser, else as the customer stated it. */
export function profileAnswer(profile: Profile, sight: Sight): ProfileAnswer {
  const value = (field: ProfileField, mask = maskText): ValueAnswer => {
    const confirmed = profile.confirmed[field];
    const stated = profile.stated[field];
    const stands = confirmed ?? stated ?? null;
    return { value: seen(sight, stands?.v ?? null, mask), origin: originOf(confirmed, stated) };
  };
  return {
    name: value('name'),
    gender: value('gender'),
    email: value('email', maskEmail),
    company: value('company'),
    job_title: value('job_title'),
    industry: value('industry'),
    company_size: value('company_size'),
    address: addressAnswer(profile, sight),
    tags: profile.tags.map((tag) => seen(sight, tag, maskText)),
  };
}

function addressAnswer({ confirmedAddress, address }: Profile, sight: Sight): ProfileAnswer['address'] {
  const { province = null, city = null, district = null, street = null } = (confirmedAddress ?? address)?.v ?? {};
  const origin = originOf(confirmedAddress ?? undefined, address ?? undefined);
  return { province, city, district, street: seen(sight, street, maskText), origin };
}

function originOf(
  confirmed: Pick<Confirmed, 'at' | 'by'> | undefined,
  stated: Stamp | undefined,
): ValueAnswer['origin'] {
  if (confirmed !== undefined) {
    return { kind: 'confirmed', by: confirmed.by, at: formatInstant(confirmed.at), submission_id: null };
  }
  if (stated === undefined) return null;
  return { kind: 'stated', by: 'customer', at: formatInstant(stated.at), submission_id: stated.sub };
}
