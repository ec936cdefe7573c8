import { type Aim, aimAtCity, aimAtStore, fireRule } from './assignment-rules.ts';
import type { Directory } from './directory.ts';
import type { Asked } from './eligible.ts';
import type { Lead } from './lead.ts';
import { chainOf, placesOf } from './place.ts';
import { standingAddress } from './profile.ts';
import type { TouchTaken } from './working.ts';

/** Who is to get a lead: somebody already, or whoever an aim finds; `reason` is told of the owner. */
export type Sought =
  | { readonly kind: 'held'; readonly reason: string }
  | {
      readonly kind: 'aim';
      readonly aim: Aim | null; // null: no rule fits, it waits in the pool of the capturing store
      readonly reason: string;
      readonly rule: string | null;
      readonly skipped: readonly { readonly rule: string; readonly why: string }[];
    };

/** Whom a lead that was opened or woken goes to, by the decision. */
export function soughtFor(taken: TouchTaken, asked: Omit<Asked, 'skill'>): Sought {
  const { owner, placement, staffing } = taken;
  const { directory } = staffing;
  if (owner.reason === 'named') return { kind: 'held', reason: 'named' };
  if (placement.decision === 'repurchase') {
    if (owner.adviser !== null && directory.advisers.get(owner.adviser)?.active === true) {
      return { kind: 'held', reason: 'repurchase_sticky' };
    }
    const aim = owner.store === null ? 'no_store' : aimAtStore(directory, owner.store, null);
    const reason = owner.adviser === null ? 'wheel' : 'previous_owner_inactive';
    if (typeof aim !== 'string') return { kind: 'aim', aim, reason, rule: null, skipped: [] };
    return { ...byRules(taken, asked), reason };
  }
  if (placement.kind === 'existing') return soughtOfWoken(taken, placement.lead, placement.rule);
  return byRules(taken, asked);
}

function byRules(taken: TouchTaken, asked: Omit<Asked, 'skill'>): Extract<Sought, { kind: 'aim' }> {
  const { rules, off_shift } = taken.policy.document.assignment;
  const subject = { settled: taken.settled, address: standingAddress(taken.customer.profile) };
  const { rule, aim, skipped } = fireRule(rules, subject, taken.staffing, asked, off_shift);
  return { kind: 'aim', aim, reason: aim?.kind === 'adviser' ? 'rule' : 'wheel', rule, skipped };
}

/** A woken lead goes to the capturing store; none there: to the store of its city, to its former store, to HQ. */
function soughtOfWoken({ settled, customer, staffing }: TouchTaken, before: Lead, rule: string): Sought {
  const { directory } = staffing;
  const city = standingAddress(customer.profile)?.city ?? null;
  const asked = [
    settled.store === null ? 'no_store' : aimAtStore(directory, settled.store, null),
    atFormer(aimAtCity(directory, city, null), before.store),
    before.store === null ? 'no_store' : aimAtStore(directory, before.store, null),
  ];
  const aim = asked.find((one) => typeof one !== 'string') ?? HQ;
  const stays = rule !== 'reactivated.invalid_no_answer' && mayKeep(directory, before, aim as Aim);
  if (stays) return { kind: 'held', reason: 'former_owner' };
  return { kind: 'aim', aim: aim as Aim, reason: 'wheel', rule: null, skipped: [] };
}

const HQ: Aim = Object.freeze({ kind: 'pool', stores: Object.freeze([]), city: null, region: null, skill: null });

/** Of several stores that cover a city, the one that the lead was in. */
function atFormer(aim: Aim | string, store: string | null): Aim | string {
  if (typeof aim === 'string' || aim.kind === 'adviser' || store === null || !aim.stores.includes(store)) return aim;
  return { ...aim, stores: [store] };
}

/** Whether the former owner keeps it: in the very store, still there, and not taken from them for neglect. */
function mayKeep(directory: Directory, before: Lead, aim: Aim): boolean {
  const { owner, store, ownerTaken } = before;
  if (owner === null || ownerTaken || aim.kind === 'adviser') return false;
  if ((aim.stores[0] ?? null) !== store || aim.stores.length > 1) return false;
  const places = placesOf(directory);
  return (
    directory.advisers.get(owner)?.active === true &&
    chainOf(directory, store, aim.region).some((place) => places.get(place)?.some(({ code }) => code === owner))
  );
}
