import type { Instant } from './instant.ts';
import type { SourceRules } from './submission.ts';

export type SourceState = 'active' | 'paused';

/** What a source may set for its submissions. */
export interface SourceSettings {
  readonly completes_later?: boolean; // a submission without identity waits for one
  readonly update_semantics?: boolean; // the platform sends one id again as it changes
  readonly platform?: Readonly<Record<string, unknown>>; // what its kind asks for, by the kind's own schema
  readonly field_map?: Readonly<Record<string, unknown>>; // goes before the kind's own, field by field
  readonly import_templates?: Readonly<Record<string, Readonly<Record<string, unknown>>>>; // field maps of imports, by name
  readonly allow_ips?: readonly string[]; // networks that pushes may come from; none: any
  readonly api_base?: string; // of the platform's API, where leads are fetched
  readonly requests_per_minute?: number; // of that API
  readonly form?: FormSettings;
}

/** What a landing page may do. */
export interface FormSettings {
  readonly origins?: readonly string[]; // pages that scripts may post from: https://www.example.cn
  readonly redirects?: readonly string[]; // beginnings of addresses that an answer may lead to
  readonly thanks?: string; // the text of the page for plain forms
  readonly honeypot?: string; // the name of the field that people do not see
  readonly min_fill_seconds?: number;
  readonly per_ip_per_minute?: number;
  readonly per_phone_per_day?: number;
  readonly behaviours_per_ip_per_minute?: number;
  readonly behaviours_per_minute?: number;
  readonly captcha?: { readonly verify_url: string; readonly field: string };
}

/** A configured way in; its secrets are kept apart. */
export interface Source {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly state: SourceState;
  readonly channel: string | null;
  readonly defaults: SourceRules['defaults'];
  readonly settings: SourceSettings;
  readonly hasSecret: boolean;
  readonly hasCredentials: boolean;
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

// Whoever called is told of a conflict and can mend it; a platform or a page would only send it again.
const TELLS_ITS_CALLER: ReadonlySet<string> = new Set(['rest', 'csv']);

/** What judging needs to know of a source. */
export function rulesOf(source: Pick<Source, 'id' | 'kind' | 'channel' | 'defaults' | 'settings'>): SourceRules {
  return {
    id: source.id,
    channel: source.channel,
    completesLater: source.settings.completes_later ?? false,
    updateSemantics: source.settings.update_semantics ?? false,
    conflicts: TELLS_ITS_CALLER.has(source.kind) ? 'answer' : 'keep',
    defaults: source.defaults,
  };
}
