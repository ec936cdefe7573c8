import type { CanonicalField } from './canonical-field.ts';

/** Where the value of a canonical field comes from. */
export type FieldRule =
  | { readonly path: string } // into the record: a key that is literally so, else dotted, with [0] and [*] for lists
  | { readonly label: string } // of a label/value list, compared after the clean-up of headers
  | { readonly constant: string | number | boolean }
  | { readonly expression: string }; // JSONata over the record

/** A list of answers such as [{ label, value }]: each becomes a key of the record, by its label. */
export interface LabelList {
  readonly path: string;
  readonly label: string; // path of the label in an element
  readonly value: string; // path of the value in an element
  readonly type?: string; // path of a stable type or id of the question: matched before the label
}

/** How a record becomes a draft: rules by canonical field, tried in order until one has a value. */
export interface FieldMap {
  readonly fields: { readonly [F in CanonicalField]?: FieldRule | readonly FieldRule[] };
  readonly lists?: readonly LabelList[];
  readonly nested?: readonly string[]; // paths of texts that hold JSON: decoded before anything is read
  readonly pairs?: readonly string[]; // paths of texts that hold `标签:值;` pairs: decoded to an object, which `lists` can name
  readonly synonyms?: 'all' | 'labels' | 'none'; // what else the header vocabulary reads: every key left, labels only, nothing
  readonly ignore?: readonly string[]; // paths neither mapped nor kept under extra: envelope, shared keys
  readonly absent?: readonly string[]; // texts that mean no value, besides the common ones
  readonly id_prefixes?: readonly string[]; // marks before a number of an id that say what it is of: l: of l:123
  readonly zone?: string; // IANA name, of times without one; Asia/Shanghai where absent
  readonly codes?: { readonly [F in CanonicalField]?: Readonly<Record<string, string>> }; // what a platform's codes stand for
}
