import { type Static, type TSchema, Type } from 'typebox';

/** What a setting says of itself beside its JSON schema. */
interface About {
  readonly env: string;
  readonly default: unknown; // null: unset
  readonly description: string; // one sentence
  readonly must?: string; // the rule in words, where the schema alone does not say it well
  readonly unit?: string;
  readonly secret?: true; // its value is never printed
  readonly shown?: string; // the default in words, where it is worked out at start
}

const text = (about: About, options = {}) => Type.String({ ...options, ...about });
const whole = (minimum: number, maximum: number, about: About) => Type.Integer({ minimum, maximum, ...about });
const list = (about: About) => Type.Array(Type.String({ minLength: 1 }), { ...about });
const orUnset = <T extends TSchema>(type: T, about: About) => Type.Union([type, Type.Null()], { ...about });

/** 32 bytes: 64 hex digits, or 43 characters of base64 or base64url with or without the `=`. */
const KEY_32 = Type.String({ pattern: '^(?:[0-9a-fA-F]{64}|[A-Za-z0-9+/_-]{43}=?)$' });
const KEY_MUST = 'must be 32 bytes in base64 or hex; make one with: openssl rand -base64 32';
const DAYS = Type.Integer({ minimum: 1, maximum: 36_500 });
const days = (about: Omit<About, 'unit'>) => orUnset(DAYS, { ...about, unit: 'days' });

/** Every setting of the service, read from the environment: its name, default, sentence and unit. */
export const SETTINGS = Type.Object({
  host: text(
    { env: 'HOST', default: '127.0.0.1', description: 'Address to listen on; `0.0.0.0` for every interface.' },
    { minLength: 1 },
  ),
  port: whole(0, 65_535, { env: 'PORT', default: 8080, description: 'Port to listen on; `0` takes any free one.' }),
  databaseUrl: orUnset(Type.String({ pattern: '^postgres(ql)?://.+' }), {
    env: 'DATABASE_URL',
    default: null,
    shown: 'own PostgreSQL under `CLEW_DATA_DIR`',
    description: 'The Postgres (15 or newer) to keep everything in.',
    must: 'must look like postgres://user:password@host:5432/database',
    secret: true,
  }),
  dataDir: text(
    { env: 'CLEW_DATA_DIR', default: './data', description: 'Folder for the own PostgreSQL and its generated keys.' },
    { minLength: 1 },
  ),
  secretKey: orUnset(KEY_32, {
    env: 'CLEW_SECRET_KEY',
    default: null,
    shown: 'made and kept under `CLEW_DATA_DIR`; required with `DATABASE_URL`',
    description: 'The key that encrypts what is kept encrypted: 32 bytes in base64 or hex.',
    must: KEY_MUST,
    secret: true,
  }),
  previousSecretKeys: Type.Array(KEY_32, {
    env: 'CLEW_SECRET_KEY_PREVIOUS',
    default: [],
    description: 'Earlier values of `CLEW_SECRET_KEY`, comma-separated, that still decrypt after a rotation.',
    must: `${KEY_MUST}; several are separated by commas`,
    secret: true,
  }),
  adminKey: orUnset(Type.String({ pattern: '^clew_[A-Za-z0-9_-]{43}$' }), {
    env: 'CLEW_ADMIN_KEY',
    default: null,
    shown: 'made, kept under `CLEW_DATA_DIR` and printed; none with `DATABASE_URL`',
    description: 'An API key with every scope that exists from the start.',
    must: 'must be clew_ and 43 characters of base64url; make one with: echo clew_$(openssl rand -base64 32 | tr +/ -_ | tr -d =)',
    secret: true,
  }),
  atRest: orUnset(Type.Enum(['raw', 'all', 'none']), {
    env: 'CLEW_AT_REST',
    default: null,
    shown: '`raw`',
    description:
      'What is encrypted in the database: `raw` bodies, `all` (phones too) or `none`; fixed at the first start.',
    must: 'must be one of raw, all, none',
  }),
  defaultRegion: text(
    {
      env: 'CLEW_DEFAULT_REGION',
      default: 'CN',
      description: 'Country of a phone number that names none, as an ISO 3166 code.',
      must: 'must be a two-letter country code such as CN',
    },
    { pattern: '^[A-Z]{2}$' },
  ),
  logLevel: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    env: 'LOG_LEVEL',
    default: 'info',
    description: 'Least level that is logged.',
    must: 'must be one of fatal, error, warn, info, debug, trace, silent',
  }),
  dbPoolMax: whole(1, 1000, {
    env: 'CLEW_DB_POOL_MAX',
    default: 10,
    description: 'Most database connections for reads and single changes.',
  }),
  ingestConnections: whole(1, 32, {
    env: 'CLEW_INGEST_CONNECTIONS',
    default: 2,
    description: 'Database connections that write leads, each with a batch under way.',
  }),
  ingestBatchMax: whole(1, 5000, {
    env: 'CLEW_INGEST_BATCH_MAX',
    default: 250,
    description: 'Most submissions written in one transaction.',
  }),
  queueMax: whole(1, 1_000_000, {
    env: 'CLEW_QUEUE_MAX',
    default: 5000,
    description: 'Submissions that may wait for a transaction before more are answered 503.',
  }),
  bodyLimitBytes: whole(1024, 1 << 30, {
    env: 'CLEW_BODY_LIMIT_BYTES',
    default: 4 << 20, // a batch of 1,000 items of 4 KB each
    unit: 'bytes',
    description: 'Largest request body.',
  }),
  batchMaxItems: whole(1, 10_000, {
    env: 'CLEW_BATCH_MAX_ITEMS',
    default: 1000,
    description: 'Most items of one batch.',
  }),
  jsonMaxDepth: whole(4, 256, {
    env: 'CLEW_JSON_MAX_DEPTH',
    default: 16,
    description: 'Deepest nesting of a JSON body.',
  }),
  jsonMaxKeys: whole(16, 10_000_000, {
    env: 'CLEW_JSON_MAX_KEYS',
    default: 100_000,
    description: 'Most keys and list elements of a JSON body.',
  }),
  rateLimitPerMinute: whole(0, 1_000_000_000, {
    env: 'CLEW_RATE_LIMIT_PER_MINUTE',
    default: 60_000,
    unit: 'requests',
    description: 'Requests a minute of a key that has no limit of its own, in one process; `0` is no limit.',
  }),
  keyCacheSeconds: whole(0, 300, {
    env: 'CLEW_KEY_CACHE_SECONDS',
    default: 5,
    unit: 'seconds',
    description: 'How long a process may go on with what it knows of a key: a revoked one works for so long.',
  }),
  corsOrigins: list({
    env: 'CLEW_CORS_ORIGINS',
    default: [],
    description: 'Origins whose pages may call, comma-separated; `*` is every one.',
  }),
  trustProxy: list({
    env: 'CLEW_TRUST_PROXY',
    default: [],
    description: 'Addresses or networks of proxies whose `X-Forwarded-*` headers are believed, comma-separated.',
  }),
  drainSeconds: whole(1, 600, {
    env: 'CLEW_DRAIN_SECONDS',
    default: 25,
    unit: 'seconds',
    description: 'How long requests under way may take after SIGTERM or SIGINT.',
  }),
  workers: Type.Enum(['on', 'off'], {
    env: 'CLEW_WORKERS',
    default: 'on',
    description: 'Whether `serve` also delivers and sweeps; `off` where `clew work` does.',
    must: 'must be on or off',
  }),
  deliveryConcurrency: whole(1, 10_000, {
    env: 'CLEW_DELIVERY_CONCURRENCY',
    default: 512,
    description: 'Most deliveries under way in one process, over all endpoints.',
  }),
  targetHttp: Type.Enum(['refuse', 'allow'], {
    env: 'CLEW_TARGET_HTTP',
    default: 'refuse',
    description: 'Whether endpoints may have a URL without TLS.',
    must: 'must be refuse or allow',
  }),
  targetAllow: Type.Array(Type.String({ pattern: '^[0-9A-Fa-f.:]+/\\d{1,3}$' }), {
    env: 'CLEW_TARGET_ALLOW',
    default: [],
    description: 'Networks (CIDR, comma-separated) that endpoints may lie in although they are private or reserved.',
    must: 'must be networks such as 10.0.0.0/8, separated by commas',
  }),
  ackWithinMs: whole(100, 60_000, {
    env: 'CLEW_ACK_WITHIN_MS',
    default: 800,
    unit: 'milliseconds',
    description: 'A push of a platform that is not committed by then is kept on disk and acknowledged.',
  }),
  spoolMaxBytes: whole(0, 2 ** 40, {
    env: 'CLEW_SPOOL_MAX_BYTES',
    default: 256 << 20,
    unit: 'bytes',
    description:
      'Most bytes of pushes kept on disk under `CLEW_DATA_DIR` while the database takes none; `0` keeps none.',
  }),
  publicUrl: orUnset(Type.String({ pattern: '^https?://[^/?#\\s]+$' }), {
    env: 'CLEW_PUBLIC_URL',
    default: null,
    description: 'Address under which platforms and pages reach the service, for the addresses that are printed.',
    must: 'must look like https://leads.example.cn',
  }),
  importMaxBytes: whole(1024, 2 ** 40, {
    env: 'CLEW_IMPORT_MAX_BYTES',
    default: 1 << 30,
    unit: 'bytes',
    description: 'Largest file of an import.',
  }),
  importMaxRows: whole(1, 100_000_000, {
    env: 'CLEW_IMPORT_MAX_ROWS',
    default: 5_000_000,
    unit: 'rows',
    description: 'Most rows of an import.',
  }),
  uploadSeconds: whole(30, 86_400, {
    env: 'CLEW_UPLOAD_SECONDS',
    default: 900,
    unit: 'seconds',
    description: 'How long the upload of a file may take; every other request has 30 seconds to arrive.',
  }),
  importRetentionDays: days({
    env: 'CLEW_IMPORT_RETENTION_DAYS',
    default: 180,
    description: 'How long it is kept what became of every row of an import; `off` keeps it.',
  }),
  behaviourRetentionDays: days({
    env: 'CLEW_BEHAVIOUR_RETENTION_DAYS',
    default: 400,
    description: 'How long behaviours (page views and the like) are kept, which scores count; `off` keeps them.',
  }),
  rawRetentionDays: days({
    env: 'CLEW_RAW_RETENTION_DAYS',
    default: 180,
    description: 'How long raw bodies are kept, to the month; `off` keeps them.',
  }),
  deliveryRetentionDays: days({
    env: 'CLEW_DELIVERY_RETENTION_DAYS',
    default: 90,
    description: 'How long deliveries, their bodies and attempts are kept, to the month; `off` keeps them.',
  }),
  eventRetentionDays: days({
    env: 'CLEW_EVENT_RETENTION_DAYS',
    default: null,
    shown: '`off`',
    description: 'How long events are kept, to the month; `off` keeps them.',
  }),
});

/** The settings of one process, as `load` reads them. */
export type Config = Readonly<Static<typeof SETTINGS>>;
export type SettingSchema = TSchema & About;
