import type { Draft, TouchKind, Traffic } from '../domain/submission.ts';

/** What a channel knows of a lead better than any map; what is null is left out. */
export interface PlatformFacts {
  readonly externalId: string | null;
  readonly test: Testing;
  readonly kind: TouchKind | null; // null: the kind of the source
  readonly levels: Readonly<Record<string, string>>;
  readonly clickIdKind: string | null;
}
export type Testing = 'test' | 'real';

/** The draft of what a channel knows, holding only what it does know. */
export function platformDraft({ externalId, test, kind, levels, clickIdKind }: PlatformFacts): Draft {
  const traffic: Traffic = {
    ...(Object.keys(levels).length === 0 ? {} : { levels }),
    ...(clickIdKind === null ? {} : { click_id_kind: clickIdKind }),
  };
  return {
    ...(externalId === null ? {} : { external_id: externalId }),
    ...(test === 'test' ? { test: true } : {}),
    ...(kind === null ? {} : { intent: { kind } }),
    ...(Object.keys(traffic).length === 0 ? {} : { traffic }),
  };
}
