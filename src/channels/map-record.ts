import type { Draft } from '../domain/submission.ts';
import { boundExtra } from './bound-extra.ts';
import type { FieldMap } from './field-map.ts';
import { readLists } from './labelled.ts';
import { applyHeaders } from './map-headers.ts';
import { applyRules } from './map-rules.ts';
import { type Mapping, put, putUnreadTime, type Work } from './mapping.ts';
import { leftOf, noMarks, take } from './marks.ts';
import { decodeNested } from './nested-json.ts';
import { findPath } from './path.ts';
import { cut } from './storable.ts';

const ZONE = 'Asia/Shanghai';
const LONGEST_KIND = 64; // of click_id_kind

/**
 * Maps a record to a draft: the rules of maps[0] (the source's own) and then the others', field by field, then the header
 * vocabulary; what is left is kept under `extra`. `computed` has the values of expressions by field. Never throws; the draft
 * keeps within the limits of the canonical body whatever the record holds.
 */
export function mapRecord(
  record: Readonly<Record<string, unknown>>,
  maps: readonly FieldMap[],
  computed: Readonly<Record<string, unknown>>,
): Mapping {
  const work = start(record, maps);
  applyRules(work, maps, computed);
  applyHeaders(work, maps.find((map) => map.synonyms !== undefined)?.synonyms ?? 'labels');
  putUnreadTime(work);
  if (work.clickIdKind !== null && !work.filled.has('traffic.click_id_kind')) {
    put(work, 'traffic.click_id_kind', cut(work.clickIdKind, LONGEST_KIND), work.clickIdKind);
  }
  return finish(work, maps);
}

function start(raw: Readonly<Record<string, unknown>>, maps: readonly FieldMap[]): Work {
  const record = decodeNested(
    raw,
    maps.flatMap((map) => map.nested ?? []),
  );
  const marks = noMarks();
  const lists = maps.flatMap((map) => map.lists ?? []);
  const answers = lists.length === 0 ? [] : readLists(record, lists, marks);
  return {
    record,
    marks,
    answers,
    left: new Set(answers),
    rules: {
      zone: maps.find((map) => map.zone !== undefined)?.zone ?? ZONE,
      absent: new Set(maps.flatMap((map) => map.absent ?? []).map((text) => text.trim().toLowerCase())),
      codes: maps.flatMap((map) => (map.codes === undefined ? [] : [map.codes])),
    },
    groups: new Map(),
    filled: new Set(),
    fields: [],
    warnings: new Set(),
    extra: [],
    clickIdKind: null,
    unreadTime: null,
  };
}

function finish(work: Work, maps: readonly FieldMap[]): Mapping {
  const wecom = takeWecom(work);
  for (const path of maps.flatMap((map) => map.ignore ?? [])) {
    for (const place of findPath(work.record, path)?.places ?? []) take(work.marks, place);
  }
  const left = Object.entries((leftOf(work.record, work.marks) ?? {}) as object);
  for (const answer of work.left) {
    const value = leftOf(answer.value, noMarks());
    if (value !== undefined) left.push([answer.label, value]);
  }
  const { extra, truncated } = boundExtra([...left, ...work.extra]);
  if (truncated) work.warnings.add('extra_truncated');
  const draft: Record<string, unknown> = {};
  for (const [name, group] of work.groups) {
    if (name === '') Object.assign(draft, Object.fromEntries(group));
    else if (group.size > 0) draft[name] = Object.fromEntries(group);
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
  const corp_id = person?.get('wecom.corp_id');
  const external_user_id = person?.get('wecom.external_user_id');
  person?.delete('wecom.corp_id');
  person?.delete('wecom.external_user_id');
  if (corp_id !== undefined && external_user_id !== undefined) return { corp_id, external_user_id };
  if (external_user_id !== undefined) {
    work.extra.push(['external_user_id', external_user_id]);
    work.warnings.add('wecom_incomplete');
  }
  if (corp_id !== undefined) work.extra.push(['corp_id', corp_id]);
  return null;
}
