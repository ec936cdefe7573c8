import type { FastifyRequest } from 'fastify';
import type { Sight } from '../domain/sight.ts';
import { recordPhoneRead } from '../flows/phone-read.ts';
import { actorText } from './actor.ts';
import type { RouteDeps } from './deps.ts';

/** Whose phones an answer holds. */
export interface ReadSubjects {
  readonly kind: 'lead' | 'customer' | 'quarantine' | 'source' | 'import';
  readonly id: string | null; // the one that was asked for; null: a list
  readonly ids: readonly string[];
}

/** Before an answer in full is sent, writes into the audit who reads whom and why; nothing where it is masked or empty. */
export async function auditFullRead(
  { db, clock, newRequestId }: Pick<RouteDeps, 'db' | 'clock' | 'newRequestId'>,
  request: FastifyRequest,
  sight: Sight,
  { kind, id, ids }: ReadSubjects,
): Promise<void> {
  if (sight.kind === 'masked' || ids.length === 0) return;
  await recordPhoneRead(db, {
    id: newRequestId(),
    at: clock(),
    actor: actorText(request),
    reason: sight.reason,
    requestId: request.id,
    route: `${request.method} ${request.routeOptions.url ?? ''}`,
    subjectKind: kind,
    subjectId: id,
    ids,
  });
}
