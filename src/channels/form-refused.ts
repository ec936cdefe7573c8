/** A field that no page may send, and what to do instead. */
export interface RefusedField {
  readonly name: string; // as it was sent
  readonly hint: string;
}

const DECIDED = 'The service decides it: take the field out of the page.';
const OURS = 'The service gives it: take the field out of the page; submission_id is for an id of your own.';
const CLOCK = 'The service takes the time of arrival: take the field out of the page.';
const TRIAL = 'Make a source of its own for trying a page: anybody can send what a page can.';

/** What only the service says of a lead, with what to do instead. */
const REFUSED: ReadonlyMap<string, string> = new Map([
  ['owner', DECIDED],
  ['state', 'The state of a lead is decided by the service; where somebody lives goes into province.'],
  ['score', DECIDED],
  ['rating', DECIDED],
  ['created_at', CLOCK],
  ['received_at', CLOCK],
  ['occurred_at', CLOCK],
  ['id', OURS],
  ['customer_id', OURS],
  ['lead_id', OURS],
  ['store', "Set it in the defaults of the source; the visitor's wish is product.store_of_interest."],
  ['mode', DECIDED],
  ['test', TRIAL],
  ['is_test', TRIAL],
]);
const WRAPPER = /^(?:lead|data|form|fields|submission)\./;

/** The fields of a form that a page may not send, at the top or within what only holds the lead; blank ones too. */
export function refusedFields(fields: Readonly<Record<string, unknown>>): readonly RefusedField[] {
  return Object.entries(fields).flatMap(([name, value]) => {
    const own = hintOf(name);
    if (own !== undefined) return [{ name, hint: own }];
    if (!WRAPPER.test(`${name}.`) || typeof value !== 'object' || value === null) return [];
    return Object.keys(value).flatMap((inner) => {
      const hint = hintOf(inner);
      return hint === undefined ? [] : [{ name: `${name}.${inner}`, hint }];
    });
  });
}

function hintOf(name: string): string | undefined {
  return REFUSED.get(name.replace(WRAPPER, '').toLowerCase());
}
