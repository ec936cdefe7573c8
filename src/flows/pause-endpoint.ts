import type { Instant } from '../domain/instant.ts';
import type { Db } from '../store/database.ts';
import { changeEndpoint, lockEndpoint } from '../store/endpoints.ts';
import { readPolicy } from '../store/rules.ts';
import { sessionOf } from '../store/session.ts';
import { tell } from './tell.ts';

/** Why the service pauses an endpoint by itself, and in whose name. */
export interface SelfPause {
  readonly endpointId: string;
  readonly reason: 'gone' | 'failing';
  readonly at: Instant;
  readonly newId: () => string;
}

/** Pauses an active endpoint and tells the others by `endpoint.paused`; its backlog is kept. Answers whether it did. */
export async function pauseByItself(
  db: Db,
  { endpointId, reason, at, newId }: SelfPause,
): Promise<'paused' | 'not_active'> {
  return db.transaction().execute(async (tx) => {
    const row = await lockEndpoint(tx, endpointId);
    if (row === null || row.endpoint.state !== 'active') return 'not_active';
    await changeEndpoint(tx, endpointId, { state: 'paused', pausedReason: reason }, at);
    const session = sessionOf(tx);
    const { version } = await readPolicy(session);
    const subject = { subjectKind: 'endpoint', subjectId: endpointId, customerId: null, leadId: null } as const;
    await tell(session, { actor: 'service', requestId: null, at }, version, [
      {
        ...subject,
        id: newId(),
        type: 'endpoint.paused',
        sequence: null,
        occurredAt: at,
        submissionId: null,
        rule: `endpoint.${reason}`,
        data: { reason, description: row.endpoint.description },
      },
    ]);
    return 'paused';
  });
}
