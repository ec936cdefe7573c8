import type { Answer } from './answers.ts';
import { decodeAgain } from './decode.ts';
import { NESTED_LIMITS } from './nested-limits.ts';
import { recordOf } from './record-of.ts';
import { textOf } from './text-of.ts';

const LABELS = ['label', 'name', 'title', 'question', 'key'];
const VALUES = ['value', 'answer', 'content', 'values'];

/** The answers of a form that came as an object by question, as a list, or as JSON text of either; null where it is none. */
export function answerList(value: unknown): readonly Answer[] | null {
  const decoded = decodeAgain(value, NESTED_LIMITS);
  if (Array.isArray(decoded)) return listed(decoded);
  const record = recordOf(decoded);
  return record === null ? null : Object.entries(record).map(([label, answer]) => ({ label, value: answer }));
}

/** A record whose named members are answers: each as a list of labels and values where it can be read so, else as it came. */
export function withAnswers(
  record: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Readonly<Record<string, unknown>> {
  const lists = names.flatMap((name) => {
    const list = Object.hasOwn(record, name) ? answerList(record[name]) : null;
    return list === null ? [] : [[name, list] as const];
  });
  return lists.length === 0 ? record : { ...record, ...Object.fromEntries(lists) };
}

/** All elements or nothing: a list that is understood by half would lose the other half. */
function listed(elements: readonly unknown[]): readonly Answer[] | null {
  const answers: Answer[] = [];
  for (const element of elements) {
    const record = recordOf(element);
    if (record === null) return null;
    const label = LABELS.map((name) => textOf(record[name])).find((text) => text !== null);
    const held = VALUES.find((name) => Object.hasOwn(record, name));
    if (label === undefined || label === null || held === undefined) return null;
    answers.push({ label, value: record[held] });
  }
  return answers;
}
