import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { headerProblem } from './header-text.ts';
import { problem } from './problem.ts';

// A proxy that compresses answers makes the tag weak on its way; the number in it is still the version.
const TAG = /^(?:W\/)?"(\d{1,9})"$/;

/** The version that If-Match names; throws `version_required` where it is absent, `header_invalid` where it is no tag of ours. */
export function ifMatch(request: FastifyRequest): number {
  const header = request.headers['if-match'];
  if (header === undefined) throw problem('version_required');
  const version = TAG.exec(header)?.[1];
  if (version === undefined)
    throw headerProblem('If-Match', 'pattern', 'must be one ETag as it was answered, in quotes');
  return Number(version);
}

/** The ETag of a version. */
export function etag(version: number): string {
  return `"${version}"`;
}

/** The header as the reference describes it; its absence is `version_required`, so the schema leaves it open. */
export const IfMatchHeaders = Type.Object({
  'if-match': Type.Optional(
    Type.String({ description: 'Required: the ETag of what was read, its version in quotes.', examples: ['"3"'] }),
  ),
});
