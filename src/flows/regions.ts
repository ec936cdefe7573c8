import type { Directory, Region } from '../domain/directory.ts';
import { deleteRegion, findRegion, putRegion } from '../store/regions.ts';
import type { EntryKind } from './set-entry.ts';

/** How regions are changed: one that has stores or advisers is not deleted. */
export const REGION: EntryKind<Region> = {
  kind: 'region',
  all: ({ regions }) => regions,
  check: () => {},
  put: putRegion,
  find: findRegion,
  remove: deleteRegion,
  uses: async (_tx, directory, code) => usesOf(directory, code),
};

function usesOf({ stores, advisers }: Directory, code: string): Readonly<Record<string, number>> {
  return {
    stores: [...stores.values()].filter(({ region }) => region === code).length,
    advisers: [...advisers.values()].filter(({ regions }) => regions.includes(code)).length,
  };
}
