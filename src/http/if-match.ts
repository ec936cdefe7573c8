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

/** As `ifMatch`; null where the header is absent. */
export function ifMatchOrNull(request: FastifyRequest): number | null {
  return request.headers['if-match'] === undefined ? null : ifMatch(request);
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

/** The same where it is needed only of what is there already. */
export const IfMatchKnownHeaders = Type.Object({
  'if-match': Type.Optional(
    Type.String({
      description: 'The ETag of what was read, its version in quotes; left out for what is new.',
      examples: ['"3"'],
    }),
  ),
});
