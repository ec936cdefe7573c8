import type { Draft } from '../domain/submission.ts';
import { boundExtra } from './bound-extra.ts';
import type { CompiledMaps } from './compiled-maps.ts';
import { readLists } from './labelled.ts';
import { applyHeaders } from './map-headers.ts';
import { applyRules } from './map-rules.ts';
import { type Mapping, put, putUnreadTime, type Work } from './mapping.ts';
import { leftOf, noMarks, take } from './marks.ts';
import { decodeNested } from './nested-json.ts';
import { findPath } from './path.ts';
import { cut } from './storable.ts';

const LONGEST_KIND = 64; // of click_id_kind

/** Maps a record by maps that were compiled for many: see `mapRecord`. */
export function mapCompiled(
  record: Readonly<Record<string, unknown>>,
  maps: CompiledMaps,
  computed: Readonly<Record<string, unknown>>,
): Mapping {
  const work = start(record, maps);
  applyRules(work, maps.rules, computed);
  applyHeaders(work, maps.synonyms);
  putUnreadTime(work);
  if (work.clickIdKind !== null && !work.filled.has('traffic.click_id_kind')) {
    put(work, 'traffic.click_id_kind', cut(work.clickIdKind, LONGEST_KIND), work.clickIdKind);
  }
  return finish(work, maps.ignore);
}

function start(raw: Readonly<Record<string, unknown>>, maps: CompiledMaps): Work {
  const record = decodeNested(raw, maps.nested, maps.pairs);
  const marks = noMarks();
  const answers = maps.lists.length === 0 ? [] : readLists(record, maps.lists, marks);
  return {
    record,
    marks,
    answers,
    left: new Set(answers),
    rules: maps.reading,
    headerOf: maps.headerOf,
    groups: new Map(),
    filled: new Set(),
    fields: [],
    warnings: new Set(),
    extra: [],
    keysByName: null,
    clickIdKind: null,
    unreadTime: null,
  };
}

function finish(work: Work, ignore: readonly string[]): Mapping {
  const wecom = takeWecom(work);
  for (const path of ignore) {
    for (const place of findPath(work.record, path)?.places ?? []) take(work.marks, place);
  }
  const left: [string, unknown][] = [];
  for (const key of Object.keys(work.record)) {
    const value = leftOf(work.record[key], work.marks.under?.get(key));
    if (value !== undefined) left.push([key, value]);
  }
  for (const answer of work.left) {
    const value = leftOf(answer.value, noMarks());
    if (value !== undefined) left.push([answer.label, value]);
  }
  const { extra, truncated } = boundExtra([...left, ...work.extra]);
  if (truncated) work.warnings.add('extra_truncated');
  const draft: Record<string, unknown> = {};
  for (const [name, group] of work.groups) {
    if (name === '') Object.assign(draft, group);
    else draft[name] = group;
  }
  if (wecom !== null) draft['person'] = { ...(draft['person'] as object | undefined), wecom };
  if (Object.keys(extra).length > 0) draft['extra'] = extra;
  return {
    draft: draft as Draft, // each value was read within the limits of its field
    fields: work.fields,
    unmapped: left.map(([key]) => cut(key, 200)),
    warnings: [...work.warnings],
  };
}

/** An id of 企业微信 names somebody only together with the company's: one alone is kept under extra. */
function takeWecom(work: Work): { readonly corp_id: unknown; readonly external_user_id: unknown } | null {
  const person = work.groups.get('person');
  const corp_id = person?.['wecom.corp_id'];
  const external_user_id = person?.['wecom.external_user_id'];
  if (person === undefined || (corp_id === undefined && external_user_id === undefined)) return null;
  delete person['wecom.corp_id'];
  delete person['wecom.external_user_id'];
  if (Object.keys(person).length === 0) work.groups.delete('person');
  if (corp_id !== undefined && external_user_id !== undefined) return { corp_id, external_user_id };
  if (external_user_id !== undefined) {
    work.extra.push(['external_user_id', external_user_id]);
    work.warnings.add('wecom_incomplete');
  }
  if (corp_id !== undefined) work.extra.push(['corp_id', corp_id]);
  return null;
}
