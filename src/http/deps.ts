import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { Registry } from 'prom-client';
import type { Instant } from '../domain/instant.ts';
import type { Vault } from '../domain/vault.ts';
import type { Capture } from '../flows/capture.ts';
import type { Inbound } from '../flows/inbound.ts';
import type { Db } from '../store/database.ts';
import type { Outbound } from '../webhooks/outbound.ts';
import type { KeyCache } from './key-cache.ts';
import type { JsonLimits } from './parse-json.ts';
import type { Validators } from './validators.ts';

/** The settings of the HTTP side; the process's configuration is one. */
export interface HttpLimits extends JsonLimits {
  readonly bodyLimitBytes: number;
  readonly batchMaxItems: number;
  readonly defaultRegion: string; // ISO 3166 alpha-2: of a phone that is searched for without a country code
  readonly rateLimitPerMinute: number; // of a key without a limit of its own; 0: none
  readonly keyCacheSeconds: number;
  readonly corsOrigins: readonly string[]; // none: no page of another origin may call
  readonly trustProxy: readonly string[];
  readonly importMaxBytes: number;
  readonly uploadSeconds: number; // for the file of an import to arrive
}

/** What readiness asks of the process beyond the database. */
export interface Readiness {
  /** Whether the process is on its way out and takes no new work. */
  readonly draining: () => boolean;
  /** What is wrong with the schema of the database, or null. */
  readonly schemaFault: () => Promise<string | null>;
}

/** Everything that the routes are given; main makes it, tests make it, nothing looks it up. */
export interface AppDeps {
  readonly limits: HttpLimits;
  readonly db: Db;
  readonly vault: Vault;
  readonly capture: Capture;
  readonly inbound: Inbound; // the ways in of platforms and pages
  readonly outbound: Outbound; // how endpoints are checked and tried
  readonly wake: () => void; // tells the deliverers that something may be due
  readonly readiness: Readiness;
  readonly registry: Registry; // of the metrics
  readonly log: FastifyBaseLogger;
  readonly clock: () => Instant;
  readonly newRequestId: () => string;
  readonly chance: (bytes: number) => Uint8Array; // for secrets
  readonly version: string; // of clew, for the reference
}

/** The fastify instance as route files see it: schemas of typebox give the types of body, query and params. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** What a file of routes is given. */
export interface RouteDeps extends AppDeps {
  readonly validators: Validators;
  readonly forgetKeys: KeyCache['forget'];
}

/** A file of routes: registers its routes, synchronously. */
export type Routes = (app: App, deps: RouteDeps) => void;
