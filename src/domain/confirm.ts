import { cleanText } from './clean.ts';
import type { Instant } from './instant.ts';
import {
  ADDRESS_PARTS,
  type Address,
  addressOf,
  PROFILE_FIELDS,
  type Profile,
  standing,
  standingAddress,
  takeAddressBack,
} from './profile.ts';
import type { Person } from './submission.ts';

/** What an adviser can take back: a field of one value, or the address as a block. */
export const CLEARABLE_BY_HAND = [...PROFILE_FIELDS, 'address'] as const;

/** Values that an adviser confirms, and those that they take back. */
export interface Confirmation {
  readonly person: Omit<Person, 'tags'>;
  readonly clear: readonly string[];
  readonly at: Instant;
  readonly by: string;
}

/** The profile with values confirmed or taken back, and the names of what was; the same profile when nothing is other than it was. */
export function confirmProfile(
  profile: Profile,
  confirmation: Confirmation,
): { readonly profile: Profile; readonly fields: readonly string[] } {
  const { person, clear, at, by } = confirmation;
  const confirmed = { ...profile.confirmed };
  const fields: string[] = [];
  for (const field of PROFILE_FIELDS) {
    const value = cleanText(person[field]) ?? (clear.includes(field) ? null : undefined);
    if (value === undefined || value === confirmed[field]?.v) continue;
    if (value === null && standing(profile, field) === null) continue; // nothing is there to take back
    confirmed[field] = { v: value, at, by };
    fields.push(field);
  }
  const { confirmedAddress } = profile;
  const address = confirmedBlock(profile, person, clear);
  if (address !== null && !sameAddress(address, confirmedAddress?.v ?? null)) {
    return {
      profile: { ...profile, confirmed, confirmedAddress: { v: address, at, by } },
      fields: [...fields, 'address'],
    };
  }
  if (address === null && clear.includes('address') && standingAddress(profile) !== null) {
    return { profile: takeAddressBack({ ...profile, confirmed }, at), fields: [...fields, 'address'] };
  }
  return { profile: fields.length === 0 ? profile : { ...profile, confirmed }, fields };
}

/** The address block after a confirmation: parts below one that changes are dropped unless they are given too; null: none given. */
function confirmedBlock(profile: Profile, person: Person, clear: readonly string[]): Address | null {
  const clean = Object.fromEntries(ADDRESS_PARTS.map((part) => [part, cleanText(person[part])]));
  const given = addressOf(clean as Person);
  if (given === null) return null;
  const known = standingAddress(profile) ?? {};
  const block: { [Part in (typeof ADDRESS_PARTS)[number]]?: string } = {};
  let moved = clear.includes('address');
  for (const part of ADDRESS_PARTS) {
    const value = given[part] ?? (moved ? undefined : known[part]);
    if (given[part] !== undefined && given[part] !== known[part]) moved = true;
    if (value !== undefined) block[part] = value;
  }
  return block;
}

function sameAddress(a: Address, b: Address | null): boolean {
  return b !== null && ADDRESS_PARTS.every((part) => a[part] === b[part]);
}
