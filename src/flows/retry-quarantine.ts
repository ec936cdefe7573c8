import { cleanText } from '../domain/clean.ts';
import { Fault } from '../domain/fault.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import type { Outcome } from '../domain/outcome.ts';
import { rulesOf, type Source } from '../domain/source.ts';
import type { Draft } from '../domain/submission.ts';
import type { Vault } from '../domain/vault.ts';
import type { Db } from '../store/database.ts';
import { findEntries, type QuarantineEntry } from '../store/quarantine-list.ts';
import { type KeptBody, readRawBodies } from '../store/raw-bodies.ts';
import { listSources } from '../store/sources.ts';
import type { Capture, CaptureItem, CaptureResult } from './capture.ts';
import { resolvedFault } from './dismiss-quarantine.ts';

/** An entry to be tried again, and what is to be corrected of its body: a JSON merge patch. */
export interface Retry {
  readonly id: string;
  readonly corrections: Readonly<Record<string, unknown>> | null;
}

/** A body that has been corrected: its draft, and the bytes to keep as those of the new submission. */
export interface CorrectedBody {
  readonly draft: Draft;
  readonly raw: Uint8Array;
}

/** What a retry needs. */
export interface RetryDeps {
  readonly db: Db;
  readonly vault: Vault;
  readonly capture: Capture;
  /** Reads a kept body as its way in did, with corrections; throws what the caller can do about it. */
  readonly correct: (kept: KeptBody, corrections: Retry['corrections']) => CorrectedBody;
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
  const { db, vault, capture } = deps;
  const ids = retries.map((retry) => retry.id);
  const entries = await findEntries(db, vault, ids);
  const kept = await readRawBodies(db, vault, [...entries.values()]);
  const sources = new Map((await listSources(db)).map((source) => [source.id, source]));
  const prepared = retries.map((retry) => attempt(() => itemOf(deps, retry, entries.get(retry.id), kept, sources)));
  const usable = prepared.flatMap((item) => (item.kind === 'ready' ? [item.item] : []));
  const captured = (await capture.submit(usable)).values();
  const judged = prepared.map((item): RetryResult => {
    if (item.kind === 'refused') return item;
    const result = captured.next().value;
    if (result === undefined) throw new Error('the way in gave fewer results than it was given items');
    return result.kind === 'judged' ? { ...result, entry: item.entry } : { kind: 'failed', failure: result };
  });
  return refuseLatecomers(deps, judged);
}

type Prepared =
  | { readonly kind: 'ready'; readonly item: CaptureItem; readonly entry: QuarantineEntry }
  | { readonly kind: 'refused'; readonly error: unknown };

function attempt(step: () => Prepared): Prepared {
  try {
    return step();
  } catch (error) {
    return { kind: 'refused', error };
  }
}

function itemOf(
  deps: RetryDeps,
  { corrections }: Retry,
  entry: QuarantineEntry | undefined,
  kept: ReadonlyMap<string, KeptBody>,
  sources: ReadonlyMap<string, Source>,
): Prepared {
  if (entry === undefined) throw new Fault('not_found', null, 'There is no such entry.');
  if (entry.state !== 'open') throw resolvedFault(entry);
  const body = kept.get(entry.submissionId);
  const source = sources.get(entry.sourceId);
  if (body === undefined || source === undefined) {
    throw new Fault('raw_body_gone', null, 'The body of this submission is past its retention.');
  }
  const { draft, raw } = deps.correct(body, corrections);
  checkFixed(entry, draft, corrections);
  const keyOf = (kind: 'request' | 'delivery') => entry.keys.find((key) => key.kind === kind)?.key ?? null;
  const item: CaptureItem = {
    draft: withMoment(entry, draft),
    content: draft,
    raw,
    contentType: body.contentType,
    idempotencyKey: keyOf('request'),
    deliveryId: keyOf('delivery'),
    source: rulesOf(source),
    actor: deps.actor,
    requestId: deps.requestId,
    mode: entry.mode,
    receivedAt: deps.at,
    completes: entry.submissionId,
  };
  return { kind: 'ready', item, entry };
}

/** The id under which it came stays, and so does a moment that could be read. */
function checkFixed(entry: QuarantineEntry, draft: Draft, corrections: Retry['corrections']): void {
  if (entry.externalId !== null && cleanText(draft.external_id) !== entry.externalId) {
    throw new Fault('body_invalid', 'corrections.external_id', 'The id under which it came cannot be corrected.');
  }
  if (entry.code !== 'date_invalid' && corrections !== null && 'occurred_at' in corrections) {
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
  return entry.code === 'date_invalid' && stated ? draft : { ...draft, occurred_at: formatInstant(entry.occurredAt) };
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
