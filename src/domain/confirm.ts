import { cleanText } from './clean.ts';
import type { Instant } from './instant.ts';
import { ADDRESS_PARTS, type Address, addressOf, PROFILE_FIELDS, type Profile, standingAddress } from './profile.ts';
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
    confirmed[field] = { v: value, at, by };
    fields.push(field);
  }
  const address = confirmedBlock(profile, person, clear);
  const same = address === null || sameAddress(address, profile.confirmedAddress?.v ?? null);
  if (!same) fields.push('address');
  if (fields.length === 0) return { profile, fields };
  return {
    profile: {
      ...profile,
      confirmed,
      confirmedAddress: same || address === null ? profile.confirmedAddress : { v: address, at, by },
    },
    fields,
  };
}

/** The address block after a confirmation: parts below one that changes are dropped unless they are given too; null: not named. */
function confirmedBlock(profile: Profile, person: Person, clear: readonly string[]): Address | null {
  const clean = Object.fromEntries(ADDRESS_PARTS.map((part) => [part, cleanText(person[part])]));
  const given = addressOf(clean as Person);
  if (given === null) return clear.includes('address') ? {} : null;
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
