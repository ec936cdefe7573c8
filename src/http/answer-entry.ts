import type { FastifyReply, FastifyRequest } from 'fastify';
import { type EntryChange, type EntryKind, removeEntry, setEntry } from '../flows/set-entry.ts';
import type { Kept } from '../store/directory-rows.ts';
import { actOf } from './act.ts';
import type { RouteDeps } from './deps.ts';
import { idempotent } from './idempotency.ts';
import { etag, ifMatchOrNull } from './if-match.ts';

type Entry = { readonly code: string; readonly externalRef: string | null; readonly version: number };

/** Sets an entry of the directory and answers it, 201 where it is new. */
export function answerEntry<T extends Entry>(
  deps: RouteDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  of: EntryKind<T>,
  change: EntryChange<T>,
  answer: (entry: Kept<T>) => object,
): Promise<void> {
  return idempotent(deps, request, reply, async (tx) => {
    const { entry, made } = await setEntry(tx, actOf(request, deps), of, change);
    return { status: made ? 201 : 200, headers: { etag: etag(entry.version) }, body: answer(entry) };
  });
}

/** Deletes an entry of the directory. */
export function answerRemoved<T extends Entry>(
  deps: RouteDeps,
  request: FastifyRequest<{ Params: { code: string } }>,
  reply: FastifyReply,
  of: EntryKind<T>,
): Promise<void> {
  const seen = ifMatchOrNull(request);
  return idempotent(deps, request, reply, async (tx) => {
    await removeEntry(tx, actOf(request, deps), of, request.params.code, seen);
    return { status: 204, body: {} };
  });
}
