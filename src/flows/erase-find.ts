import { PROFILE_FIELDS } from '../domain/profile.ts';
import { mentions, type Personal, personalOf } from '../domain/scrub.ts';
import type { Vault } from '../domain/vault.ts';
import { readCustomers } from '../store/customer-rows.ts';
import { type ErasableSubmission, erasableSubmissions, strayBodies, strayByPhone } from '../store/erase.ts';
import { identitiesOf } from '../store/identity-rows.ts';
import type { Session } from '../store/session.ts';

/** Every submission of a person, those that came to no customer too, and what names the person in whatever was kept. */
export interface FoundPerson {
  readonly submissions: readonly ErasableSubmission[];
  readonly personal: Personal;
  readonly named: Personal; // by numbers and ids alone: a name may be somebody else's too
}

/** Looks for a person in submissions, whose locks are held; `family` begins with the root. */
export async function findPerson(session: Session, vault: Vault, family: readonly string[]): Promise<FoundPerson> {
  const own = await erasableSubmissions(session, vault, family);
  const identities = (await identitiesOf(session, vault, family.slice(0, 1))).map(({ identity }) => identity);
  const numbers = [
    ...identities.flatMap(({ kind, value }) => (kind === 'phone' ? [value] : [])),
    ...own.flatMap(({ phone, phoneTyped }) => [phone, phoneTyped]),
  ];
  const handles = identities.flatMap(({ kind, value }) => (kind === 'phone' ? [] : [value]));
  const named = personalOf(handles, numbers);
  const strays = await strayOf(session, vault, named);
  const submissions = [...new Map([...own, ...strays].map((row) => [row.id, row])).values()];
  const profiles = (await readCustomers(session, family)).map(({ profile }) => profile);
  const texts = [
    ...handles,
    ...profiles.flatMap(({ stated, confirmed }) =>
      PROFILE_FIELDS.filter(isName).flatMap((field) => [stated[field]?.v, confirmed[field]?.v]),
    ),
    ...profiles.flatMap(({ address, confirmedAddress }) => [address?.v.street, confirmedAddress?.v.street]),
    ...submissions.flatMap(({ fields: { person } }) => [person?.name, person?.email, person?.street]),
  ];
  const typed = strays.flatMap(({ phone, phoneTyped }) => [phone, phoneTyped]);
  return { submissions, personal: personalOf(texts, [...numbers, ...typed]), named };
}

function isName(field: string): boolean {
  return field === 'name' || field === 'email';
}

/** What was quarantined or sent as a test under one of the person's numbers or ids: a name alone may be somebody else's. */
async function strayOf(session: Session, vault: Vault, named: Personal): Promise<readonly ErasableSubmission[]> {
  const byPhone = await strayByPhone(session, vault, named.digits);
  const bodies = named.texts.length === 0 ? [] : await strayBodies(session, vault);
  return [
    ...byPhone.filter(({ phoneTyped }) => mentions({ ...named, texts: [] }, phoneTyped ?? '')),
    ...bodies.filter(({ body }) => mentions(named, body)).map(({ submission }) => submission),
  ];
}
