import type { FastifyRequest } from 'fastify';
import type { Import } from '../domain/import.ts';
import type { Db } from '../store/database.ts';
import { findImport } from '../store/imports.ts';
import { grantOf, hasScope } from './actor.ts';
import { problem } from './problem.ts';

/** The source whose imports a key sees; null: with the scope ops those of every source. */
export function seenSource(request: FastifyRequest): string | null {
  return hasScope(request, 'ops') ? null : grantOf(request).source.id;
}

/** The import of the path; throws `not_found` where there is none, or the key may not see it. */
export async function openImport(db: Db, request: FastifyRequest): Promise<Import> {
  const { id } = request.params as { readonly id: string };
  const found = await findImport(db, id.toLowerCase());
  const source = seenSource(request);
  if (found === null || (source !== null && found.sourceId !== source)) throw problem('not_found');
  return found;
}
