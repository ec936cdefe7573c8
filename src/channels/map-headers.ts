import { CANONICAL_FIELDS, type CanonicalField } from './canonical-field.ts';
import type { Labelled } from './labelled.ts';
import { groupOf, put, type Work } from './mapping.ts';
import { isTaken, take } from './marks.ts';
import type { Place } from './path.ts';
import { plainText, readValue } from './read-value.ts';
import { cleanFieldOf, exactFieldOf, type HeaderMatch, type HeaderStrength } from './vocabulary.ts';

/** A value whose header names a field. */
interface Candidate {
  readonly item: Labelled;
  readonly strength: HeaderStrength;
  readonly take: () => void;
}

const RANK: Readonly<Record<HeaderStrength, number>> = { exact: 0, contains: 1, weak: 2 };
/** Levels of advertising: platforms shift the words for them, so what each was called is kept beside the canonical field. */
const LEVELS: ReadonlySet<string> = new Set([
  'traffic.campaign_id',
  'traffic.campaign_name',
  'traffic.adgroup_id',
  'traffic.adgroup_name',
  'traffic.creative_id',
  'traffic.creative_name',
]);
const MOST_LEVELS = 20;
const LEVEL_BYTES = 16_384;
const LONGEST_LEVEL = 200;
const LONGEST_PHONE = 200;
/** Members that only hold the lead: what is in them is read as if it stood at the top. */
const WRAPPERS: ReadonlySet<string> = new Set(
  'data lead contact customer user person form fields payload answers content body record info clue leads detail'.split(
    ' ',
  ),
);
const MOST_WRAPPERS = 3;

/** Fills what is left by the header vocabulary; `labels` reads answers only, `all` the keys of the record too. */
export function applyHeaders(work: Work, mode: 'all' | 'labels' | 'none'): void {
  if (mode === 'none') return;
  const byField = new Map<CanonicalField, Candidate[]>();
  for (const item of work.left) {
    const match = (item.type === null ? null : exactFieldOf(item.type)) ?? cleanFieldOf(item.name);
    if (match !== null) addCandidate(byField, match, item, () => work.left.delete(item));
  }
  if (mode === 'all') addKeys(byField, work, work.record, []);
  for (const field of CANONICAL_FIELDS) {
    const candidates = byField.get(field);
    if (candidates !== undefined) fillBest(work, field, candidates);
  }
}

function addKeys(byField: Map<CanonicalField, Candidate[]>, work: Work, record: object, above: Place): void {
  for (const [key, value] of Object.entries(record)) {
    const place = [...above, key];
    if (isTaken(work.marks, place)) continue;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      if (above.length < MOST_WRAPPERS && WRAPPERS.has(key.toLowerCase())) addKeys(byField, work, value, place);
      continue;
    }
    const { name, match } = work.headerOf(key);
    if (match !== null)
      addCandidate(byField, match, { label: key, type: null, name, value }, () => take(work.marks, place));
  }
}

function addCandidate(
  byField: Map<CanonicalField, Candidate[]>,
  { field, strength }: HeaderMatch,
  item: Labelled,
  takeIt: () => void,
): void {
  const known = byField.get(field);
  const candidate = { item, strength, take: takeIt };
  if (known === undefined) byField.set(field, [candidate]);
  else known.push(candidate);
}

/** The strongest that can be read fills the field, the first of equals; the others go where they are not lost. */
function fillBest(work: Work, field: CanonicalField, candidates: readonly Candidate[]): void {
  const sorted =
    candidates.length === 1 ? candidates : candidates.toSorted((a, b) => RANK[a.strength] - RANK[b.strength]);
  const filledByRule = work.filled.has(field);
  for (const candidate of sorted) {
    const reading = readValue(field, candidate.item.value, work.rules);
    if (reading.kind === 'absent') candidate.take();
    else if (reading.kind === 'refused') {
      work.warnings.add(`${reading.why}:${field}`);
      rememberTime(work, field, candidate);
    } else if (!work.filled.has(field)) fillFirst(work, field, reading.value, candidate);
    else {
      const isSame = keepBeside(work, field, reading.value, candidate);
      if (!isSame && !filledByRule) work.warnings.add(`ambiguous:${field}`);
    }
  }
}

function fillFirst(work: Work, field: CanonicalField, value: unknown, { item, take: takeIt }: Candidate): void {
  if (put(work, field, value, item.label)) takeIt();
  if (field === 'traffic.click_id') work.clickIdKind = item.label;
  if (LEVELS.has(field)) addLevel(work, field, item.label, value);
}

/** A second phone goes behind the first, a second level beside it; anything else stays left. True where it says the same. */
function keepBeside(
  work: Work,
  field: CanonicalField,
  value: unknown,
  { item, strength, take: takeIt }: Candidate,
): boolean {
  const [group = '', name = ''] = field.split('.');
  const first = work.groups.get(group)?.[name];
  if (first === value || (field === 'person.phone' && String(first).split('/').includes(String(value)))) {
    takeIt();
    return true;
  }
  if (field === 'person.phone' && strength === 'exact') {
    const both = `${first}/${value}`;
    if (both.length > LONGEST_PHONE) return false;
    put(work, field, both, item.label);
    takeIt();
  } else if (LEVELS.has(field) && addLevel(work, field, item.label, value)) takeIt();
  return false;
}

/** Keeps what a level was called, unless that is the name it has anyway; false where it cannot be kept. */
function addLevel(work: Work, field: CanonicalField, label: string, value: unknown): boolean {
  if (field.endsWith(`.${label}`) || label.length > LONGEST_LEVEL || typeof value !== 'string') return false;
  const traffic = groupOf(work, 'traffic');
  const known = (traffic['levels'] ?? {}) as Readonly<Record<string, string>>;
  if (Object.hasOwn(known, label) || Object.keys(known).length >= MOST_LEVELS) return false;
  const levels = { ...known, [label]: value };
  if (Buffer.byteLength(JSON.stringify(levels)) > LEVEL_BYTES) return false;
  traffic['levels'] = levels;
  return true;
}

/** Only a header that is a time by name makes a lead wait for a readable one: a misread question must not. */
function rememberTime(work: Work, field: CanonicalField, { item, strength, take: takeIt }: Candidate): void {
  if (field !== 'occurred_at' || strength !== 'exact') return;
  work.unreadTime ??= { text: plainText(item.value) ?? 'unreadable', from: item.label, take: takeIt };
}
