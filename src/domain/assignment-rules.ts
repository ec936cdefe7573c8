import type { AssignmentCondition, AssignmentRule, AssignmentTarget, Explanation } from './assignment.ts';
import type { Directory } from './directory.ts';
import { type Asked, whyNot } from './eligible.ts';
import type { Address } from './profile.ts';
import type { Staffing } from './staffing.ts';
import { territoryOf } from './territory.ts';
import type { Settled } from './world.ts';

/** Where a lead goes: to somebody, or to the wheels of a store (one of several that cover a city), of a region, or of HQ. */
export type Aim =
  | { readonly kind: 'adviser'; readonly adviser: string }
  | {
      readonly kind: 'pool';
      readonly stores: readonly string[]; // none: the region's, else that of HQ
      readonly city: string | null; // whose wheel says which of several stores
      readonly region: string | null;
      readonly skill: string | null;
    };

/** The rule that fired, and those before it that did not, with why. */
export interface Fired {
  readonly rule: string | null;
  readonly aim: Aim | null;
  readonly skipped: Explanation['skipped'];
}

/** What rules are asked about. */
export interface RuleSubject {
  readonly settled: Pick<Settled, 'channel' | 'store' | 'fields'>;
  readonly address: Address | null; // of the customer, after the touch
}

/** The first rule whose condition fits and whose target is there. */
export function fireRule(
  rules: readonly AssignmentRule[],
  subject: RuleSubject,
  staffing: Staffing,
  asked: Omit<Asked, 'skill'>,
  offShift: 'wait' | 'assign',
): Fired {
  const skipped: { rule: string; why: string }[] = [];
  for (const { name, when, give } of rules) {
    const aim = fits(when, subject) ? aimOf(give, subject, staffing.directory) : 'no_match';
    const why = typeof aim === 'string' ? aim : refusal(aim, staffing, asked, offShift);
    if (why === null && typeof aim !== 'string') return { rule: name, aim, skipped };
    skipped.push({ rule: name, why: why ?? 'no_match' });
  }
  return { rule: null, aim: null, skipped };
}

/** Whether every field that a condition names fits. */
export function fits(when: AssignmentCondition, { settled, address }: RuleSubject): boolean {
  const { campaign, product, traffic } = settled.fields;
  const has = (list: readonly string[] | undefined, ...values: readonly (string | null | undefined)[]): boolean =>
    list === undefined || values.some((value) => value !== null && value !== undefined && list.includes(value));
  return (
    has(when.campaign, campaign?.id, traffic?.campaign_id) &&
    has(when.channel, settled.channel) &&
    hasPlace(when.city, address?.city) &&
    hasPlace(when.province, address?.province) &&
    has(when.brand, product?.brand) &&
    has(when.category, product?.category) &&
    has(when.series, product?.series) &&
    has(when.store, settled.store)
  );
}

const SUFFIX = /(?:市|省|特别行政区|(?:壮族|回族|维吾尔)?自治区)$/;

/** 南京市 is 南京, 江苏省 is 江苏: customers write either. */
function hasPlace(list: readonly string[] | undefined, value: string | undefined): boolean {
  if (list === undefined) return true;
  const plain = (text: string): string => text.normalize('NFKC').trim().replace(SUFFIX, '');
  return value !== undefined && list.some((one) => plain(one) === plain(value));
}

/** Where a target lies; a text says why it is not there. */
export function aimOf(give: AssignmentTarget, { settled, address }: RuleSubject, directory: Directory): Aim | string {
  switch (give.to) {
    case 'adviser':
      return directory.advisers.has(give.adviser) ? { kind: 'adviser', adviser: give.adviser } : 'adviser_unknown';
    case 'store':
      return aimAtStore(directory, give.store, give.skill ?? null);
    case 'capture_store':
      return settled.store === null ? 'no_store' : aimAtStore(directory, settled.store, give.skill ?? null);
    case 'territory':
      return aimAtCity(directory, address?.city ?? null, give.skill ?? null);
    case 'hq':
      return { kind: 'pool', stores: [], city: null, region: null, skill: give.skill ?? null };
  }
}

/** The wheels of a store; a text says why it is not there. */
export function aimAtStore(directory: Directory, code: string, skill: string | null): Aim | string {
  const store = directory.stores.get(code);
  if (store === undefined) return 'store_unknown';
  return store.active ? { kind: 'pool', stores: [code], city: null, region: null, skill } : 'store_inactive';
}

/** The stores, else the region, that cover a city; a text says why there is none. */
export function aimAtCity(directory: Directory, city: string | null, skill: string | null): Aim | string {
  if (city === null) return 'no_city';
  const { stores, region } = territoryOf(directory, city);
  if (stores.length === 0 && region === null) return 'no_territory';
  return { kind: 'pool', stores: stores.map(({ code }) => code), city, region: region?.code ?? null, skill };
}

/** An adviser whom a rule names gets the lead only if they could have it in turn. */
function refusal(
  aim: Aim,
  staffing: Staffing,
  asked: Omit<Asked, 'skill'>,
  offShift: 'wait' | 'assign',
): string | null {
  if (aim.kind === 'pool') return null;
  const adviser = staffing.directory.advisers.get(aim.adviser);
  if (adviser === undefined) return 'adviser_unknown';
  const why = whyNot(adviser, staffing, { ...asked, skill: null });
  return why === 'off_shift' && offShift === 'assign' ? null : why;
}
