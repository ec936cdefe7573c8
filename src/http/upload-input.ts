import type { FastifyRequest } from 'fastify';
import { mapsOf } from '../channels/import-maps.ts';
import { isUuid } from '../domain/id.ts';
import type { ImportOptions } from '../domain/import.ts';
import type { Source } from '../domain/source.ts';
import type { UploadInput } from '../flows/upload-import.ts';
import { findSource, findSourceByName } from '../store/sources.ts';
import { grantOf, hasScope, requireScope } from './actor.ts';
import type { RouteDeps } from './deps.ts';
import { delimiterOf, importOptions } from './import-options.ts';
import { parseJson } from './parse-json.ts';
import { type FieldError, isProblem, type Problem, problem } from './problem.ts';
import type { ImportQuery } from './schemas/import-input.ts';
import type { SaidFields } from './upload-body.ts';
import type { Check } from './validators.ts';

/** What is said of an upload: in its query, and in fields of its body. */
export interface SaidOfUpload {
  readonly query: ImportQuery;
  readonly fields: SaidFields;
  readonly fileName: string | null;
}

/**
 * What an upload is to be, of what is said of it; `check` is that of ImportQuery. Throws `query_invalid` or `body_invalid`,
 * `scope_missing`, `source_paused`.
 */
export async function uploadInput(
  deps: Pick<RouteDeps, 'db' | 'limits'>,
  request: FastifyRequest,
  check: Check,
  { query, fields, fileName }: SaidOfUpload,
): Promise<Omit<UploadInput, 'id'>> {
  const asked = merge(query, spread(fields, deps.limits));
  const errors = check(asked);
  if (errors.length > 0) throw problem('body_invalid', { errors });
  const source = await sourceOf(deps, request, asked.source);
  if (asked.mode === 'history') requireScope(request, 'ops', '/mode');
  if (asked.store !== undefined && grantOf(request).stores?.includes(asked.store) !== true) {
    requireScope(request, 'ops', '/store');
  }
  const options = optionsOf(asked, deps.limits);
  const read = mapsOf(options, source.settings);
  if ('fault' in read) {
    const path = read.fault.code.startsWith('template') ? '/template' : '/field_map';
    throw refused({ path, code: read.fault.code, message: read.fault.detail, hint: read.fault.hint });
  }
  return {
    sourceId: source.id,
    dryRun: asked.dry_run === true,
    mode: asked.mode ?? 'live',
    fileName: nameOf(asked.file_name ?? fileName),
    stores: hasScope(request, 'ops') ? null : (grantOf(request).stores ?? []),
    options,
  };
}

/** The members of `options`, where it is there, beside the other fields. */
function spread({ options, ...fields }: SaidFields, limits: RouteDeps['limits']): SaidFields {
  return options === undefined ? fields : merge(jsonField('options', options, limits), fields);
}

function merge(one: SaidFields, other: SaidFields): ImportQuery {
  const twice = Object.keys(other).filter((name) => Object.hasOwn(one, name));
  // A default that the schema filled in was not said by anybody.
  const errors = twice
    .filter((name) => one[name] !== DEFAULTS[name as keyof typeof DEFAULTS])
    .map((name): FieldError => ({ path: `/${name}`, code: 'duplicate', message: 'is said twice' }));
  if (errors.length > 0) throw problem('body_invalid', { errors });
  return { ...one, ...other } as ImportQuery;
}

const DEFAULTS = { dry_run: false, mode: 'live' } as const;

async function sourceOf(
  { db }: Pick<RouteDeps, 'db'>,
  request: FastifyRequest,
  asked: string | undefined,
): Promise<Source> {
  const own = grantOf(request).source;
  const found =
    asked === undefined
      ? await findSource(db, own.id)
      : ((isUuid(asked.toLowerCase()) ? await findSource(db, asked.toLowerCase()) : null) ??
        (await findSourceByName(db, asked)));
  const foreign = found?.id !== own.id;
  if (foreign && !hasScope(request, 'ops')) requireScope(request, 'ops', '/source');
  if (found === null) throw refused({ path: '/source', code: 'not_listed', message: 'is no id or name of a source' });
  if (found.state === 'paused') throw problem('source_paused');
  return found;
}

function optionsOf(asked: ImportQuery, limits: RouteDeps['limits']): ImportOptions {
  const { delimiter, field_map: map } = asked;
  if (delimiter !== undefined && !isDelimiter(delimiterOf(delimiter)))
    throw refused({ path: '/delimiter', code: 'pattern', message: 'must be one character, or tab' });
  return importOptions(asked, map === undefined ? null : jsonField('field_map', map, limits));
}

/** An object that was sent as JSON, or as JSON in a text. */
function jsonField(name: string, value: unknown, limits: RouteDeps['limits']): Readonly<Record<string, unknown>> {
  let read = value;
  try {
    if (typeof value === 'string') read = parseJson(Buffer.from(value), limits);
  } catch (error) {
    if (!isProblem(error)) throw error;
    throw refused({ path: `/${name}`, code: error.code, message: 'is no JSON that can be read' });
  }
  if (typeof read === 'object' && read !== null && !Array.isArray(read)) return read as Record<string, unknown>;
  throw refused({ path: `/${name}`, code: 'type', message: 'must be an object' });
}

function isDelimiter(text: string): boolean {
  return [...text].length === 1 && !/["\r\n]/.test(text);
}

const LONGEST_NAME = 255;

/** The name of a file without folders and what no line of a list can show. */
function nameOf(given: string | null): string | null {
  const name = (given ?? '')
    .replace(/^.*[\\/]/, '')
    .slice(0, LONGEST_NAME)
    .replace(/\p{C}/gu, '')
    .trim();
  return name === '' ? null : name;
}

function refused(error: FieldError): Problem {
  return problem('body_invalid', { errors: [error] });
}
