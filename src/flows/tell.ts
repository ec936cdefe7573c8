import type { EventDraft } from '../domain/event.ts';
import { insertEvents } from '../store/event-rows.ts';
import type { Session } from '../store/session.ts';
import type { Call } from './call.ts';

/** Writes the events of a change, in the transaction that makes it. */
export async function tell(
  session: Session,
  call: Pick<Call, 'actor' | 'requestId' | 'at'>,
  policyVersion: number,
  events: readonly EventDraft[],
): Promise<void> {
  const { actor, requestId, at } = call;
  await insertEvents(
    session,
    events.map((event) => ({ event, actor, requestId, policyVersion, recordedAt: at })),
  );
}
