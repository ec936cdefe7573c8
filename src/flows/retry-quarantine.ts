import { cleanText } from '../domain/clean.ts';
import { Fault } from '../domain/fault.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import { lacksMoment } from '../domain/lacks-moment.ts';
import type { Outcome } from '../domain/outcome.ts';
import { rulesOf, type Source } from '../domain/source.ts';
import type { Draft } from '../domain/submission.ts';
import type { Vault } from '../domain/vault.ts';
import type { Db } from '../store/database.ts';
import { insertFetches } from '../store/lead-fetches.ts';
import { findEntries, type QuarantineEntry } from '../store/quarantine-list.ts';
import { type KeptBody, readRawBodies } from '../store/raw-bodies.ts';
import { listSources } from '../store/sources.ts';
import type { Capture, CaptureItem, CaptureResult } from './capture.ts';
import { resolvedFault } from './dismiss-quarantine.ts';
import { fetchesOf } from './ingest-push.ts';
import type { Awaited } from './read-fetched.ts';
import type { ReadLead } from './read-push.ts';
import { type LoadedSource, readSources } from './source-book.ts';

/** An entry to be tried again, and what is to be corrected of its body: a JSON merge patch. */
export interface Retry {
  readonly id: string;
  readonly corrections: Readonly<Record<string, unknown>> | null;
}

/** A body that has been corrected: its draft, what counts as its content, and the bytes to keep as those of the new submission. */
export interface CorrectedBody {
  readonly draft: Draft;
  readonly content: unknown;
  readonly raw: Uint8Array;
  readonly contentType: string;
  readonly lead: ReadLead | null; // of a push; null: a canonical body, or the answer of a platform's API
}

/** Where a kept body came from: `loaded` is null where nobody pushes to its source. */
export interface KeptFrom {
  readonly loaded: LoadedSource | null;
  readonly receivedAt: Instant;
  readonly awaited: Awaited | null; // what it may have been fetched for; null: it was not fetched
}

/** What a retry needs. */
export interface RetryDeps {
  readonly db: Db;
  readonly vault: Vault;
  readonly capture: Capture;
  /** Reads a kept body as its way in would now, with corrections; rejects with what the caller can do about it. */
  readonly correct: (kept: KeptBody, corrections: Retry['corrections'], from: KeptFrom) => Promise<CorrectedBody>;
  readonly actor: string;
  readonly requestId: string | null;
  readonly at: Instant;
}

/** What a retry came to: an outcome of the way in, or why there was none; then the entry is as it was. */
export type RetryResult =
  | { readonly kind: 'judged'; readonly entry: QuarantineEntry; readonly outcome: Outcome }
  | { readonly kind: 'failed'; readonly failure: Extract<CaptureResult, { kind: 'failed' }> }
  | { readonly kind: 'refused'; readonly error: unknown };

const TOGETHER = 100; // entries whose bodies are in memory at once

/**
 * Runs quarantined submissions through the whole way in again: same source, same keys, original occurred_at. One that is usable
 * now releases its entry; one that is not supersedes it by an entry of its own. Of any number of retries of an entry at once one
 * is judged, and the others are refused as `already_released`. Same order, same length.
 */
export async function retryQuarantine(deps: RetryDeps, retries: readonly Retry[]): Promise<readonly RetryResult[]> {
  const results: RetryResult[] = [];
  for (let start = 0; start < retries.length; start += TOGETHER) {
    results.push(...(await retryTogether(deps, retries.slice(start, start + TOGETHER))));
  }
  return results;
}

async function retryTogether(deps: RetryDeps, retries: readonly Retry[]): Promise<readonly RetryResult[]> {
  const prepared = await prepareTogether(deps, retries);
  const ready = prepared.filter((one): one is Ready => one.kind === 'ready');
  const captured = (await deps.capture.submit(ready.map(({ item }) => item))).values();
  const judged = prepared.map((one): RetryResult => {
    if (one.kind === 'refused') return one;
    const result = captured.next().value;
    if (result === undefined) throw new Error('the way in gave fewer results than it was given items');
    return result.kind === 'judged' ? { ...result, entry: one.entry } : { kind: 'failed', failure: result };
  });
  await insertFetches(
    deps.db,
    prepared.flatMap((one, at) => fetchesFor(one, judged[at], deps.at)),
  );
  return refuseLatecomers(deps, judged);
}

/** What the lead of a thin push waits for, once it is kept as parked. */
function fetchesFor(one: Prepared, result: RetryResult | undefined, at: Instant): ReturnType<typeof fetchesOf> {
  if (one.kind === 'refused' || result?.kind !== 'judged' || one.loaded === null || one.lead === null) return [];
  return fetchesOf(one.loaded, [one.lead], [result.outcome], at);
}

/** A retry as the item of the one way in that it is, or why there is none. */
export type Prepared = Ready | { readonly kind: 'refused'; readonly error: unknown };
interface Ready {
  readonly kind: 'ready';
  readonly item: CaptureItem;
  readonly entry: QuarantineEntry;
  readonly loaded: LoadedSource | null;
  readonly lead: ReadLead | null;
}

/** Reads what is to be tried again, and writes nothing. Same order, same length. */
export async function prepareTogether(deps: RetryDeps, retries: readonly Retry[]): Promise<readonly Prepared[]> {
  const { db, vault } = deps;
  const ids = retries.map((retry) => retry.id);
  const entries = await findEntries(db, vault, ids);
  const kept = await readRawBodies(db, vault, [...entries.values()]);
  const sources = new Map((await listSources(db)).map((source) => [source.id, source]));
  const pushed = await readSources(db, vault);
  return Promise.all(
    retries.map((retry) =>
      prepare(deps, retry, entries.get(retry.id), { kept, sources, pushed }).catch(
        (error: unknown): Prepared => ({ kind: 'refused', error }),
      ),
    ),
  );
}

interface Found {
  readonly kept: ReadonlyMap<string, KeptBody>;
  readonly sources: ReadonlyMap<string, Source>;
  readonly pushed: ReadonlyMap<string, LoadedSource>;
}

async function prepare(
  deps: RetryDeps,
  { corrections }: Retry,
  entry: QuarantineEntry | undefined,
  { kept, sources, pushed }: Found,
): Promise<Ready> {
  if (entry === undefined) throw new Fault('not_found', null, 'There is no such entry.');
  if (entry.state !== 'open') throw resolvedFault(entry);
  const body = kept.get(entry.submissionId);
  const source = sources.get(entry.sourceId);
  if (body === undefined || source === undefined) {
    throw new Fault('raw_body_gone', null, 'The body of this submission is past its retention.');
  }
  if (entry.code === 'source_paused' && source.state === 'paused') {
    throw new Fault('state_conflict', null, `The source ${source.name} is still paused: resume it first.`);
  }
  const loaded = pushed.get(source.id) ?? null;
  const {
    draft: read,
    content,
    raw,
    contentType,
    lead,
  } = await deps.correct(body, corrections, {
    loaded,
    receivedAt: entry.receivedAt,
    awaited: awaitedOf(entry),
  });
  const draft = loaded === null ? read : withUnkept(entry, loaded, read);
  checkFixed(entry, draft, corrections);
  const keyOf = (kind: 'request' | 'delivery') => entry.keys.find((key) => key.kind === kind)?.key ?? null;
  const item: CaptureItem = {
    draft: withMoment(entry, draft),
    content,
    raw,
    contentType,
    idempotencyKey: keyOf('request'),
    deliveryId: lead !== null && UNREAD.has(entry.code) ? lead.deliveryId : keyOf('delivery'),
    // Nothing more comes of what was fetched or written by hand: without a phone it is for somebody to look at.
    source: loaded !== null && lead === null ? { ...rulesOf(source), completesLater: false } : rulesOf(source),
    actor: deps.actor,
    requestId: deps.requestId,
    mode: entry.mode,
    receivedAt: deps.at,
    completes: entry.submissionId,
  };
  return { kind: 'ready', item, entry, loaded, lead };
}

// Kept before anything of them was read: the platform's own id was not known then, and is what it sends again under.
const UNREAD: ReadonlySet<string> = new Set(['unparsable', 'unmappable']);

/** What is fetched completes a submission that was parked under the id of the lead. */
function awaitedOf({ completes, externalId, occurredAt, fields }: QuarantineEntry): Awaited | null {
  return completes === null || externalId === null ? null : { externalId, occurredAt, fields };
}

/** The draft with what headers and query said, which are not kept with the body: the id of the lead, the visit of a form. */
function withUnkept({ externalId, fields }: QuarantineEntry, { source }: LoadedSource, draft: Draft): Draft {
  const traffic = source.kind === 'form' ? { ...fields.traffic, ...draft.traffic } : {};
  return {
    ...(externalId === null ? {} : { external_id: externalId }),
    ...draft,
    ...(Object.keys(traffic).length === 0 ? {} : { traffic }),
  };
}

/** The id under which it came stays, and so does a moment that could be read. */
function checkFixed(entry: QuarantineEntry, draft: Draft, corrections: Retry['corrections']): void {
  if (entry.externalId !== null && cleanText(draft.external_id) !== entry.externalId) {
    throw new Fault('body_invalid', 'corrections.external_id', 'The id under which it came cannot be corrected.');
  }
  if (!lacksMoment(entry.code) && corrections !== null && 'occurred_at' in corrections) {
    throw new Fault(
      'body_invalid',
      'corrections.occurred_at',
      'Only a moment that could not be read can be corrected.',
    );
  }
}

/** The draft with its original moment: the one that was stated, else that of the first receipt. */
function withMoment(entry: QuarantineEntry, draft: Draft): Draft {
  const stated = cleanText(draft.occurred_at) !== undefined;
  return lacksMoment(entry.code) && stated ? draft : { ...draft, occurred_at: formatInstant(entry.occurredAt) };
}

/** Names, for those who lost a race, what has become of the entry meanwhile. */
async function refuseLatecomers(
  { db, vault }: RetryDeps,
  results: readonly RetryResult[],
): Promise<readonly RetryResult[]> {
  const late = (result: RetryResult) => result.kind === 'judged' && result.outcome.refusal?.code === 'already_released';
  const ids = results.flatMap((result) => (result.kind === 'judged' && late(result) ? [result.entry.id] : []));
  if (ids.length === 0) return results;
  const entries = await findEntries(db, vault, ids);
  return results.map((result): RetryResult => {
    if (result.kind !== 'judged' || !late(result)) return result;
    return { kind: 'refused', error: resolvedFault(entries.get(result.entry.id) ?? result.entry) };
  });
}
