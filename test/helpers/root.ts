import { pathToFileURL } from 'node:url';

/** The project's folder, which everything here is run from: tests are compiled, and lie elsewhere than what they read. */
export const ROOT = pathToFileURL(`${process.cwd()}/`);
