import type { Instant } from '../domain/instant.ts';
import type { AttemptResult } from '../domain/retry.ts';

/** Which addresses may be called. */
export interface TargetRules {
  readonly http: 'refuse' | 'allow'; // URLs without TLS
  readonly allowed: readonly string[]; // networks (CIDR) that would be refused otherwise
}

/** One HTTP request as it goes out. */
export interface Outgoing {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly timeoutMs: number; // from connecting to the end of the answer
}

/** What one request came to. Nothing of it is thrown. */
export interface Sent {
  readonly result: AttemptResult;
  readonly at: Instant; // when it was begun
  readonly sentAt: Instant | null; // when its first byte was written; null: it never was
  readonly duration: number; // milliseconds
  readonly excerpt: string | null; // at most 2 kB, without control characters and phones
  readonly answer: string | null; // the body of a 2xx, at most 64 kB, for a condition on it
}

/** Whose connections a request uses: a pool per endpoint, renewed when its version changes. */
export interface PoolKey {
  readonly id: string;
  readonly version: number;
  readonly connections: number;
}

/** Sends requests over kept-alive connections, to allowed addresses only. */
export interface Sender {
  readonly send: (pool: PoolKey, outgoing: Outgoing) => Promise<Sent>;
  /** Closes an endpoint's connections once what is under way has ended. */
  readonly forget: (endpointId: string) => void;
  readonly close: () => Promise<void>;
}

/** What asking a platform's API came to. Nothing of it is thrown. */
export type ApiAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly retryAfterMs: number | null; // of its Retry-After header, from now
      readonly body: Buffer;
    }
  | { readonly kind: 'failed'; readonly code: string }; // dns, connect, tls, timeout, reset, protocol, too_large, target_forbidden …

/** Reads from the APIs of platforms, at allowed addresses only; no redirect is followed. */
export interface ApiGet {
  readonly get: (url: string, headers: Readonly<Record<string, string>>) => Promise<ApiAnswer>;
  readonly close: () => Promise<void>;
}

/** What evaluating an expression came to. */
export type Mapped =
  | { readonly kind: 'mapped'; readonly value: unknown }
  | {
      readonly kind: 'failed';
      readonly code: 'mapping_failed' | 'mapping_timeout' | 'mapping_too_large' | 'mapping_empty';
      readonly detail: string;
    };

/** Evaluates JSONata where it cannot hold up the process, within a time and a size. */
export interface Mapper {
  readonly evaluate: (expression: string, input: unknown) => Promise<Mapped>;
  readonly close: () => Promise<void>;
}

/** All that the way out has of the network. */
export interface Outbound {
  readonly rules: TargetRules;
  readonly sender: Sender;
  readonly mapper: Mapper;
  readonly api: ApiGet;
}
