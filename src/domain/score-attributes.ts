import { type Profile, type ProfileField, standing, standingAddress } from './profile.ts';
import type { ScoreCondition, ScoreDocument, ScoreField } from './score-model.ts';
import type { Fields } from './submission.ts';

/** Whom attributes are looked at: the profile, and the newest touch's fields. */
export interface Scored {
  readonly profile: Profile;
  readonly fields: Pick<Fields, 'product' | 'intent'> | null;
}

/** An attribute that a person has; the value itself is not told. */
export interface MatchedAttribute {
  readonly name: string;
  readonly field: ScoreField;
  readonly points: number;
}

/** The attributes of a model that a person has. */
export function matchAttributes({ attributes }: ScoreDocument, scored: Scored): readonly MatchedAttribute[] {
  return attributes
    .filter(({ field, when }) => holds(when, fieldOf(field, scored)))
    .map(({ name, field, points }) => ({ name, field, points }));
}

type Value = string | number | readonly string[] | null;

function fieldOf(field: ScoreField, { profile, fields }: Scored): Value {
  const [group = '', name = ''] = field.split('.');
  if (field === 'person.tags') return profile.tags;
  if (group === 'person') {
    const address: Readonly<Record<string, string | undefined>> = standingAddress(profile) ?? {};
    return address[name] ?? standing(profile, name as ProfileField);
  }
  const values = (group === 'product' ? fields?.product : fields?.intent) as
    | Readonly<Record<string, unknown>>
    | undefined;
  const value = values?.[name];
  return typeof value === 'string' || typeof value === 'number' ? value : null;
}

function holds(when: ScoreCondition, value: Value): boolean {
  if (value === null) return false;
  const found = (Array.isArray(value) ? value : [value]).map(plainly);
  switch (when.is) {
    case 'exists':
      return found.length > 0;
    case 'equals':
      return found.includes(plainly(when.value));
    case 'one_of':
      return when.values.some((one) => found.includes(plainly(one)));
    case 'contains':
      return found.some((one) => one.includes(plainly(when.text)));
  }
}

function plainly(value: string | number): string {
  return String(value).normalize('NFKC').trim().toLowerCase();
}
