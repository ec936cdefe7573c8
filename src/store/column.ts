// Columns for UNNEST: Postgres array literals written directly. The driver's own conversion walks every value through several
// calls; on batches of 64 rows and 100 columns that was a visible share of the time.

const SPECIAL = /["\\]/;
const ESCAPE = /["\\]/g;

/** A text[] (or jsonb[], of JSON texts) literal. */
export function texts(values: readonly (string | null | undefined)[]): string {
  let literal = '{';
  for (const value of values) {
    if (literal.length > 1) literal += ',';
    if (value === null || value === undefined) literal += 'NULL';
    else literal += SPECIAL.test(value) ? `"${value.replace(ESCAPE, '\\$&')}"` : `"${value}"`;
  }
  return `${literal}}`;
}

/** A uuid[], integer[] or boolean[] literal: values that need no quotes. */
export function plain(values: readonly (string | number | boolean | null | undefined)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

/** A timestamptz[] literal of epoch milliseconds. */
export function times(values: readonly (number | null)[]): string {
  return `{${values.map((value) => (value === null ? 'NULL' : new Date(value).toISOString())).join(',')}}`;
}

/** A jsonb[] literal. */
export function jsons(values: readonly unknown[]): string {
  return texts(values.map((value) => (value === null || value === undefined ? null : JSON.stringify(value))));
}
