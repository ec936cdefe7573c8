import ipaddr from 'ipaddr.js';
import type { TSchema } from 'typebox';
import Value from 'typebox/value';
import { type Config, SETTINGS, type SettingSchema } from './settings.ts';

export type { Config } from './settings.ts';
export type Environment = Readonly<Record<string, string | undefined>>;

/** Everything that is wrong with the environment, each fault one sentence that says what to do. */
export class ConfigError extends Error {
  readonly code = 'config_invalid';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`the configuration is not usable: ${faults.join('; ')}`);
    this.name = 'ConfigError';
    this.faults = faults;
  }
}

/** One setting as the documentation shows it. */
export interface SettingRow {
  readonly name: string;
  readonly default: string;
  readonly type: string;
  readonly description: string;
  readonly secret: boolean;
}

const ENTRIES = Object.entries(SETTINGS.properties) as unknown as readonly (readonly [keyof Config, SettingSchema])[];

/** Reads every setting from the environment, a blank value as none; throws one ConfigError that lists all faults. */
export function load(env: Environment): Config {
  const faults: string[] = [];
  const config: Record<string, unknown> = {};
  for (const [key, setting] of ENTRIES) {
    const text = env[setting.env]?.trim() ?? '';
    const value = text === '' ? setting.default : decode(setting, text);
    if (!Value.Check(setting, value)) faults.push(faultOf(setting, text));
    config[key] = value;
  }
  faults.push(...unknownNames(env));
  if (faults.length === 0) faults.push(...contradictions(config as Config));
  if (faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(config) as Config;
}

/** Every setting in the order of the schema, for the README's table and for `clew --help`. */
export function describeConfig(): readonly SettingRow[] {
  return ENTRIES.map(([, setting]) => ({
    name: setting.env,
    default: setting.shown ?? shownValue(setting.default),
    type: typeName(setting),
    description: setting.description,
    secret: setting.secret === true,
  }));
}

interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The schema of a value that is set: what stands beside null. */
function valueSchema(setting: TSchema): JsonSchema {
  const schema = setting as JsonSchema;
  return schema.anyOf?.[0] ?? schema;
}

function decode(setting: SettingSchema, text: string): unknown {
  const { type } = valueSchema(setting);
  if (type === 'array')
    return text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  if (type !== 'integer') return text;
  if (text === 'off' && 'anyOf' in setting) return null;
  return /^-?\d+$/.test(text) ? Number(text) : text;
}

function faultOf(setting: SettingSchema, text: string): string {
  const { minimum, maximum } = valueSchema(setting);
  const off = 'anyOf' in setting ? ', or off' : '';
  const must =
    setting.must ??
    (minimum === undefined ? 'is not usable' : `must be a whole number from ${minimum} to ${maximum}${off}`);
  // A secret that is only mistyped is still a secret.
  return setting.secret === true ? `${setting.env} ${must}` : `${setting.env} ${must}, not ${JSON.stringify(text)}`;
}

// Kubernetes hands every pod the addresses of a Service that is named clew: CLEW_SERVICE_HOST, CLEW_PORT_8080_TCP …
const SERVICE_LINK = /^CLEW_(SERVICE_(HOST|PORT)(_.+)?|PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$/;

// Of the command line, which may call another service: no settings of this one.
const OF_CLIENTS = ['CLEW_URL', 'CLEW_KEY'];

function unknownNames(env: Environment): readonly string[] {
  const known = new Set([...ENTRIES.map(([, setting]) => setting.env), ...OF_CLIENTS]);
  return Object.keys(env)
    .filter((name) => name.startsWith('CLEW_') && !known.has(name) && !SERVICE_LINK.test(name))
    .map((name) => `${name} is no setting of clew: correct its name or remove it (clew --help lists them)`);
}

function contradictions(config: Config): readonly string[] {
  const faults: string[] = [];
  if (config.databaseUrl !== null && config.secretKey === null) {
    faults.push(
      'CLEW_SECRET_KEY is required with DATABASE_URL; make one with: openssl rand -base64 32, and keep it safe',
    );
  }
  if (config.secretKey !== null && config.previousSecretKeys.includes(config.secretKey)) {
    faults.push('CLEW_SECRET_KEY_PREVIOUS holds the key of CLEW_SECRET_KEY: remove it there');
  }
  for (const network of config.targetAllow.filter((text) => !ipaddr.isValidCIDR(text))) {
    faults.push(`CLEW_TARGET_ALLOW names ${network}, which is no network: write it like 10.0.0.0/8 or fd00::/8`);
  }
  if (config.queueMax < config.batchMaxItems) {
    faults.push('CLEW_QUEUE_MAX must be at least CLEW_BATCH_MAX_ITEMS, or a full batch is always answered 503');
  }
  return faults;
}

function shownValue(value: unknown): string {
  if (value === null || (Array.isArray(value) && value.length === 0)) return '';
  return `\`${String(value)}\``;
}

function typeName(setting: SettingSchema): string {
  const schema = valueSchema(setting);
  if (schema.enum !== undefined) return schema.enum.join(', ');
  switch (schema.type) {
    case 'integer':
      return setting.unit ?? 'number';
    case 'array':
      return 'list';
    default:
      return 'text';
  }
}
