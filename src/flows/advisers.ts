import type { Adviser, Directory } from '../domain/directory.ts';
import { Fault } from '../domain/fault.ts';
import { deleteAdviser, findAdviser, putAdviser } from '../store/advisers.ts';
import type { Tx } from '../store/database.ts';
import { countOpenLeads } from '../store/open-leads.ts';
import type { EntryKind } from './set-entry.ts';

/** How advisers are changed: one who has open leads or manages a store is not deleted. */
export const ADVISER: EntryKind<Adviser> = {
  kind: 'adviser',
  all: ({ advisers }) => advisers,
  check: requireRefs,
  put: putAdviser,
  find: findAdviser,
  remove: deleteAdviser,
  uses: usesOf,
};

function requireRefs(directory: Directory, { stores, regions }: Adviser): void {
  requireKnown(directory.stores, stores, '/stores', 'store');
  requireKnown(directory.regions, regions, '/regions', 'region');
}

function requireKnown(
  known: ReadonlyMap<string, unknown>,
  codes: readonly string[],
  path: string,
  kind: 'region' | 'store',
): void {
  const index = codes.findIndex((code) => !known.has(code));
  if (index >= 0)
    throw new Fault('body_invalid', `${path}/${index}`, `There is no ${kind} of this code; add it first.`);
}

async function usesOf(tx: Tx, { stores }: Directory, code: string): Promise<Readonly<Record<string, number>>> {
  return {
    managed_stores: [...stores.values()].filter(({ manager }) => manager === code).length,
    open_leads: await countOpenLeads(tx, 'owner', code),
  };
}
