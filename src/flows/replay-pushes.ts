import type { Push } from '../channels/channel.ts';
import { Fault } from '../domain/fault.ts';
import type { Instant } from '../domain/instant.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Tx } from '../store/database.ts';
import { matchingEntries } from '../store/quarantine-list.ts';
import { listRecordedPushes, type RecordedPush } from '../store/recordings.ts';
import { type Act, auditAct } from './act.ts';
import { compareKept, type PathChange } from './compare-kept.ts';
import { type IngestDeps, ingestPush } from './ingest-push.ts';
import { previewPush, pushedSource } from './preview-push.ts';
import { prepareTogether, type Retry, type RetryDeps, type RetryResult, retryQuarantine } from './retry-quarantine.ts';
import { type LoadedSource, setupOf } from './source-book.ts';

export const REPLAYED_FROM = ['recordings', 'quarantine', 'kept'] as const;

/** Which stored pushes of a source are to be read again by its map as it is now. */
export interface Replay {
  readonly sourceId: string;
  readonly from: (typeof REPLAYED_FROM)[number];
  readonly mode: 'real' | 'dry_run'; // what is kept is only ever compared
  readonly since: Instant | null;
  readonly ids: readonly string[] | null; // of recordings or entries; null: all
  readonly limit: number;
}

/** What replaying needs; `db` is the transaction of its audit. */
export interface ReplayDeps extends Omit<RetryDeps, 'actor' | 'requestId' | 'at' | 'db'>, Omit<IngestDeps, 'db'> {
  readonly db: Tx;
  readonly region: string; // ISO 3166 alpha-2, of phones without a country code
}

/** What one stored push came to, or would: a result for each lead in it. */
export interface ReplayedItem {
  readonly id: string; // of the recording, entry or submission
  readonly results: readonly string[]; // decisions; else handshake, ignored, changed, unchanged or refused
  readonly code: string | null; // why it is quarantined, ignored or refused
  readonly changes: readonly PathChange[]; // of what is kept
}

export interface Replayed {
  readonly items: readonly ReplayedItem[];
  readonly more: boolean; // whether more of them match
}

// What another map, a resumed source or a repaired database may mend by itself.
const MENDABLE = [
  'unparsable',
  'unmappable',
  'ingest_failed',
  'source_paused',
  'date_invalid',
  'phone_invalid',
  'phone_masked',
  'phone_scientific_notation',
  'phone_relay',
  'phone_not_personal',
  'phone_empty',
] as const;

/**
 * Reads stored pushes again by the map of their source as it is now, and takes them in by the one way in, or tells what would come
 * of it. Recordings are not asked for their signature: whoever replays them vouches for them. Throws `not_found`, `body_invalid`.
 */
export async function replayPushes(deps: ReplayDeps, act: Act, replay: Replay): Promise<Replayed> {
  const loaded = await pushedSource(deps.db, deps.vault, replay.sourceId);
  if (replay.from === 'kept' && replay.mode === 'real') {
    throw new Fault('body_invalid', 'dry_run', 'what was taken once is only compared: give dry_run true');
  }
  const done = await replayFrom(deps, act, loaded, replay);
  if (replay.mode === 'real') {
    const { from, since } = replay;
    const detail = { name: loaded.source.name, from, since, count: done.items.length, results: countOf(done.items) };
    await auditAct(deps.db, act, 'source.replayed', { kind: 'source', id: loaded.source.id }, detail);
  }
  return done;
}

function replayFrom(deps: ReplayDeps, act: Act, loaded: LoadedSource, replay: Replay): Promise<Replayed> {
  switch (replay.from) {
    case 'recordings':
      return replayRecordings(deps, act, loaded, replay);
    case 'quarantine':
      return replayQuarantine(deps, act, replay);
    case 'kept':
      return compareKept(deps, loaded, replay);
  }
}

/** How often each result was come to. */
export function countOf(items: readonly Pick<ReplayedItem, 'results'>[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const result of items.flatMap(({ results }) => results)) counts[result] = (counts[result] ?? 0) + 1;
  return counts;
}

async function replayRecordings(
  deps: ReplayDeps,
  act: Act,
  loaded: LoadedSource,
  { sourceId, since, ids, limit, mode }: Replay,
): Promise<Replayed> {
  const most = ids === null ? limit + 1 : MOST_LOOKED_THROUGH;
  const found = await listRecordedPushes(deps.db, deps.vault, sourceId, most, since);
  const wanted = ids === null ? found : found.filter(({ id }) => ids.includes(id));
  const items: ReplayedItem[] = [];
  // Oldest first and one after the other: what came later may speak of what came before.
  for (const recorded of wanted.slice(0, limit).reverse()) {
    items.push(await replayRecorded(deps, act, loaded, recorded, mode));
  }
  return { items, more: wanted.length > limit };
}

const MOST_LOOKED_THROUGH = 10_000;

// Of forms: what told a bot, or a page that may not say so much, is not asked again. Its entry can be retried.
const SUSPECTED: ReadonlySet<string> = new Set(['suspected_bot', 'field_not_allowed']);

async function replayRecorded(
  deps: ReplayDeps,
  act: Act,
  loaded: LoadedSource,
  recorded: RecordedPush,
  mode: Replay['mode'],
): Promise<ReplayedItem> {
  const push = recordedPush(recorded);
  const { id } = recorded;
  if (loaded.channel.handshake(push, setupOf(loaded, push.receivedAt)) !== null) {
    return { id, results: ['handshake'], code: null, changes: [] };
  }
  if (SUSPECTED.has(recorded.verdict)) return { id, results: ['refused'], code: recorded.verdict, changes: [] };
  if (mode === 'dry_run') return wouldBe(deps, loaded, id, push);
  const { decisions, code } = await ingestPush(deps, loaded, push, { requestId: act.requestId, refusal: null });
  const results = Object.entries(decisions).flatMap(([decision, times]) => Array<string>(times).fill(decision));
  return { id, results: results.length === 0 ? ['ignored'] : results, code, changes: [] };
}

async function wouldBe(deps: ReplayDeps, loaded: LoadedSource, id: string, push: Push): Promise<ReplayedItem> {
  const { items, problem } = await previewPush(deps, loaded, push);
  if (problem !== null) return { id, results: ['quarantined'], code: problem.code, changes: [] };
  const outcomes = items.flatMap((item) => (item.kind === 'lead' ? [item.outcome] : []));
  const results = outcomes.length === 0 ? ['ignored'] : outcomes.map(({ decision }) => decision);
  const [first] = items;
  const why = first?.kind === 'ignored' ? first.why : null;
  return { id, results, code: outcomes.find(({ refusal }) => refusal !== null)?.refusal?.code ?? why, changes: [] };
}

function recordedPush({ request, receivedAt }: RecordedPush): Push {
  return { ...request, body: Buffer.from(request.body, 'base64'), receivedAt };
}

async function replayQuarantine(
  deps: ReplayDeps,
  act: Act,
  { sourceId, since, ids, limit, mode }: Replay,
): Promise<Replayed> {
  const filter = { state: 'open', codes: MENDABLE, sourceId, ...(since === null ? {} : { from: since }) } as const;
  const found = await matchingEntries(deps.db, filter, ids === null ? limit + 1 : MOST_LOOKED_THROUGH);
  const wanted = ids === null ? found : found.filter((id) => ids.includes(id));
  const retries = wanted.slice(0, limit).map((id): Retry => ({ id, corrections: null }));
  const retrying: RetryDeps = { ...deps, actor: act.actor, requestId: act.requestId, at: act.at };
  const more = wanted.length > limit;
  if (mode === 'dry_run') return { items: await wouldCome(retrying, retries), more };
  const results = await retryQuarantine(retrying, retries);
  for (const result of results) await auditRetry(deps, act, result);
  return { items: results.map((result, at) => retriedItem(retries[at]?.id ?? '', result)), more };
}

async function wouldCome(deps: RetryDeps, retries: readonly Retry[]): Promise<readonly ReplayedItem[]> {
  const prepared = await prepareTogether(deps, retries);
  const ready = prepared.flatMap((one) => (one.kind === 'ready' ? [one.item] : []));
  const outcomes = (ready.length === 0 ? [] : await deps.capture.dryRun(ready)).values();
  return prepared.map((one, at): ReplayedItem => {
    const id = retries[at]?.id ?? '';
    if (one.kind === 'refused') return refusedItem(id, one.error);
    const outcome = outcomes.next().value;
    if (outcome === undefined) throw new Error('the dry run gave fewer outcomes than it was given items');
    return judgedItem(id, outcome);
  });
}

function retriedItem(id: string, result: RetryResult): ReplayedItem {
  switch (result.kind) {
    case 'judged':
      return judgedItem(id, result.outcome);
    case 'failed':
      return { id, results: ['refused'], code: result.failure.failure.code, changes: [] };
    case 'refused':
      return refusedItem(id, result.error);
  }
}

/** An entry that is as unusable as it was stays the entry that it is. */
function judgedItem(id: string, { decision, originalDecision, refusal }: Outcome): ReplayedItem {
  const result = originalDecision === 'quarantined' ? originalDecision : decision;
  return { id, results: [result], code: refusal?.code ?? null, changes: [] };
}

function refusedItem(id: string, error: unknown): ReplayedItem {
  const { code } = Object(error) as { readonly code?: unknown };
  return { id, results: ['refused'], code: typeof code === 'string' ? code : 'internal', changes: [] };
}

async function auditRetry({ db }: ReplayDeps, act: Act, result: RetryResult): Promise<void> {
  if (result.kind !== 'judged' || ['replayed', 'conflict'].includes(result.outcome.decision)) return;
  const { entry, outcome } = result;
  const detail = {
    submission_id: entry.submissionId,
    resolved_by: outcome.submissionId,
    decision: outcome.decision,
    corrected: [],
  };
  await auditAct(db, act, 'quarantine.retried', { kind: 'quarantine', id: entry.id }, detail);
}
