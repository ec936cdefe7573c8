import type { Entry } from './entry.ts';
import { identityKey } from './identity.ts';
import type { Person } from './person.ts';
import { EMPTY_PROFILE } from './profile.ts';
import { ID, makeId } from './seed.ts';
import type { Settled, World } from './world.ts';

/**
 * The person whom a submission's identities name. Phone outranks the others: a new phone joins somebody known by another identity
 * only while they have no phone, and two people who collide raise a suggestion, never a merge.
 */
export function resolve(world: World, entry: Entry, settled: Settled): Person {
  const keys = settled.identities.map(identityKey);
  const byPhone = settled.identities[0]?.kind === 'phone';
  const roots = keys.map((key) => world.identities.get(key)?.customerId ?? null);
  const root = byPhone ? (roots[0] ?? phonelessAmong(world, roots)) : (roots.find((id) => id !== null) ?? null);
  const known = root === null ? newPerson(entry, settled) : personOf(world, root);
  const joined = settled.identities.filter((_, i) => (roots[i] ?? null) === null);
  const person = joined.length === 0 ? known : { ...known, identities: [...known.identities, ...joined] };
  world.persons.set(person.customer.id, person);
  keys.forEach((key, i) => {
    const other = roots[i] ?? null;
    if (other === null) {
      const identity = world.identities.get(key);
      if (identity !== undefined) world.identities.set(key, { id: identity.id, customerId: person.customer.id });
    } else if (other !== person.customer.id) suggestMerge(world, entry, settled, person.customer.id, other, i);
  });
  return person;
}

function phonelessAmong(world: World, roots: readonly (string | null)[]): string | null {
  const phoneless = (person: Person | undefined): boolean =>
    person?.identities.every((identity) => identity.kind !== 'phone') ?? false;
  return roots.find((id) => id !== null && phoneless(world.persons.get(id))) ?? null;
}

function personOf(world: World, root: string): Person {
  const person = world.persons.get(root);
  if (person === undefined) throw new Error('a person named by an identity was not read');
  return person;
}

function newPerson(entry: Entry, settled: Settled): Person {
  const at = settled.receivedAt;
  return {
    customer: {
      id: makeId(entry.seed, entry.bucket, ID.customer),
      profile: EMPTY_PROFILE,
      firstSource: null,
      lastSource: null,
      touchCount: 0,
      channels: {},
      version: 0,
      createdAt: at,
      updatedAt: at,
    },
    leads: [],
    touches: [],
    identities: [],
  };
}

function suggestMerge(world: World, entry: Entry, settled: Settled, mine: string, other: string, i: number): void {
  const subject = [mine, other].sort().join(':');
  if (world.suggestions.has(`merge:${subject}`)) return;
  world.suggestions.set(`merge:${subject}`, {
    id: makeId(entry.seed, entry.bucket, ID.suggestion + i),
    kind: 'merge',
    subject,
    customerId: mine,
    otherCustomerId: other,
    leadId: null,
    submissionId: makeId(entry.seed, entry.bucket, ID.submission),
    at: settled.receivedAt,
  });
}
