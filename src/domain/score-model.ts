import { ADDRESS_PARTS, PROFILE_FIELDS } from './profile.ts';

export const SCORE_STATES = ['draft', 'shadow', 'active', 'retired'] as const;
export type ScoreState = (typeof SCORE_STATES)[number];

/** What an attribute may look at: the profile that stands, and product and intent of the newest touch. */
export const SCORE_FIELDS = [
  ...PROFILE_FIELDS.map((field) => `person.${field}` as const),
  ...ADDRESS_PARTS.map((part) => `person.${part}` as const),
  'person.tags',
  ...(['brand', 'category', 'series', 'model', 'quantity', 'price', 'store_of_interest'] as const).map(
    (field) => `product.${field}` as const,
  ),
  ...(['kind', 'budget', 'horizon', 'need'] as const).map((field) => `intent.${field}` as const),
] as const;
export type ScoreField = (typeof SCORE_FIELDS)[number];

/** What a value must be, whatever the case of its letters. */
export type ScoreCondition =
  | { readonly is: 'equals'; readonly value: string | number }
  | { readonly is: 'one_of'; readonly values: readonly (string | number)[] }
  | { readonly is: 'contains'; readonly text: string }
  | { readonly is: 'exists' };

export interface ScoreAttribute {
  readonly name: string;
  readonly field: ScoreField;
  readonly when: ScoreCondition;
  readonly points: number; // may be negative: it does not decay
}

/** 评分模型: how a person is scored; compared unrounded. */
export interface ScoreDocument {
  readonly attributes: readonly ScoreAttribute[];
  readonly events: Readonly<Record<string, { readonly points: number; readonly group: string }>>; // by type of behaviour
  readonly groups: Readonly<Record<string, { readonly cap: number; readonly half_life_days: number }>>;
  readonly bands: {
    readonly mql: number; // from here
    readonly sql: number; // strictly above
    readonly hot: number; // strictly above
    readonly rearm: number; // a crossing is told again only after falling so far below
  };
}

/** A path and what is wrong there, of a document whose parts do not fit together; null: it is whole. */
export function faultOfModel({
  attributes,
  events,
  groups,
  bands,
}: ScoreDocument): { readonly path: string; readonly message: string } | null {
  for (const [type, { group }] of Object.entries(events)) {
    if (!Object.hasOwn(groups, group))
      return { path: `document.events.${type}.group`, message: `No group is ${group}.` };
  }
  if (!(bands.mql <= bands.sql && bands.sql <= bands.hot)) {
    return { path: 'document.bands', message: 'mql must not be above sql, nor sql above hot.' };
  }
  const names = attributes.map(({ name }) => name);
  const twice = names.findIndex((name, i) => names.indexOf(name) !== i);
  if (twice >= 0) return { path: `document.attributes.${twice}.name`, message: 'Another attribute has this name.' };
  return null;
}
