import type { Instant } from './instant.ts';
import { DAY_MS } from './lead.ts';
import type { ChannelTouches } from './person.ts';

const MOST_DAYS = 3_650; // the longest window that a policy may have
const MOST_CHANNELS = 100; // the most that a policy may ask for: more of them change no rating

/** The newest touch of each channel with one more touch; what no window of any policy can reach is let go. */
export function withChannelTouch(
  known: ChannelTouches,
  channel: string,
  touch: { readonly id: string; readonly at: Instant },
): ChannelTouches {
  return uniteChannels(known, { [channel]: { id: touch.id, at: touch.at } });
}

/** The newest touches of each channel of two persons who are one. */
export function uniteChannels(mine: ChannelTouches, theirs: ChannelTouches): ChannelTouches {
  const united = new Map(Object.entries(mine));
  for (const [channel, touch] of Object.entries(theirs)) {
    const held = united.get(channel);
    if (held === undefined || touch.at > held.at || (touch.at === held.at && touch.id > held.id)) {
      united.set(channel, touch);
    }
  }
  const newest = [...united].sort(([, a], [, b]) => b.at - a.at || (a.id < b.id ? 1 : -1)).slice(0, MOST_CHANNELS);
  const end = newest[0]?.[1].at ?? 0;
  return Object.fromEntries(newest.filter(([, { at }]) => at >= end - MOST_DAYS * DAY_MS));
}
