import type { Channel, KindDefaults } from './channel.ts';
import { formChannel } from './form.ts';
import { CHANNELS } from './index.ts';

const NOTHING: KindDefaults = { channel: null, touchKind: null, completesLater: false, updateSemantics: false };

/** A kind of source. */
export interface SourceKind {
  readonly defaults: KindDefaults;
  readonly channel: Channel | null; // null: what comes is the canonical body, or a file
  readonly way: 'hook' | 'form' | 'key'; // by a secret address, by the source's id, or by an API key
}

/** Kinds that no platform pushes to: REST and files come by a key, forms by the source's id, which their pages show to anybody. */
const OWN: Readonly<Record<string, SourceKind>> = Object.freeze({
  rest: { defaults: NOTHING, channel: null, way: 'key' },
  csv: { defaults: NOTHING, channel: null, way: 'key' },
  form: { defaults: formChannel.defaults, channel: formChannel, way: 'form' },
});

/** Every kind that a source may have. */
export const SOURCE_KINDS: readonly string[] = Object.freeze([...Object.keys(OWN), ...Object.keys(CHANNELS)]);

/** What sources of a kind are like, and by what way they come; null: there is no such kind. */
export function kindOf(kind: string): SourceKind | null {
  const channel = Object.hasOwn(CHANNELS, kind) ? CHANNELS[kind] : undefined;
  if (channel !== undefined) return { defaults: channel.defaults, channel, way: 'hook' };
  return (Object.hasOwn(OWN, kind) ? OWN[kind] : undefined) ?? null;
}
