import type { PoolMark } from '../store/pooled-leads.ts';
import { createDirectoryBook, type DirectoryBook } from './directory-book.ts';

/** What the drain of a process remembers from round to round. */
export interface DrainBook {
  readonly directory: DirectoryBook;
  readonly marks: Map<string | null, PoolMark>; // by store: how far it has looked where more wait than a round looks at
}

/** Makes a book in which nothing is known yet. */
export function createDrainBook(): DrainBook {
  return { directory: createDirectoryBook(), marks: new Map() };
}
