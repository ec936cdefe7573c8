import type { Instant } from '../domain/instant.ts';
import type { Draft, TouchKind } from '../domain/submission.ts';
import type { FieldMap } from './field-map.ts';

/** One HTTP request as it reached a hook: the bytes as they came. */
export interface Push {
  readonly method: 'GET' | 'POST';
  readonly path: string; // of the address, without its query
  readonly query: string; // as it came, without the question mark; '' when there is none
  readonly headers: Readonly<Record<string, string>>; // names in lower case; a repeated header joined by ', '
  readonly body: Uint8Array;
  readonly receivedAt: Instant;
}

/** What a channel is told of the source that a push came to: nothing in it is ever logged. */
export interface Setup {
  readonly secrets: readonly string[]; // usable ones, newest first; two while one is rotated
  readonly credentials: Readonly<Record<string, string>>; // by the names that the channel asks for
  readonly settings: Readonly<Record<string, unknown>>; // as the channel's schema has it, defaults not filled in
}

/** An HTTP answer. */
export interface Reply {
  readonly status: number;
  readonly contentType: string | null; // null: no body
  readonly body: string;
}

/** Whether a push comes from whom it says. A refusal has a stable code and one sentence for the operator. */
export type Authenticity =
  | { readonly kind: 'authentic' }
  | { readonly kind: 'refused'; readonly code: AuthenticityCode; readonly detail: string };
export type AuthenticityCode =
  | 'signature_missing'
  | 'signature_invalid'
  | 'signature_expired' // the signed time is outside the window
  | 'secret_missing' // the source has no secret to check with: nothing is ever let through for that
  | 'key_invalid'; // a shared key in body, header or query

/** The value that the bytes of a push stand for: plain JSON values, numbers beyond 2^53 as text. */
export type Decoded =
  | { readonly kind: 'decoded'; readonly value: unknown }
  | { readonly kind: 'unreadable'; readonly detail: string }; // one sentence that quotes nothing of the body

/** One thing that a push says. */
export type Item = LeadItem | EraseItem | IgnoredItem;

/** A lead, whole or by its id only: then it is fetched, or completed by a later push. */
export interface LeadItem {
  readonly kind: 'lead';
  readonly deliveryId: string | null; // the platform's id of this very push; null: the digest of the content stands for it
  readonly externalId: string | null; // the platform's id of the lead
  readonly content: unknown; // what counts for the replay fingerprint: without delivery id, delivery time, nonce, shared key
  readonly record: Readonly<Record<string, unknown>>; // what the field map reads
  readonly draft: Draft; // what the channel itself knows better than any map; goes before what is mapped
  readonly reference: Readonly<Record<string, unknown>> | null; // of a thin push: what fetching needs; null: nothing to fetch
  readonly alone: unknown; // a decoded value that splits into this item only: kept as its body when the push holds several
}

/** The platform asks that the data of a lead be erased. */
export interface EraseItem {
  readonly kind: 'erase';
  readonly deliveryId: string | null;
  readonly externalId: string;
}

/** Something that is no lead: a topic nobody asked for, an event of another kind, a test of the console. */
export interface IgnoredItem {
  readonly kind: 'ignored';
  readonly why: string; // a code: topic_unknown, ping, not_a_lead
}

/** What a push came to, as far as its sender is concerned. */
export type Acknowledged =
  | 'accepted' // kept: judged, parked, quarantined, spooled, ignored or replayed
  | 'unauthenticated' // refused, and not kept
  | 'unreadable' // kept in quarantine with its bytes
  | 'paused' // the source is paused: kept in quarantine
  | 'too_large' // over the size limit, and not kept
  | 'rate_limited' // over a limit of the source, and not kept
  | 'unavailable'; // neither database nor spool takes it: to be sent again

/** A credential that a channel asks for beside the secret. */
export interface Credential {
  readonly description: string; // one sentence: what it is, where the platform shows it
  readonly required: boolean;
}

/** How much structure a decoded body may hold. */
export interface DecodeLimits {
  readonly maxDepth: number;
  readonly maxValues: number; // members and elements, over the whole text
}

/** One way in: what a platform sends, how it proves itself, and what it needs back. Pure: no clock, no chance, no network. */
export interface Channel {
  readonly kind: string; // the kind of its sources: ocean-engine
  readonly title: string; // as people call it: 巨量引擎 开放平台 SPI
  readonly secret: 'required' | 'optional' | 'none'; // whether a signature or shared key is checked: optional means where one is set
  readonly secretForm?: 'whsec'; // how secrets are written: base64 behind whsec_; absent: any text
  readonly credentials: Readonly<Record<string, Credential>>;
  readonly settings: SettingsSchema; // JSON Schema of `settings.platform`, with descriptions and defaults
  readonly defaults: KindDefaults;
  /** The answer to the platform's check of the address, or null when this push is no such check. Told from a push by its form alone. */
  readonly handshake: (push: Push, setup: Setup) => Handshake | null;
  readonly authenticate: (push: Push, setup: Setup) => Authenticity;
  readonly decode: (push: Push, setup: Setup, limits: DecodeLimits) => Decoded | Promise<Decoded>;
  /** Never throws for any decoded value; what it cannot make out is one `unmappable` item or ignored with a code. */
  readonly split: (value: unknown, push: Push, setup: Setup) => Split;
  /** The map that reads `record`; a source's own rules go before it, field by field. */
  readonly fieldMap: FieldMap;
  readonly acknowledge: (as: Acknowledged, setup: Setup) => Reply;
  readonly fetch: Fetch | null; // how thin leads are fetched; null: pushes are whole
}

/** A split push, or why no item can be made out: then it is quarantined whole as `unmappable`. */
export type Split =
  | { readonly kind: 'items'; readonly items: readonly Item[] }
  | { readonly kind: 'unmappable'; readonly detail: string };

/** What a handshake is answered: `passed` false where the check itself fails, for the alarm. */
export interface Handshake {
  readonly passed: boolean;
  readonly reply: Reply;
}

/** What sources of a kind are like unless their own settings say otherwise. */
export interface KindDefaults {
  readonly channel: string | null; // 渠道代码
  readonly touchKind: TouchKind | null; // of drafts that name none; null: the channel's own
  readonly completesLater: boolean;
  readonly updateSemantics: boolean;
}

/** A JSON Schema object of plain properties. */
export interface SettingsSchema {
  readonly type: 'object';
  readonly additionalProperties: false;
  readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** How the lead of a thin push is fetched from the platform's API. */
export interface Fetch {
  readonly base: string; // the platform's address; a source's `api_base` goes before it
  readonly credential: string; // the name of the credential that is the token
  readonly requestsPerMinute: number; // of one source, unless its settings say otherwise
  /** The request for a lead; `path` is put behind the base address, and is built from ids that were checked. */
  readonly request: (reference: Readonly<Record<string, unknown>>, setup: Setup) => FetchRequest;
  readonly read: (status: number, value: unknown) => FetchResult;
}

export interface FetchRequest {
  readonly path: string; // begins with a slash; holds its query
  readonly headers: Readonly<Record<string, string>>; // the token among them; never in the path
}

/** What an answer of the platform came to. */
export type FetchResult =
  | { readonly kind: 'lead'; readonly record: Readonly<Record<string, unknown>>; readonly draft: Draft }
  | { readonly kind: 'gone'; readonly detail: string } // the platform has it no more: not tried again
  | { readonly kind: 'unauthorised'; readonly detail: string } // the token is expired or lacks a right: tried again after an alarm
  | { readonly kind: 'throttled'; readonly retryAfterSeconds: number | null }
  | { readonly kind: 'failed'; readonly detail: string }; // to be tried again
