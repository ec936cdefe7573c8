import type { EventDraft } from '../domain/event.ts';
import { fanOut, TOLD } from './fan-out.ts';
import type { Session } from './session.ts';
import { type Column, setWrite } from './set-write.ts';
import { insertEndedTasks } from './task-rows.ts';

/** An event with who made it, through which request, under which policy, and when it was recorded. */
export interface EventWrite {
  readonly event: EventDraft;
  readonly actor: string;
  readonly requestId: string | null;
  readonly policyVersion: number | null;
  readonly recordedAt: number;
  readonly content?: string; // of a follow-up, as its column holds it: no event has it
}

const COLUMNS: readonly Column<EventWrite>[] = [
  ['id', 'uuid', ({ event }) => event.id],
  ['type', 'code', ({ event }) => event.type],
  ['subject_kind', 'code', ({ event }) => event.subjectKind],
  ['subject_id', 'uuid', ({ event }) => event.subjectId],
  ['customer_id', 'uuid', ({ event }) => event.customerId],
  ['lead_id', 'uuid', ({ event }) => event.leadId],
  ['sequence', 'integer', ({ event }) => event.sequence],
  ['occurred_at', 'timestamptz', ({ event }) => event.occurredAt],
  ['recorded_at', 'timestamptz', ({ recordedAt }) => recordedAt],
  ['actor', 'text', ({ actor }) => actor],
  ['request_id', 'text', ({ requestId }) => requestId],
  ['submission_id', 'uuid', ({ event }) => event.submissionId],
  ['rule', 'text', ({ event }) => event.rule],
  ['policy_version', 'integer', ({ policyVersion }) => policyVersion],
  ['data', 'jsonb', ({ event }) => event.data],
];
const INSERT = setWrite('event', COLUMNS, `returning ${TOLD}`, fanOut);

/** Writes events, the tasks that ended with them, and deliveries to every endpoint that wants them, in the transaction that made them so. */
export async function insertEvents(session: Session, events: readonly EventWrite[]): Promise<void> {
  await Promise.all([INSERT.write(session, events), insertEndedTasks(session, events)]);
}
