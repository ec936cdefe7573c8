import type { EventPlace, ListedEvent } from '../store/event-list.ts';
import type { Place } from './cursor.ts';

/** An event's place in a cursor. */
export function eventCursor(event: Pick<ListedEvent, 'id' | 'orderAt' | 'sequence'>): Place {
  return { keys: [event.orderAt, event.sequence ?? 0], id: event.id };
}

/** And back. */
export function eventPlace(place: Place | null): EventPlace | null {
  if (place === null) return null;
  const [at = 0, sequence = 0] = place.keys;
  return { at, sequence, id: place.id };
}
