import type { Import } from '../domain/import.ts';
import type { Vault } from '../domain/vault.ts';
import type { SheetFile } from '../sheets/sheet.ts';
import type { Db } from '../store/database.ts';
import { CHUNK_BYTES, readChunks } from '../store/import-chunks.ts';

const AT_ONCE = 8; // chunks of one query: 2 MiB

/** The bytes of an import that are still kept, to be read from any place; reading throws where they are gone. */
export function importFile(db: Db, vault: Vault, { id, fileBytes: size }: Pick<Import, 'id' | 'fileBytes'>): SheetFile {
  return {
    size,
    read: async function* (from, to) {
      const end = Math.min(to, size);
      let at = Math.max(0, from);
      while (at < end) {
        const first = Math.floor(at / CHUNK_BYTES);
        const last = Math.min(Math.ceil(end / CHUNK_BYTES), first + AT_ONCE);
        const chunks = await readChunks(db, id, first, last);
        if (chunks.length < last - first) throw new Error(`the bytes of import ${id} are not kept any more`);
        for (const { seq, body, sealed } of chunks) {
          const plain = sealed ? vault.open(body) : body;
          const start = seq * CHUNK_BYTES;
          yield plain.subarray(at - start, end - start);
          at = Math.min(end, start + CHUNK_BYTES);
        }
      }
    },
  };
}
