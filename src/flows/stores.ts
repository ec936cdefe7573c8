import type { Directory, Store } from '../domain/directory.ts';
import { Fault } from '../domain/fault.ts';
import type { Tx } from '../store/database.ts';
import { countOpenLeads } from '../store/open-leads.ts';
import { deleteStore, findStore, putStore } from '../store/stores.ts';
import type { EntryKind } from './set-entry.ts';

/** How stores are changed: one that has advisers or open leads is not deleted. */
export const STORE: EntryKind<Store> = {
  kind: 'store',
  all: ({ stores }) => stores,
  check: requireRefs,
  put: putStore,
  find: findStore,
  remove: deleteStore,
  uses: usesOf,
};

function requireRefs({ regions, advisers }: Directory, { region, manager }: Store): void {
  if (region !== null && !regions.has(region)) {
    throw new Fault('body_invalid', '/region', 'There is no region of this code; add it first.');
  }
  if (manager !== null && !advisers.has(manager)) {
    const message = 'There is no adviser of this code; add them first, and name the manager then.';
    throw new Fault('body_invalid', '/manager', message);
  }
}

async function usesOf(tx: Tx, { advisers }: Directory, code: string): Promise<Readonly<Record<string, number>>> {
  return {
    advisers: [...advisers.values()].filter(({ stores }) => stores.includes(code)).length,
    open_leads: await countOpenLeads(tx, 'store', code),
  };
}
