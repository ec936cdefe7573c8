import type { ListedTouch, TouchPlace } from '../store/touch-list.ts';
import type { Place } from './cursor.ts';

/** A touch's place in a cursor. */
export function touchCursor(touch: Pick<ListedTouch, 'id' | 'occurred_at' | 'received_at'>): Place {
  return { keys: [touch.occurred_at, touch.received_at], id: touch.id };
}

/** And back. */
export function touchPlace(place: Place | null): TouchPlace | null {
  if (place === null) return null;
  const [occurredAt = 0, receivedAt = 0] = place.keys;
  return { occurredAt, receivedAt, id: place.id };
}
