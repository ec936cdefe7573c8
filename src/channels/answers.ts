import type { FieldMap, LabelList } from './field-map.ts';
import { fullName } from './full-name.ts';
import { listOf } from './list-of.ts';
import { recordOf } from './record-of.ts';
import { textOf } from './text-of.ts';

/** One answer of a form: what was asked, in the form's words, and what was said. */
export interface Answer {
  readonly label: string;
  readonly value: unknown;
  readonly type?: string; // the platform's own name of the question or of its kind: PHONE_NUMBER
}

/** Where a record holds its answers. */
export const ANSWERS: LabelList = { path: 'answers', label: 'label', value: 'value', type: 'type' };

/** What standard questions of form builders and ad platforms fill; other labels are left to the header vocabulary. */
export const ANSWER_FIELDS: FieldMap['fields'] = {
  'person.phone': [
    { label: 'phone_number' },
    { label: 'phone' },
    { label: 'work_phone' },
    { label: 'work_phone_number' },
  ],
  'person.email': [{ label: 'email' }, { label: 'work_email' }],
  'person.name': [{ label: 'full_name' }, { label: 'name' }],
  'person.company': [{ label: 'company_name' }, { label: 'company' }],
  'person.job_title': [{ label: 'job_title' }],
  'person.city': [{ label: 'city' }],
  'person.province': [{ label: 'province' }, { label: 'state' }],
  'person.street': [{ label: 'street_address' }],
  'traffic.utm_source': [{ label: 'utm_source' }],
  'traffic.utm_medium': [{ label: 'utm_medium' }],
  'traffic.utm_campaign': [{ label: 'utm_campaign' }],
  'traffic.utm_term': [{ label: 'utm_term' }],
  'traffic.utm_content': [{ label: 'utm_content' }],
};

/** The names that a platform gives to the members of an answer. */
interface AnswerShape {
  readonly label: string;
  readonly value: string;
  readonly type?: string; // stands for the label where that is missing
}

/** The answers of a platform's list; an element without a label is left out, a list of one value is that value. */
export function answersOf(list: unknown, shape: AnswerShape): readonly Answer[] {
  return listOf(list).flatMap((element) => {
    const answer = recordOf(element);
    const type = shape.type === undefined ? null : textOf(answer?.[shape.type]);
    const label = textOf(answer?.[shape.label]) ?? type;
    if (answer === null || label === null) return [];
    return [{ label, value: single(answer[shape.value]), ...(type === null ? {} : { type }) }];
  });
}

/** The answers of a record whose keys are the questions. */
export function answersOfRecord(value: unknown): readonly Answer[] {
  return Object.entries(recordOf(value) ?? {}).map(([label, said]) => ({ label, value: single(said) }));
}

/** The answers, and the full name beside them where a form asks only for its parts. */
export function withFullName(answers: readonly Answer[]): readonly Answer[] {
  if (said(answers, ['fullname', 'name', '姓名']) !== null) return answers;
  const name = fullName(
    said(answers, ['firstname', 'givenname']),
    said(answers, ['lastname', 'familyname', 'surname']),
  );
  return name === null ? answers : [...answers, { label: 'full_name', value: name, type: 'full_name' }];
}

function said(answers: readonly Answer[], names: readonly string[]): string | null {
  const found = answers.find(({ label, type }) => names.includes(bare(type ?? '')) || names.includes(bare(label)));
  return textOf(found?.value);
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, '');
}

function single(value: unknown): unknown {
  return Array.isArray(value) && value.length === 1 ? value[0] : value;
}
