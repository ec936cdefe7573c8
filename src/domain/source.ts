import type { Instant } from './instant.ts';
import type { SourceRules } from './submission.ts';

/** 来源配置: the kinds of ways in, each with what its sources are like unless their settings say otherwise. */
export const SOURCE_KINDS = Object.freeze({
  rest: { completesLater: false },
  csv: { completesLater: false },
  form: { completesLater: false },
});
export type SourceKind = keyof typeof SOURCE_KINDS;
export type SourceState = 'active' | 'paused';

/** What a source may set for its submissions. */
export interface SourceSettings {
  readonly completes_later?: boolean; // a submission without identity waits for one
  readonly update_semantics?: boolean; // the platform sends one id again as it changes
}

/** A configured way in; its secrets are kept apart. */
export interface Source {
  readonly id: string;
  readonly name: string;
  readonly kind: SourceKind;
  readonly state: SourceState;
  readonly channel: string | null;
  readonly defaults: SourceRules['defaults'];
  readonly settings: SourceSettings;
  readonly hasSecret: boolean;
  readonly version: number;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
}

/** One secret of a source; while it is being rotated there are two, newest first. */
export interface SourceSecret {
  readonly id: string;
  readonly secret: string;
  readonly expires_at: Instant | null;
}

export function isSourceKind(text: string): text is SourceKind {
  return Object.hasOwn(SOURCE_KINDS, text);
}

/** What judging needs to know of a source. */
export function rulesOf(source: Pick<Source, 'id' | 'kind' | 'channel' | 'defaults' | 'settings'>): SourceRules {
  return {
    id: source.id,
    channel: source.channel,
    completesLater: source.settings.completes_later ?? SOURCE_KINDS[source.kind].completesLater,
    updateSemantics: source.settings.update_semantics ?? false,
    defaults: source.defaults,
  };
}
