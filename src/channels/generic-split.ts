import { withAt, withoutPath } from './change-path.ts';
import type { Item, LeadItem, Push, Setup, Split } from './channel.ts';
import { decodeAgain } from './decode.ts';
import { NESTED_LIMITS } from './nested-limits.ts';
import { readPath } from './path.ts';
import { platformDraft } from './platform-draft.ts';
import { readScheme } from './read-scheme.ts';
import { recordOf } from './record-of.ts';
import { listSetting, textSetting } from './setting.ts';
import { placesOf } from './signature-place.ts';
import type { Place } from './signature-scheme.ts';
import { placeNamed } from './signature-template.ts';
import { storable } from './storable.ts';
import { textOf } from './text-of.ts';

const TEST_VALUES = ['true', '1', 'yes', 'test', '测试'];
const MOST_COPIED = 4_000_000; // characters of the body around the leads, which is kept with each
const NOT_A_LEAD: Item = { kind: 'ignored', why: 'not_a_lead' };

/**
 * The leads of a body, by the settings `records`, `delivery_id`, `external_id`, `test` and `test_values`: one for each element of a list,
 * and all or none. What only proves the push, or names the delivery, is no content; a shared key is not kept at all.
 */
export function genericSplit(value: unknown, push: Push, setup: Setup): Split {
  const path = textSetting(setup, 'records', '');
  const kept = proofs(setup, 'record').reduce(withoutPath, value);
  const bare = proofs(setup, 'content').reduce(withoutPath, value);
  const records = recordsAt(kept, path);
  const named = textSetting(setup, 'delivery_id', '');
  const delivery = placeNamed(named);
  const contents = recordsAt(bare, path).map((content) =>
    named === '' || delivery !== null ? content : withoutPath(content, named),
  );
  if (records.some((record) => record === null) || contents.length !== records.length) {
    return {
      kind: 'unmappable',
      detail: 'What stands where the leads should be is no object, and no list of objects.',
    };
  }
  if (records.length === 0) return { kind: 'items', items: [NOT_A_LEAD] };
  if (records.length === 1) return { kind: 'items', items: [leadOf(records[0] ?? {}, contents[0], kept, push, setup)] };
  const around = (JSON.stringify(withAt(kept, path, [])) ?? '').length;
  if (around * records.length > MOST_COPIED) {
    return { kind: 'unmappable', detail: 'There are too many leads in the body for so much beside them.' };
  }
  const items = records.map((record, i) => {
    const alone = withAt(kept, path, [record]);
    return numbered(leadOf(record ?? {}, contents[i], alone, push, setup), delivery, i);
  });
  return { kind: 'items', items };
}

/** A lead of several under one delivery id, which can stand for one only: in what is kept of the lead too, where it is in the body. */
function numbered(lead: LeadItem, place: Place | null, i: number): LeadItem {
  if (lead.deliveryId === null || place === null) return lead;
  const deliveryId = `${lead.deliveryId}#${i}`;
  return { ...lead, deliveryId, alone: place.in === 'body' ? withAt(lead.alone, place.name, deliveryId) : lead.alone };
}

type PlainRecord = Readonly<Record<string, unknown>>;

function recordsAt(body: unknown, path: string): readonly (PlainRecord | null)[] {
  const found = decodeAgain(path === '' ? body : readPath(body, path), NESTED_LIMITS);
  const list: readonly unknown[] = Array.isArray(found) ? found : [found];
  return list.map((element) => recordOf(decodeAgain(element, NESTED_LIMITS)));
}

/** Paths of a body that hold no part of a lead. Of a signed time a lead may still want to know: it stays in the record. */
function proofs(setup: Setup, of: 'record' | 'content'): readonly string[] {
  const scheme = readScheme(setup.settings['scheme']);
  const { signature, timestamp, nonce, id } = scheme === null || scheme === 'none' ? NOTHING : scheme;
  const delivery = placeNamed(textSetting(setup, 'delivery_id', ''));
  const places = of === 'record' ? [signature] : [signature, timestamp, nonce, id, delivery];
  return places.flatMap((place) => (place?.in === 'body' ? [place.name] : []));
}

const NOTHING: Readonly<Record<'signature' | 'timestamp' | 'nonce' | 'id', Place | null>> = {
  signature: null,
  timestamp: null,
  nonce: null,
  id: null,
};

function leadOf(record: PlainRecord, content: unknown, alone: unknown, push: Push, setup: Setup): LeadItem {
  const read = (name: string, fallback: string): string | null =>
    idText(valueAt(textSetting(setup, name, fallback), record, alone, push));
  const externalId = read('external_id', 'external_id');
  const values = (listSetting(setup, 'test_values') ?? TEST_VALUES).map((text) => text.toLowerCase());
  const test = textOf(booleanText(valueAt(textSetting(setup, 'test', 'test'), record, alone, push)));
  return {
    kind: 'lead',
    deliveryId: read('delivery_id', ''),
    externalId,
    content,
    record,
    draft: platformDraft({
      externalId,
      test: test !== null && values.includes(test.toLowerCase()) ? 'test' : 'real',
      kind: null,
      levels: {},
      clickIdKind: null,
    }),
    reference: null,
    alone,
  };
}

/** What a setting names: header:NAME or query:NAME of the push, body:PATH of the whole body, else a path of the record. */
function valueAt(name: string, record: PlainRecord, body: unknown, push: Push): unknown {
  const place = placeNamed(name);
  if (place === null) return name === '' ? null : readPath(record, name);
  return place.in === 'body' ? readPath(body, place.name) : placesOf(push)(place);
}

function booleanText(value: unknown): unknown {
  return typeof value === 'boolean' ? String(value) : value;
}

function idText(value: unknown): string | null {
  const text = textOf(value);
  const clean = text === null ? '' : storable(text);
  return clean === '' || clean === '0' || clean === '-1' ? null : clean;
}
