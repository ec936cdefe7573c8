import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for what started processes keep beside their database; it goes when this process ends. */
export const DATA_FOLDER = join(tmpdir(), `clew-test-data-${process.pid}`);

process.once('exit', () => rmSync(DATA_FOLDER, { recursive: true, force: true }));
