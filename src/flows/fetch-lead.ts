import type { EraseItem, Fetch, FetchResult } from '../channels/channel.ts';
import { decodeJson } from '../channels/decode-json.ts';
import type { Instant } from '../domain/instant.ts';
import type { Db } from '../store/database.ts';
import { readParked } from '../store/lead-fetch-list.ts';
import { type ClaimedFetch, type FetchSettlement, settleFetch, standingOf } from '../store/lead-fetches.ts';
import type { ApiAnswer, ApiGet } from '../webhooks/outbound.ts';
import type { Capture } from './capture.ts';
import type { FetchEnd } from './fetch-pause.ts';
import { throttledMs, type Unfetched, verdictOf } from './fetch-verdict.ts';
import { type Awaited, readFetched } from './read-fetched.ts';
import type { Evaluate } from './read-push.ts';
import { type LoadedSource, PUSH_LIMITS, setupOf } from './source-book.ts';

/** What fetching one lead needs. */
export interface FetchLeadDeps {
  readonly db: Db;
  readonly api: ApiGet;
  readonly capture: Capture;
  readonly evaluate: Evaluate;
  readonly erase: (loaded: LoadedSource, item: EraseItem) => Promise<void>;
  readonly clock: () => Instant;
}

const DONE: FetchEnd = { kind: 'done' };

/**
 * Fetches a lead that is claimed, takes it in and settles it. One that its platform deletes meanwhile is erased again. Rejects
 * where the database is away: then the lease ends, and it is fetched again, which is a replay of what was taken in.
 */
export async function fetchLead(
  deps: FetchLeadDeps,
  loaded: LoadedSource,
  fetch: Fetch,
  claimed: ClaimedFetch,
): Promise<FetchEnd> {
  const parked = await readParked(deps.db, claimed.submissionId);
  if (claimed.deleted || parked === null) {
    await eraseDeleted(deps, loaded, claimed);
    return DONE;
  }
  const { path, headers } = fetch.request(claimed.reference, setupOf(loaded, deps.clock()));
  const base = (loaded.source.settings.api_base ?? fetch.base).replace(/\/+$/, '');
  const answer = await deps.api.get(base + path, headers);
  const result = resultOf(fetch, answer);
  if (result.kind === 'lead') {
    await take(deps, loaded, claimed, { fetched: result, answer, parked });
    return DONE;
  }
  await settle(deps, loaded, claimed, verdictOf(result, claimed, deps.clock()));
  return endOf(result, answer);
}

type Taken = Extract<FetchResult, { readonly kind: 'lead' }>;

function resultOf(fetch: Fetch, answer: ApiAnswer): Taken | Unfetched {
  if (answer.kind === 'failed') {
    return { kind: 'failed', code: answer.code, detail: 'The platform gave no answer.', retryAfterMs: null };
  }
  const decoded = decodeJson(answer.body, PUSH_LIMITS);
  const result = fetch.read(answer.status, decoded.kind === 'decoded' ? decoded.value : null);
  if (result.kind === 'lead') return result;
  return { ...result, code: `http_${answer.status}`, retryAfterMs: answer.retryAfterMs };
}

function endOf(result: Unfetched, answer: ApiAnswer): FetchEnd {
  if (answer.kind === 'failed') return { kind: 'silent' };
  switch (result.kind) {
    case 'unauthorised':
      return { kind: 'refused' };
    case 'throttled':
      return { kind: 'throttled', milliseconds: throttledMs(result) };
    case 'gone':
    case 'failed':
      return DONE;
  }
}

interface Found {
  readonly fetched: Taken;
  readonly answer: ApiAnswer;
  readonly parked: Omit<Awaited, 'externalId'>;
}

/** Takes a fetched lead in by the one way in: it completes the parked submission, under its id and moment. */
async function take(
  deps: FetchLeadDeps,
  loaded: LoadedSource,
  claimed: ClaimedFetch,
  { fetched, answer, parked }: Found,
): Promise<void> {
  const { externalId } = claimed;
  const standing = await standingOf(deps.db, claimed);
  if (standing === 'deleted') return eraseDeleted(deps, loaded, claimed);
  if (standing === 'lost') return; // somebody else has it
  const [result] = await deps.capture.submit([
    {
      draft: await readFetched(deps.evaluate, loaded, fetched, { externalId, ...parked }),
      content: fetched.record,
      raw: answer.kind === 'answered' ? answer.body : Buffer.alloc(0),
      contentType: 'application/json',
      idempotencyKey: null,
      // Nothing more will come of it: without a phone it is for somebody to look at, and another answer to what is known is none.
      source: { ...loaded.rules, completesLater: false, conflicts: 'answer' },
      actor: `source:${loaded.source.name}`,
      requestId: null,
      mode: 'live',
      receivedAt: deps.clock(),
    },
  ]);
  if (result?.kind !== 'judged') {
    if (result?.failure.code !== 'ingest_failed') throw result?.failure.cause;
    const failed = {
      kind: 'failed',
      code: 'ingest_failed',
      detail: 'It could not be written.',
      retryAfterMs: null,
    } as const;
    return settle(deps, loaded, claimed, verdictOf(failed, claimed, deps.clock()));
  }
  const code = result.outcome.refusal?.code ?? null;
  const fault = code === 'phone_empty' ? 'no_identity' : code;
  await settle(deps, loaded, claimed, { state: 'fetched', dueAt: deps.clock(), refund: 0, fault, detail: null });
}

async function settle(
  deps: FetchLeadDeps,
  loaded: LoadedSource,
  claimed: ClaimedFetch,
  verdict: Omit<FetchSettlement, 'submissionId' | 'claims'>,
): Promise<void> {
  const { submissionId, claims } = claimed;
  if (await settleFetch(deps.db, { submissionId, claims, ...verdict }, deps.clock())) return;
  if ((await standingOf(deps.db, claimed)) === 'deleted') await eraseDeleted(deps, loaded, claimed);
}

/** What was on its way when the platform deleted the lead may have come in after the erasure. */
async function eraseDeleted(deps: FetchLeadDeps, loaded: LoadedSource, claimed: ClaimedFetch): Promise<void> {
  const { submissionId, claims, externalId } = claimed;
  await deps.erase(loaded, { kind: 'erase', deliveryId: null, externalId });
  const now = deps.clock();
  const settled = {
    submissionId,
    claims,
    state: 'dead',
    dueAt: now,
    refund: 0,
    fault: 'deleted',
    detail: null,
  } as const;
  await settleFetch(deps.db, settled, now);
}
