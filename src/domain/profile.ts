import type { Instant } from './instant.ts';
import type { Person } from './submission.ts';

/** Profile fields of one value each; the address moves as a block, tags are a union. */
export const PROFILE_FIELDS = ['name', 'gender', 'email', 'company', 'job_title', 'industry', 'company_size'] as const;
export type ProfileField = (typeof PROFILE_FIELDS)[number];
export const ADDRESS_PARTS = ['province', 'city', 'district', 'street'] as const;
export type Address = { readonly [Part in (typeof ADDRESS_PARTS)[number]]?: string };

/** Where a value comes from: the submission and its moments. */
export interface Stamp {
  readonly at: Instant;
  readonly rec: Instant;
  readonly sub: string;
}
/** A value as the customer stated it; null: taken back. Rank 0 is a placeholder (先生, 微信用户…), which any real value beats. */
export interface Stated extends Stamp {
  readonly v: string | null;
  readonly rank: 0 | 1;
}
export interface StatedAddress extends Stamp {
  readonly v: Address;
}
/** A value that an adviser confirmed; it outranks whatever customers state. */
export interface Confirmed {
  readonly v: string | null;
  readonly at: Instant;
  readonly by: string;
}
export interface Profile {
  readonly stated: { readonly [Field in ProfileField]?: Stated };
  readonly address: StatedAddress | null;
  readonly addressCleared: Stamp | null; // the latest moment that the customer took the address back
  readonly tags: readonly string[];
  readonly confirmed: { readonly [Field in ProfileField]?: Confirmed };
  readonly confirmedAddress: { readonly v: Address; readonly at: Instant; readonly by: string } | null;
}

export const EMPTY_PROFILE: Profile = Object.freeze({
  stated: Object.freeze({}),
  address: null,
  addressCleared: null,
  tags: Object.freeze([]),
  confirmed: Object.freeze({}),
  confirmedAddress: null,
});

const PLACEHOLDER =
  /^(?:先生|女士|小姐|太太|匿名|匿名用户|未命名|未知|游客|用户|客户|test.*|测试.*|(?:微信|抖音|快手|小红书|手机|新|平台)?用户[\w-]*|[一-龥](?:先生|女士|小姐))$/i;

/** Whether a name names nobody in particular: 先生, 微信用户8823, 未命名, test. */
export function isPlaceholderName(value: string): boolean {
  return PLACEHOLDER.test(value.trim());
}

function later(a: Stamp, b: Stamp): boolean {
  if (a.at !== b.at) return a.at > b.at;
  if (a.rec !== b.rec) return a.rec > b.rec;
  return a.sub > b.sub;
}

function survives(known: Stated | undefined, other: Stated): Stated {
  if (known === undefined || other.rank > known.rank) return other;
  return other.rank === known.rank && later(other, known) ? other : known;
}

/** How much of an address is there: 0 to 4 parts. */
function completeness(address: Address): number {
  return ADDRESS_PARTS.filter((part) => address[part] !== undefined).length;
}

function survivingAddress(known: StatedAddress | null, other: StatedAddress): StatedAddress {
  if (known === null) return other;
  const difference = completeness(other.v) - completeness(known.v);
  return difference > 0 || (difference === 0 && later(other, known)) ? other : known;
}

function latestStamp(a: Stamp | null, b: Stamp | null): Stamp | null {
  if (a === null || b === null) return a ?? b;
  return later(a, b) ? a : b;
}

function unlessCleared(address: StatedAddress | null, cleared: Stamp | null): StatedAddress | null {
  return address !== null && cleared !== null && !later(address, cleared) ? null : address;
}

/** The profile after one submission's person group; a blank erases nothing, the order of submissions changes nothing. */
export function stateProfile(known: Profile, person: Person, clear: readonly string[], stamp: Stamp): Profile {
  const stated: { [Field in ProfileField]?: Stated } = { ...known.stated };
  for (const field of PROFILE_FIELDS) {
    const value = person[field];
    if (value !== undefined) {
      const rank = field === 'name' && isPlaceholderName(value) ? 0 : 1;
      stated[field] = survives(stated[field], { v: value, rank, ...stamp });
    } else if (clear.includes(field)) {
      stated[field] = survives(stated[field], { v: null, rank: 1, ...stamp });
    }
  }
  const block = addressOf(person);
  const takenBack = block === null && clear.includes('address');
  const addressCleared = takenBack ? latestStamp(known.addressCleared, stamp) : known.addressCleared;
  const candidate = block === null ? known.address : survivingAddress(known.address, { v: block, ...stamp });
  const address = unlessCleared(candidate, addressCleared);
  const fresh = (person.tags ?? []).filter((tag) => !known.tags.includes(tag));
  const tags = fresh.length === 0 ? known.tags : [...new Set([...known.tags, ...fresh])].sort();
  return yielding({ ...known, stated, address, addressCleared, tags });
}

/** A value that an adviser took back stays so only until the customer states one anew: nothing was confirmed in its place. */
function yielding(profile: Profile): Profile {
  const { stated } = profile;
  if (Object.keys(profile.confirmed).length === 0) return profile; // nearly everybody
  const confirmed = { ...profile.confirmed };
  for (const field of PROFILE_FIELDS) {
    const takenBack = confirmed[field];
    const again = stated[field];
    if (takenBack?.v === null && again !== undefined && again.at > takenBack.at) delete confirmed[field];
  }
  return { ...profile, confirmed };
}

const BY_HAND = 'by_hand'; // instead of a submission

/** The profile without its address, as if the customer had taken it back at this moment. */
export function takeAddressBack(profile: Profile, at: Instant): Profile {
  const addressCleared = latestStamp(profile.addressCleared, { at, rec: at, sub: BY_HAND });
  return {
    ...profile,
    confirmedAddress: null,
    addressCleared,
    address: unlessCleared(profile.address, addressCleared),
  };
}

/** What a profile begins with when it is made over again from its touches: an address that was taken back by hand stays so. */
export function untouched({ addressCleared }: Profile): Profile {
  return { ...EMPTY_PROFILE, addressCleared: addressCleared?.sub === BY_HAND ? addressCleared : null };
}

/** The address block of a person group, or null when it names no part. */
export function addressOf(person: Person): Address | null {
  const block: { [Part in (typeof ADDRESS_PARTS)[number]]?: string } = {};
  for (const part of ADDRESS_PARTS) {
    const value = person[part];
    if (value !== undefined) block[part] = value;
  }
  return completeness(block) === 0 ? null : block;
}

/** The value that stands: confirmed by an adviser, else as stated; null when there is none. */
export function standing(profile: Profile, field: ProfileField): string | null {
  return (profile.confirmed[field] ?? profile.stated[field])?.v ?? null;
}

/** The address that stands. */
export function standingAddress(profile: Profile): Address | null {
  return (profile.confirmedAddress ?? profile.address)?.v ?? null;
}

/** Names of what changed between two profiles: field names, `address`, `tags`; never values. */
export function changedFields(before: Profile, after: Profile): readonly string[] {
  if (before === after) return [];
  const changed: string[] = PROFILE_FIELDS.filter((field) => standing(before, field) !== standing(after, field));
  if (JSON.stringify(standingAddress(before)) !== JSON.stringify(standingAddress(after))) changed.push('address');
  if (before.tags.length !== after.tags.length) changed.push('tags');
  return changed;
}

/** Two profiles as one: each value by the same rules, so that merging never erases what was known. */
export function uniteProfiles(a: Profile, b: Profile): Profile {
  const stated: { [Field in ProfileField]?: Stated } = { ...a.stated };
  const confirmed: { [Field in ProfileField]?: Confirmed } = { ...a.confirmed };
  for (const field of PROFILE_FIELDS) {
    const other = b.stated[field];
    if (other !== undefined) stated[field] = survives(stated[field], other);
    const mine = confirmed[field];
    const theirs = b.confirmed[field];
    if (theirs !== undefined && (mine === undefined || theirs.at > mine.at)) confirmed[field] = theirs;
  }
  const [left, right] = [a.confirmedAddress, b.confirmedAddress];
  const address = b.address === null ? a.address : survivingAddress(a.address, b.address);
  const addressCleared = latestStamp(a.addressCleared, b.addressCleared);
  return yielding({
    stated,
    address: unlessCleared(address, addressCleared),
    addressCleared,
    tags: [...new Set([...a.tags, ...b.tags])].sort(),
    confirmed,
    confirmedAddress: right !== null && (left === null || right.at > left.at) ? right : left,
  });
}

/** Whether two real names clearly name different people: neither holds the other, and they do not begin alike. */
export function clearlyOther(a: string, b: string): boolean {
  const [left, right] = [a, b].map((name) =>
    name
      .normalize('NFKC')
      .replace(/[\s·.]/g, '')
      .toLowerCase(),
  ) as [string, string];
  if (isPlaceholderName(a) || isPlaceholderName(b) || left === '' || right === '') return false;
  return !left.includes(right) && !right.includes(left) && left[0] !== right[0];
}
