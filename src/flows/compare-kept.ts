import { canonicalJson } from '../domain/canonical.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import { normalise } from '../domain/normalise.ts';
import type { Fields } from '../domain/submission.ts';
import { type KeptSubmission, listKeptSubmissions } from '../store/kept-submissions.ts';
import type { Replay, ReplayDeps, Replayed, ReplayedItem } from './replay-pushes.ts';
import type { LoadedSource } from './source-book.ts';

/** A value that would be read differently: null where there is none. */
export interface PathChange {
  readonly path: string; // person.city, phone, occurred_at
  readonly before: unknown;
  readonly after: unknown;
}

/** Compares what submissions were read as with what their kept bodies would be read as now; newest first, writes nothing. */
export async function compareKept(
  deps: Pick<ReplayDeps, 'db' | 'vault' | 'correct' | 'region'>,
  loaded: LoadedSource,
  { sourceId, since, limit }: Replay,
): Promise<Replayed> {
  const which = { sourceId, since: since ?? 0, limit: limit + 1 };
  const kept = await listKeptSubmissions(deps.db, deps.vault, which);
  const items: ReplayedItem[] = [];
  for (const submission of kept.slice(0, limit)) items.push(await compareOne(deps, loaded, submission));
  return { items, more: kept.length > limit };
}

async function compareOne(
  { correct, region }: Pick<ReplayDeps, 'correct' | 'region'>,
  loaded: LoadedSource,
  submission: KeptSubmission,
): Promise<ReplayedItem> {
  const { id, receivedAt } = submission;
  try {
    const { draft } = await correct(submission.body, null, { loaded, receivedAt, awaited: null });
    const now = normalise(draft, {
      source: loaded.rules,
      receivedAt,
      region,
      deliveryId: null,
      requestKey: null,
      content: null,
      mode: 'live',
      completes: null,
      refusal: null,
    });
    // A clock that was ahead of ours was set to the time of receipt.
    const occurredAt = now.occurredAt > receivedAt ? submission.occurredAt : now.occurredAt;
    const phone = now.phone?.e164 ?? null;
    const changes = changesOf(valuesOf(submission), valuesOf({ ...now, phone, occurredAt }));
    return { id, results: [changes.length === 0 ? 'unchanged' : 'changed'], code: now.refusal?.code ?? null, changes };
  } catch (error) {
    const { code } = Object(error) as { readonly code?: unknown };
    if (typeof code !== 'string') throw error;
    return { id, results: ['refused'], code, changes: [] };
  }
}

interface Values {
  readonly externalId: string | null;
  readonly phone: string | null;
  readonly occurredAt: Instant;
  readonly fields: Fields;
}

function valuesOf({ externalId, phone, occurredAt, fields }: Values): ReadonlyMap<string, unknown> {
  const own: [string, unknown][] = [
    ['external_id', externalId],
    ['phone', phone],
    ['occurred_at', formatInstant(occurredAt)],
  ];
  return new Map([...own.filter(([, value]) => value !== null), ...leavesOf(fields, '')]);
}

function leavesOf(value: object, prefix: string): readonly (readonly [string, unknown])[] {
  return Object.entries(value).flatMap(([name, inner]): readonly (readonly [string, unknown])[] =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner) && prefix === ''
      ? leavesOf(inner, `${name}.`)
      : [[`${prefix}${name}`, inner]],
  );
}

function changesOf(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): readonly PathChange[] {
  const paths = new Set([...before.keys(), ...after.keys()]);
  return [...paths].flatMap((path) => {
    const change = { path, before: before.get(path) ?? null, after: after.get(path) ?? null };
    return canonicalJson(change.before) === canonicalJson(change.after) ? [] : [change];
  });
}
