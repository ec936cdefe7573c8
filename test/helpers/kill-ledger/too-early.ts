import type { CommittedEvent } from './committed.ts';
import type { Arrival } from './failing-receiver.ts';

/** Ids of events that were sent before the event before them of their lead was taken; events by lead and sequence. */
export function tooEarly(
  events: readonly Pick<CommittedEvent, 'id' | 'leadId'>[],
  arrivals: readonly Pick<Arrival, 'id' | 'decision'>[],
): readonly string[] {
  const before = new Map<string, string>();
  for (const [index, event] of events.entries()) {
    const last = events[index - 1];
    if (last?.leadId === event.leadId) before.set(event.id, last.id);
  }
  const taken = new Set<string>();
  const early: string[] = [];
  for (const { id, decision } of arrivals) {
    const last = before.get(id);
    if (last !== undefined && !taken.has(last)) early.push(id);
    if (decision === 'taken') taken.add(id);
  }
  return early;
}
