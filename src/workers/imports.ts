import type { Importer } from '../flows/importer.ts';
import type { Worker } from './worker.ts';

const EVERY_MS = 500;

/** Works on imports, without a pause while there is something to do. */
export function importsWorker(importer: Importer): Worker {
  return { name: 'imports', everyMs: EVERY_MS, eager: true, round: importer.round };
}
