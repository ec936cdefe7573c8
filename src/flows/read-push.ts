import { createHash } from 'node:crypto';
import type { EraseItem, IgnoredItem, LeadItem, Push, Setup } from '../channels/channel.ts';
import { expressionsOf } from '../channels/expressions.ts';
import type { FieldMap } from '../channels/field-map.ts';
import { mapRecord } from '../channels/map-record.ts';
import type { Mapping } from '../channels/mapping.ts';
import { storable } from '../channels/storable.ts';
import type { Draft } from '../domain/submission.ts';
import { type LoadedSource, PUSH_LIMITS } from './source-book.ts';

/** Evaluates one expression of a field map over a record; null where it has no value or cannot be evaluated. */
export type Evaluate = (expression: string, record: unknown) => Promise<unknown>;

/** A push as the one way in takes it. */
export type ReadPush =
  | { readonly kind: 'items'; readonly items: readonly ReadItem[] }
  | {
      readonly kind: 'unusable';
      readonly code: 'unparsable' | 'unmappable';
      readonly detail: string;
      readonly fault?: unknown; // what was thrown, for the log
    };

export type ReadItem = ReadLead | EraseItem | IgnoredItem;

/** A lead of a push, with its draft and the bytes to keep as its own. */
export interface ReadLead {
  readonly kind: 'lead';
  readonly item: LeadItem;
  readonly mapping: Mapping;
  readonly draft: Draft;
  readonly deliveryId: string | null;
  readonly raw: Uint8Array;
  readonly contentType: string;
}

const FORM_TYPE = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';
const LONGEST_ID = 512; // characters: of three bytes each they still fit in a page of an index

/** Decodes, splits and maps a push; nothing of it is thrown away, and what cannot be made out says why. */
export async function readPush(evaluate: Evaluate, loaded: LoadedSource, push: Push, setup: Setup): Promise<ReadPush> {
  try {
    return await read(evaluate, loaded, push, setup);
  } catch (fault) {
    // A fault of ours is not to cost the sender its push: it is kept whole, and read again once the fault is mended.
    return {
      kind: 'unusable',
      code: 'unmappable',
      detail: 'It could not be read for a fault of ours; the log says which.',
      fault,
    };
  }
}

async function read(evaluate: Evaluate, loaded: LoadedSource, push: Push, setup: Setup): Promise<ReadPush> {
  const { channel } = loaded;
  const decoded = await channel.decode(push, setup, PUSH_LIMITS);
  if (decoded.kind === 'unreadable') return { kind: 'unusable', code: 'unparsable', detail: decoded.detail };
  const split = channel.split(decoded.value, push, setup);
  if (split.kind === 'unmappable') return { kind: 'unusable', code: 'unmappable', detail: split.detail };
  const alone = split.items.length === 1;
  const items = split.items.map((item, index) =>
    item.kind === 'lead' ? readLead(evaluate, loaded, item, alone ? { push } : { push, index }) : item,
  );
  return { kind: 'items', items: await Promise.all(items) };
}

interface Place {
  readonly push: Push;
  readonly index?: number; // of several items
}

async function readLead(
  evaluate: Evaluate,
  { maps, channel }: LoadedSource,
  item: LeadItem,
  { push, index }: Place,
): Promise<ReadLead> {
  const mapping = mapRecord(item.record, maps, await compute(evaluate, maps, item.record));
  const draft = combine(mapping.draft, item, channel.defaults.touchKind);
  const kept =
    index === undefined ? bytesOf(push) : { raw: Buffer.from(JSON.stringify(item.alone)), contentType: JSON_TYPE };
  const named = item.deliveryId === null ? null : indexable(item.deliveryId);
  const deliveryId = named ?? (draft.external_id === undefined ? digestOf(kept.raw) : null);
  return { kind: 'lead', item, mapping, draft, deliveryId, ...kept };
}

/** An id of a push as an index takes it: where it is very long its digest, so that no sender can make a push that nobody can write. */
function indexable(id: string): string {
  const clean = storable(id);
  return clean.length <= LONGEST_ID ? clean : digestOf(Buffer.from(clean));
}

/** The values of every expression of field maps over a record, by field. */
export async function compute(
  evaluate: Evaluate,
  maps: readonly FieldMap[],
  record: unknown,
): Promise<Readonly<Record<string, unknown>>> {
  const asked = expressionsOf(maps);
  if (asked.length === 0) return {};
  const values = await Promise.all(asked.map(({ expression }) => evaluate(expression, record)));
  return Object.fromEntries(asked.map(({ field }, at) => [field, values[at]]));
}

/** What the channel knows itself goes before what was mapped, group by group and field by field. */
function combine(mapped: Draft, item: LeadItem, touchKind: string | null): Draft {
  const own = item.draft;
  const groups: Record<string, unknown> = { ...mapped, ...own };
  for (const name of ['person', 'traffic', 'advertiser', 'product', 'intent', 'campaign', 'extra'] as const) {
    if (mapped[name] !== undefined && own[name] !== undefined) groups[name] = { ...mapped[name], ...own[name] };
  }
  if (item.externalId !== null) groups['external_id'] = item.externalId;
  const intent = groups['intent'] as Draft['intent'];
  if (touchKind !== null && intent?.kind === undefined) groups['intent'] = { ...intent, kind: touchKind };
  return groups as Draft;
}

/** The bytes of a push: those of its body, or its query where that is all there is. */
export function bytesOf({ body, query, headers }: Push): { readonly raw: Uint8Array; readonly contentType: string } {
  if (body.length === 0 && query !== '') return { raw: Buffer.from(query), contentType: FORM_TYPE };
  return { raw: body, contentType: headers['content-type'] ?? 'application/octet-stream' };
}

/** What stands for a platform's id of a push that has none: its bytes. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
