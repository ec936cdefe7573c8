import { type Instant, parseInstant } from '../domain/instant.ts';
import type { EventWrite } from './event-rows.ts';
import type { Session } from './session.ts';
import { type Column, setWrite } from './set-write.ts';

const ENDS: Readonly<Record<string, string>> = {
  'task.completed': 'completed',
  'task.cancelled': 'cancelled',
  'task.recycled': 'recycled',
};

const text = ({ event }: EventWrite, member: string): string | null => (event.data[member] as string | null) ?? null;
const count = ({ event }: EventWrite, member: string): number | null => (event.data[member] as number | null) ?? null;
const moment = (write: EventWrite, member: string): Instant | null => {
  const written = text(write, member);
  return written === null ? null : parseInstant(written);
};

const COLUMNS: readonly Column<EventWrite>[] = [
  ['id', 'uuid', (write) => text(write, 'task_id')],
  ['lead_id', 'uuid', ({ event }) => event.leadId],
  ['customer_id', 'uuid', ({ event }) => event.customerId],
  ['cycle', 'integer', (write) => count(write, 'cycle')],
  ['kind', 'code', (write) => text(write, 'kind')],
  ['owner', 'text', (write) => text(write, write.event.type === 'task.recycled' ? 'former_owner' : 'owner')],
  ['store', 'text', (write) => text(write, 'store')],
  ['rating', 'code', (write) => text(write, 'rating')],
  ['opened_at', 'timestamptz', (write) => moment(write, 'opened_at')],
  ['due_at', 'timestamptz', (write) => moment(write, 'due_at')],
  ['ended_at', 'timestamptz', (write) => moment(write, 'completed_at') ?? write.event.occurredAt],
  ['recorded_at', 'timestamptz', ({ recordedAt }) => recordedAt],
  ['end_state', 'code', ({ event }) => ENDS[event.type] ?? null],
  ['reason', 'text', (write) => text(write, 'reason')],
  ['method', 'code', (write) => text(write, 'method')],
  ['outcome', 'code', (write) => text(write, 'outcome')],
  ['content', 'text', ({ content }) => content ?? null],
  ['next_at', 'timestamptz', (write) => moment(write, 'next_at')],
  ['elapsed_seconds', 'bigint', (write) => count(write, 'elapsed_seconds')],
  ['business_seconds', 'bigint', (write) => count(write, 'business_seconds')],
  ['external_ref', 'text', (write) => text(write, 'external_ref')],
  ['actor', 'text', ({ actor }) => actor],
];
const INSERT = setWrite('task', COLUMNS);

/** Writes the tasks that ended with events, each as its event tells of it. */
export async function insertEndedTasks(session: Session, events: readonly EventWrite[]): Promise<void> {
  await INSERT.write(
    session,
    events.filter(({ event }) => ENDS[event.type] !== undefined),
  );
}
