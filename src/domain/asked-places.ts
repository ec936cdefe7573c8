import type { AssignmentCondition } from './assignment.ts';
import { type Aim, aimAtCity, aimOf, fits } from './assignment-rules.ts';
import { cityKey } from './city-key.ts';
import type { Directory } from './directory.ts';
import { DAY_MS, idleLimit, isLive, isOpen } from './lead.ts';
import type { Person } from './person.ts';
import { chainOf, guardOfAdviser, guardsOf, type Place } from './place.ts';
import type { Policy } from './policy.ts';
import { standingAddress } from './profile.ts';
import type { Submission } from './submission.ts';

/** What judging a submission may ask of the directory: whose turns and caps. */
export interface AskedPlaces {
  readonly places: Set<Place>;
  readonly guards: Set<string>; // rows of `pool` beyond those of the places
  readonly advisers: Set<string>; // whom rules name
}

/** Adds what a submission may ask, for the persons that it may be of; more than it will, never less. */
export function askPlaces(
  asked: AskedPlaces,
  directory: Directory,
  policy: Policy,
  submission: Submission,
  persons: readonly Person[],
): void {
  const { mode, test, refusal, owner } = submission;
  if (mode !== 'live' || test || refusal !== null || owner !== null) return;
  // Of several identities the rules may choose another person than the one whose lead is open.
  if (submission.identities.length === 1 && persons.some((person) => isTaken(person, policy, submission))) return;
  const known = persons.flatMap(({ customer }) => standingAddress(customer.profile)?.city ?? []);
  const cities = [...new Set([submission.fields.person?.city ?? [], known].flat())];
  const subject = { settled: submission, address: null };
  for (const { when, give } of policy.assignment.rules) {
    const { city, province, ...rest } = when as { -readonly [K in keyof AssignmentCondition]: AssignmentCondition[K] };
    if (!fits(rest, subject)) continue;
    const aims =
      give.to === 'territory'
        ? cities.map((one) => aimAtCity(directory, one, null))
        : [aimOf(give, subject, directory)];
    for (const aim of aims) if (typeof aim !== 'string') addAim(asked, directory, aim);
    // What no address can keep from firing is the last one asked; an adviser may be passed over.
    const surely = city === undefined && province === undefined && give.to !== 'territory' && give.to !== 'adviser';
    if (surely && aims.every((aim) => typeof aim !== 'string')) break;
  }
  const closed = persons.flatMap(({ leads }) => leads.filter(isLive));
  for (const { store, closerStore } of closed) {
    for (const code of [store, closerStore]) if (code !== null) addChain(asked, directory, code, null);
  }
  if (closed.length === 0 || submission.store !== null) {
    if (closed.length > 0 && submission.store !== null) addChain(asked, directory, submission.store, null);
    return;
  }
  for (const one of cities) {
    const aim = aimAtCity(directory, one, null);
    if (typeof aim !== 'string') addAim(asked, directory, aim);
  }
  addChain(asked, directory, null, null);
}

/** The rows of `pool` to lock, sorted: the order of every lock of them. */
export function guardIds(directory: Directory, { places, guards }: AskedPlaces): readonly string[] {
  return [...new Set([...guardsOf(directory, places), ...guards])].sort();
}

/** Whether a person's open lead surely takes the touch: then nobody has to be found. */
function isTaken({ leads }: Person, policy: Policy, { occurredAt, receivedAt }: Submission): boolean {
  const at = Math.max(occurredAt, receivedAt) + DAY_MS; // a clock may be ahead
  return (
    policy.scope === 'all' &&
    leads.some(
      (lead) =>
        isLive(lead) && isOpen(lead.state) && lead.scope === 'all' && at < idleLimit(lead, policy.dormant_after_days),
    )
  );
}

function addAim(asked: AskedPlaces, directory: Directory, aim: Aim): void {
  if (aim.kind === 'adviser') {
    const adviser = directory.advisers.get(aim.adviser);
    const guard = adviser === undefined ? null : guardOfAdviser(adviser);
    asked.advisers.add(aim.adviser);
    if (guard !== null) asked.guards.add(guard);
    return;
  }
  if (aim.stores.length > 1 && aim.city !== null) asked.guards.add(`city:${cityKey(aim.city)}`);
  if (aim.stores.length === 0) addChain(asked, directory, null, aim.region);
  for (const store of aim.stores) addChain(asked, directory, store, aim.region);
}

function addChain(asked: AskedPlaces, directory: Directory, store: string | null, region: string | null): void {
  for (const place of chainOf(directory, store, region)) asked.places.add(place);
}
