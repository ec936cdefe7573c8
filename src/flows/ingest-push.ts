import type { Acknowledged, EraseItem, Push } from '../channels/channel.ts';
import type { Instant } from '../domain/instant.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Refusal } from '../domain/submission.ts';
import type { Db } from '../store/database.ts';
import { insertFetches, type NewFetch } from '../store/lead-fetches.ts';
import type { Capture, CaptureItem, CaptureResult } from './capture.ts';
import { bytesOf, digestOf, type Evaluate, type ReadLead, readPush } from './read-push.ts';
import { type LoadedSource, setupOf } from './source-book.ts';

/** What ingesting pushes needs. */
export interface IngestDeps {
  readonly db: Db;
  readonly capture: Capture;
  readonly evaluate: Evaluate;
  readonly clock: () => Instant;
  readonly failed: (what: 'channel', error: unknown) => void;
  readonly erase: (loaded: LoadedSource, item: EraseItem) => Promise<void>;
}

/** Under which request a push came, and what was found wrong with it before it was read. */
export interface PushedBy {
  readonly requestId: string | null;
  readonly refusal: Refusal | null;
}

/** What a push came to, with how often each decision was made. */
export interface Ingested {
  readonly as: Acknowledged;
  readonly code: string | null;
  readonly decisions: Readonly<Record<string, number>>;
}

const NONE: Readonly<Record<string, number>> = Object.freeze({});
const PAUSED: Refusal = Object.freeze({
  code: 'source_paused',
  path: '',
  hint: 'The source was paused when this came: resume it and retry the entry.',
});

/**
 * Reads a push that is authentic and takes everything in it in by the one way in; a push that cannot be read, and all that comes
 * to a paused source, is kept in quarantine. Rejects where the database takes nothing now: then nothing of it is lost, but nothing is kept either.
 */
export async function ingestPush(
  deps: IngestDeps,
  loaded: LoadedSource,
  push: Push,
  from: PushedBy,
): Promise<Ingested> {
  const { requestId } = from;
  const read = await readPush(deps.evaluate, loaded, push, setupOf(loaded, push.receivedAt));
  const paused = loaded.source.state === 'paused';
  if (read.kind === 'unusable') {
    if (read.fault !== undefined) deps.failed('channel', read.fault);
    const refusal = from.refusal ?? { code: read.code, path: '', hint: read.detail };
    const outcomes = await submit(deps, [unreadItem(loaded, push, requestId, refusal)]);
    return { as: paused ? 'paused' : 'unreadable', code: read.code, decisions: count(outcomes) };
  }
  const leads = read.items.filter((item): item is ReadLead => item.kind === 'lead');
  const refusal = from.refusal ?? (paused ? PAUSED : null);
  const outcomes = await submit(
    deps,
    leads.map((lead) => itemOf(loaded, lead, { receivedAt: push.receivedAt, requestId, refusal })),
  );
  await insertFetches(deps.db, fetchesOf(loaded, leads, outcomes, deps.clock()));
  for (const item of read.items) if (item.kind === 'erase') await deps.erase(loaded, item);
  const [only] = read.items;
  const ignored = leads.length === 0 && only?.kind === 'ignored' ? only.why : null;
  return { as: paused ? 'paused' : 'accepted', code: ignored, decisions: count(outcomes) };
}

/** What a lead of a push is captured with. */
export interface Arriving {
  readonly receivedAt: Instant;
  readonly requestId: string | null;
  readonly refusal: Refusal | null;
}

/** A lead of a push as an item of the one way in. */
export function itemOf(
  loaded: LoadedSource,
  lead: ReadLead,
  { receivedAt, requestId, refusal }: Arriving,
): CaptureItem {
  return {
    draft: lead.draft,
    content: lead.item.content,
    raw: lead.raw,
    contentType: lead.contentType,
    idempotencyKey: null,
    deliveryId: lead.deliveryId,
    source: loaded.rules,
    actor: `source:${loaded.source.name}`,
    requestId,
    mode: 'live',
    receivedAt,
    refusal,
  };
}

/** A push of which nothing could be made, kept whole. */
function unreadItem(loaded: LoadedSource, push: Push, requestId: string | null, refusal: Refusal): CaptureItem {
  const kept = bytesOf(push);
  const digest = digestOf(kept.raw);
  return {
    draft: {},
    content: digest,
    ...kept,
    idempotencyKey: null,
    deliveryId: digest, // sent again it is the same entry
    source: loaded.rules,
    actor: `source:${loaded.source.name}`,
    requestId,
    mode: 'live',
    receivedAt: push.receivedAt,
    refusal,
  };
}

/** Submits items; one that cannot be written as it is goes into quarantine without its fields, so that its bytes are kept. */
async function submit(deps: IngestDeps, items: readonly CaptureItem[]): Promise<readonly Outcome[]> {
  if (items.length === 0) return [];
  const results = await deps.capture.submit(items);
  return Promise.all(results.map((result, at) => settled(deps, result, items[at])));
}

async function settled(deps: IngestDeps, result: CaptureResult, item: CaptureItem | undefined): Promise<Outcome> {
  if (result.kind === 'judged') return result.outcome;
  if (result.failure.code === 'database_unavailable' || item === undefined) throw result.failure.cause;
  const refusal = {
    code: 'ingest_failed',
    path: '',
    hint: 'It could not be written; the log says why. Retry the entry.',
  };
  const [again] = await deps.capture.submit([{ ...item, draft: {}, refusal }]);
  if (again?.kind === 'judged') return again.outcome;
  throw result.failure.cause;
}

/** Leads of which the platform told the id only, once they are kept: what they wait for is fetched. */
export function fetchesOf(
  { channel, source }: LoadedSource,
  leads: readonly Pick<ReadLead, 'item' | 'draft'>[],
  outcomes: readonly Outcome[],
  at: Instant,
): readonly NewFetch[] {
  if (channel.fetch === null) return [];
  return leads.flatMap(({ item, draft }, index) => {
    const outcome = outcomes[index];
    const waits = outcome?.decision === 'parked' || outcome?.originalDecision === 'parked';
    const { submissionId } = outcome ?? {};
    if (!waits || item.reference === null || submissionId == null || draft.external_id === undefined) return [];
    const { reference } = item;
    return [{ submissionId, sourceId: source.id, externalId: draft.external_id, reference, dueAt: at }];
  });
}

function count(outcomes: readonly Outcome[]): Readonly<Record<string, number>> {
  if (outcomes.length === 0) return NONE;
  const decisions: Record<string, number> = {};
  for (const { decision } of outcomes) decisions[decision] = (decisions[decision] ?? 0) + 1;
  return decisions;
}
