import type { ConsentStatement, Purpose } from '../domain/submission.ts';
import { cut, storable } from './storable.ts';
import { textOf } from './text-of.ts';

type Fields = Readonly<Record<string, unknown>>;

const PURPOSE_OF: Readonly<Record<string, Purpose>> = {
  consent: 'contact',
  consent_contact: 'contact',
  consent_analytics: 'analytics',
  consent_ad_feedback: 'ad_feedback',
};
const NOT_GIVEN: ReadonlySet<string> = new Set(['0', 'false', 'no', 'n', 'off', '否', '不同意', 'null', 'undefined']);
const LONGEST_VERSION = 64;
const LONGEST_PROOF = 500;

/** The consents that the checkboxes of a form give; a box left empty states nothing. `page` is where they can be seen. */
export function formConsents(fields: Fields, page: string | null): readonly ConsentStatement[] {
  const version = textOf(fields['consent_version']);
  const purposes = Object.entries(PURPOSE_OF).flatMap(([name, purpose]) => (isGiven(fields[name]) ? [purpose] : []));
  return [...new Set(purposes)].map((purpose) => ({
    purpose,
    granted: true,
    ...(version === null ? {} : { text_version: cut(storable(version), LONGEST_VERSION) }),
    ...(page === null ? {} : { proof: cut(storable(page), LONGEST_PROOF) }),
  }));
}

/** The fields of a form without the boxes that `formConsents` has read; one that says no stays, as it was said. */
export function withoutConsents(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => !Object.hasOwn(PURPOSE_OF, name) || !isGiven(value)),
  );
}

/** A box before which a hidden 0 stands comes as both. */
function isGiven(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isGiven);
  if (typeof value === 'boolean') return value;
  const text = textOf(value);
  return text !== null && !NOT_GIVEN.has(text.toLowerCase());
}
