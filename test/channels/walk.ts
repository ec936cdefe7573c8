import type {
  Acknowledged,
  Authenticity,
  Channel,
  Decoded,
  DecodeLimits,
  LeadItem,
  Push,
  Setup,
  Split,
} from '../../src/channels/channel.ts';
import { mapRecord } from '../../src/channels/map-record.ts';
import type { Draft } from '../../src/domain/submission.ts';

export const LIMITS: DecodeLimits = { maxDepth: 32, maxValues: 20_000 };
export const CLASSES: readonly Acknowledged[] = [
  'accepted',
  'unauthenticated',
  'unreadable',
  'paused',
  'too_large',
  'rate_limited',
  'unavailable',
];

/** What a push came to at every step; a step whose one before failed is null. */
export interface Walked {
  readonly authenticity: Authenticity;
  readonly decoded: Decoded;
  readonly split: Split | null;
  readonly drafts: readonly Draft[]; // of the leads, in order
}

/** A push through a channel, whatever its authenticity: the steps after it must stand hostile input too. */
export async function walk(channel: Channel, push: Push, setup: Setup): Promise<Walked> {
  channel.handshake(push, setup);
  const authenticity = channel.authenticate(push, setup);
  const decoded = await channel.decode(push, setup, LIMITS);
  const { split, drafts } = decoded.kind === 'decoded' ? walkValue(channel, decoded.value, push, setup) : NOWHERE;
  return { authenticity, decoded, split, drafts };
}

const NOWHERE: Pick<Walked, 'split' | 'drafts'> = { split: null, drafts: [] };

/** A decoded value through the steps after decoding. */
export function walkValue(
  channel: Channel,
  value: unknown,
  push: Push,
  setup: Setup,
): Pick<Walked, 'split' | 'drafts'> {
  const split = channel.split(value, push, setup);
  return { split, drafts: leadsOf(split).map((lead) => draftOf(channel, lead)) };
}

export function leadsOf(split: Split | null): readonly LeadItem[] {
  if (split?.kind !== 'items') return [];
  return split.items.filter((item) => item.kind === 'lead');
}

/** The draft of a lead by the channel's own map, what the channel itself knows before it. */
export function draftOf(channel: Channel, lead: LeadItem): Draft {
  return over(mapRecord(lead.record, [channel.fieldMap], {}).draft, lead.draft) as Draft;
}

/** Values with others before them, group by group. */
function over(below: unknown, above: unknown): unknown {
  if (!isRecord(below) || !isRecord(above)) return above === undefined ? below : above;
  const keys = [...new Set([...Object.keys(below), ...Object.keys(above)])];
  return Object.fromEntries(keys.map((key) => [key, over(below[key], above[key])]));
}

/** Whether all that a part names is so in the whole: the places where it is not. */
export function differences(part: unknown, whole: unknown, at = ''): readonly string[] {
  if (isRecord(part)) {
    if (!isRecord(whole)) return [`${at}: ${JSON.stringify(whole)} instead of an object`];
    return Object.entries(part).flatMap(([key, value]) => differences(value, whole[key], `${at}.${key}`));
  }
  const same = JSON.stringify(part) === JSON.stringify(whole);
  return same ? [] : [`${at}: ${JSON.stringify(whole)} instead of ${JSON.stringify(part)}`];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
