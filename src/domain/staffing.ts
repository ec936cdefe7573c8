import { type Directory, EMPTY_DIRECTORY } from './directory.ts';

/** Everybody and every place that a batch may give leads to, and whose turn it is; changes as the batch is judged. */
export interface Staffing {
  readonly directory: Directory;
}

/** Where nobody is: nothing is assigned, and no task is made. */
export const NO_STAFFING: Staffing = Object.freeze({ directory: EMPTY_DIRECTORY });
