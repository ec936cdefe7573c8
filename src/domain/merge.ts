import { uniteChannels } from './channel-touches.ts';
import type { Instant } from './instant.ts';
import { isLive, isOpen, type Lead } from './lead.ts';
import { earliest, latest, type Origin } from './origin.ts';
import { part } from './parting.ts';
import type { Customer } from './person.ts';
import { type Profile, uniteProfiles } from './profile.ts';
import { NO_FACTS, uniteFacts } from './rating-facts.ts';
import type { OpenTask } from './task.ts';

/** What of a lead a merge may change and an unmerge may have to give back. */
const STATE = [
  'state',
  'stateAt',
  'priorState',
  'reason',
  'dormantBy',
  'closedAt',
  'cycle',
  'cycleStartedAt',
] as const satisfies readonly (keyof Lead)[];
const OWNER = [
  'store',
  'owner',
  'ownerSince',
  'formerOwner',
  'formerStore',
  'ownerTaken',
  'pooledSince',
  'skill',
] as const satisfies readonly (keyof Lead)[];
const REST = ['createdAt', 'lastActivityAt', 'lastReceivedAt', 'phone'] as const satisfies readonly (keyof Lead)[];
const GROUPS: readonly (readonly (keyof Lead)[])[] = [STATE, OWNER, ...REST.map((name) => [name])];

/** Those values of a lead, without its phone in a record that is kept: whether it had one. */
export type LeadSnapshot = Readonly<Record<string, unknown>>;

/** Two open leads of one scope that became one. */
export interface MergedPair {
  readonly survivor: string;
  readonly absorbed: string;
  readonly before: LeadSnapshot; // of the survivor
  readonly after: LeadSnapshot;
  readonly tasks?: readonly [survivor: OpenTask | null, absorbed: OpenTask | null]; // open before; of records from before there were any: missing
}

/** What unmerge needs, kept with the merge: ids and codes, and the confirmed values of the surviving side. */
export interface MergeRecord {
  readonly aliases: readonly string[]; // of the absorbed customer: they name the survivor now
  readonly touches: readonly string[]; // of the surviving side: what came later is none of them
  readonly identities: readonly string[]; // of the surviving side
  readonly leads: readonly string[]; // of the surviving side
  readonly pairs: readonly MergedPair[];
  readonly confirmed: Profile['confirmed'];
  readonly confirmedAddress: Profile['confirmedAddress'];
}

/** Two open leads as they are after a merge. */
export interface UnitedLeads {
  readonly survivor: Lead;
  readonly absorbed: Lead;
  readonly pair: MergedPair;
}

/** The leads of both sides that become one: those open in the same scope. */
export function uniteOpenLeads(mine: readonly Lead[], theirs: readonly Lead[], at: Instant): readonly UnitedLeads[] {
  const open = (lead: Lead): boolean => isLive(lead) && isOpen(lead.state);
  return mine.filter(open).flatMap((lead) => {
    const other = theirs.find((candidate) => open(candidate) && candidate.scope === lead.scope);
    if (other === undefined) return [];
    const survivor = uniteLeads(lead, other, at);
    const absorbed = { ...other, mergedInto: lead.id, version: other.version + 1, updatedAt: at };
    const tasks = [lead.task, other.task] as const;
    const pair = { survivor: lead.id, absorbed: other.id, before: snapshot(lead), after: snapshot(survivor), tasks };
    return [{ survivor, absorbed, pair }];
  });
}

/**
 * Two open leads as one, under the id and in the cycle of the first: owned by whoever has followed up, else by whoever was
 * assigned first; created when the earlier one was; as far as the one further on.
 */
export function uniteLeads(mine: Lead, theirs: Lead, at: Instant): Lead {
  const holder = holderOf(mine, theirs);
  const further = PROGRESS[theirs.state] > PROGRESS[mine.state] ? theirs : mine;
  return {
    ...mine,
    ...pick(holder, OWNER),
    state: further.state,
    stateAt: further.stateAt,
    phone: mine.phone ?? theirs.phone,
    takenFrom: theirs.takenFrom.reduce(part, mine.takenFrom),
    firstSource: unite(mine.firstSource, theirs.firstSource, earliest),
    lastSource: unite(mine.lastSource, theirs.lastSource, latest),
    touchCount: mine.touchCount + theirs.touchCount,
    ratingFacts: bothFacts(mine, theirs),
    flags: [...new Set([...mine.flags, ...theirs.flags])].sort(),
    createdAt: Math.min(mine.createdAt, theirs.createdAt),
    lastActivityAt: Math.max(mine.lastActivityAt, theirs.lastActivityAt),
    lastReceivedAt: Math.max(mine.lastReceivedAt, theirs.lastReceivedAt),
    version: mine.version + 1,
    updatedAt: Math.max(mine.updatedAt, at),
  };
}

const PROGRESS: Readonly<Record<Lead['state'], number>> = {
  new: 0,
  assigned: 1,
  following: 2,
  won: 3,
  lost: 3,
  dormant: 3,
  invalid: 3,
};

/** Whose owner and store the united lead has. */
function holderOf(a: Lead, b: Lead): Lead {
  const rank = (lead: Lead): readonly number[] => [
    lead.owner === null ? 1 : 0,
    lead.state === 'following' ? 0 : 1,
    lead.ownerSince ?? 0,
    lead.createdAt,
  ];
  const [left, right] = [rank(a), rank(b)];
  const at = left.findIndex((value, i) => value !== right[i]);
  if (at === -1) return a.id < b.id ? a : b;
  return (left[at] ?? 0) < (right[at] ?? 0) ? a : b;
}

/** The surviving customer with what was known of the other. */
export function uniteCustomers(survivor: Customer, absorbed: Customer, at: Instant): Customer {
  return {
    ...survivor,
    profile: uniteProfiles(survivor.profile, absorbed.profile),
    firstSource: unite(survivor.firstSource, absorbed.firstSource, earliest),
    lastSource: unite(survivor.lastSource, absorbed.lastSource, latest),
    touchCount: survivor.touchCount + absorbed.touchCount,
    channels: uniteChannels(survivor.channels, absorbed.channels),
    version: survivor.version + 1,
    updatedAt: Math.max(survivor.updatedAt, at),
  };
}

function unite(a: Origin | null, b: Origin | null, of: (known: Origin | null, other: Origin) => Origin): Origin | null {
  return b === null ? a : of(a, b);
}

/** A surviving lead as it was before the merge, but for what has changed since: that stays as it is. */
export function separateLead(lead: Lead, pair: MergedPair, at: Instant): Lead {
  const { before, after } = pair;
  const now = snapshot(lead);
  // A merge that an earlier version recorded knows of no pool and no skill.
  const back = GROUPS.filter((group) => group.every((name) => now[name] === (after[name] ?? null))).flat();
  const values = Object.fromEntries(
    back.filter((name) => name !== 'phone').map((name) => [name, before[name] ?? null]),
  );
  const hadPhone = before['phone'] === true || !back.includes('phone');
  return {
    ...lead,
    ...values,
    phone: hadPhone ? lead.phone : null,
    ratingFacts: separateFacts(lead, pair),
    version: lead.version + 1,
    updatedAt: Math.max(lead.updatedAt, at),
  };
}

/** The surviving side's confirmed values after an unmerge: what came from the other side goes back, later ones stay. */
export function separateConfirmed(
  profile: Profile,
  record: Pick<MergeRecord, 'confirmed' | 'confirmedAddress'>,
  absorbed: Profile,
): Profile {
  const entries = Object.entries(profile.confirmed).flatMap(([field, value]) => {
    const name = field as keyof Profile['confirmed'];
    const [known, theirs] = [record.confirmed[name], absorbed.confirmed[name]];
    if (!isEqual(value, theirs) || isEqual(value, known)) return [[name, value] as const];
    return known === undefined ? [] : [[name, known] as const];
  });
  const { confirmedAddress: now } = profile;
  const borrowed = now !== null && isEqual(now, absorbed.confirmedAddress) && !isEqual(now, record.confirmedAddress);
  return {
    ...profile,
    confirmed: Object.fromEntries(entries),
    confirmedAddress: borrowed ? record.confirmedAddress : now,
  };
}

function isEqual(
  a: { readonly at: Instant; readonly by: string } | null | undefined,
  b: { readonly at: Instant; readonly by: string } | null | undefined,
): boolean {
  return a?.at === b?.at && a?.by === b?.by;
}

function snapshot(lead: Lead): LeadSnapshot {
  const values = pick(lead, GROUPS.flat());
  return { ...values, phone: lead.phone !== null, manual: manualOf(lead) };
}

/** Of two leads that were never rated, none. */
function bothFacts({ ratingFacts: a }: Lead, { ratingFacts: b }: Lead): Lead['ratingFacts'] {
  return a === null && b === null ? null : uniteFacts(a ?? NO_FACTS, b ?? NO_FACTS);
}

/** A rating by hand without its words, which may name the person. */
function manualOf({ ratingFacts }: Lead): NonNullable<Lead['ratingFacts']>['manual'] {
  const manual = ratingFacts?.manual ?? null;
  return manual === null ? null : { ...manual, reason: null };
}

/** The facts of a surviving lead without the rating by hand that the other side brought; touches and follow-ups are counted again. */
function separateFacts({ ratingFacts }: Lead, { before, after }: MergedPair): Lead['ratingFacts'] {
  const [mine, merged] = [before['manual'], after['manual']] as readonly (ReturnType<typeof manualOf> | undefined)[];
  const now = ratingFacts?.manual ?? null;
  const isBrought = now !== null && now.at === merged?.at && (mine?.at !== now.at || mine.actor !== now.actor);
  return ratingFacts === null || !isBrought ? ratingFacts : { ...ratingFacts, manual: mine ?? null };
}

function pick<K extends keyof Lead>(lead: Lead, names: readonly K[]): Pick<Lead, K> {
  return Object.fromEntries(names.map((name) => [name, lead[name]])) as Pick<Lead, K>;
}
