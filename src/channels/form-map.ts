import { CANONICAL_FIELDS, type CanonicalField } from './canonical-field.ts';
import type { FieldMap, FieldRule } from './field-map.ts';
import { CLICK_IDS } from './form-tracking.ts';

/** The fields of the canonical body by their own names: person.phone, traffic.utm_source. */
const BY_NAME: readonly (readonly [CanonicalField, FieldRule])[] = CANONICAL_FIELDS.filter(
  (field) => field.includes('.') && field !== 'person.phone_kind', // what a number is, it says itself
).map((field) => [field, { path: field }] as const);

function pathsOf(names: readonly string[]): readonly FieldRule[] {
  return names.map((path) => ({ path }));
}

/** How the fields of a landing page are read: by canonical names, click ids, and whatever else the header vocabulary knows. */
export const FORM_MAP: FieldMap = {
  synonyms: 'all',
  fields: {
    ...Object.fromEntries(BY_NAME),
    external_id: pathsOf(['submission_id', 'external_id']),
    // Both are the service's to say, unless the source's own map does: 日期 on a form is that of a visit.
    occurred_at: { path: 'received_at' },
    test: { constant: false },
    'traffic.landing_page': pathsOf(['traffic.landing_page', 'landing_page', 'page_url']),
    'traffic.click_id': pathsOf(['traffic.click_id', ...CLICK_IDS]),
    'traffic.click_id_kind': pathsOf(['traffic.click_id_kind', 'click_id_kind']),
  },
};
