import { createHash } from 'node:crypto';
import { canonicalJson } from '../domain/canonical.ts';
import type { Import } from '../domain/import.ts';

/** What the ledger keys of an import's rows begin with; the same file with the same options is the same rows. A row's key is `KEY#ROW`. */
export function importKey({ fileDigest, options }: Pick<Import, 'fileDigest' | 'options'>): string {
  const digest = createHash('sha256')
    .update(`${fileDigest}\n${canonicalJson(options)}`)
    .digest('hex');
  return `import:${digest}`;
}
