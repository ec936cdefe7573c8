import type { Item } from './channel.ts';

/** Items of one push with delivery ids of their own: the platform gave one id to all, and an id stands for one lead only. */
export function apart(items: readonly Item[]): readonly Item[] {
  if (items.length < 2) return items;
  return items.map((item, i) =>
    item.kind === 'lead' && item.deliveryId !== null ? { ...item, deliveryId: `${item.deliveryId}#${i}` } : item,
  );
}
