import { createHash } from 'node:crypto';
import { Fault } from '../domain/fault.ts';
import type { Import, ImportOptions } from '../domain/import.ts';
import type { Mode } from '../domain/submission.ts';
import type { Vault } from '../domain/vault.ts';
import type { Db, Tx } from '../store/database.ts';
import { CHUNK_BYTES, insertChunk } from '../store/import-chunks.ts';
import { admitUpload, deleteUpload } from '../store/import-upload.ts';
import { findImport, insertImport } from '../store/imports.ts';
import { type Act, auditAct } from './act.ts';

/** What an upload needs. */
export interface UploadDeps {
  readonly db: Db;
  readonly vault: Vault;
  readonly maxBytes: number;
}

/** What is said of a file beside its bytes. */
export interface UploadInput {
  readonly id: string;
  readonly sourceId: string;
  readonly dryRun: boolean;
  readonly mode: Mode;
  readonly fileName: string | null;
  readonly stores: readonly string[] | null; // that rows may name; null: any
  readonly options: ImportOptions;
}

/** A file whose bytes are here. */
export interface ReceivedFile {
  readonly bytes: number;
  readonly digest: string; // SHA-256, 64 hex digits
}

const IN_FLIGHT = 2; // chunks that are being written while the next bytes arrive: 1 MiB at most, sealed and plain

/**
 * Keeps a file and hands it to the workers. Throws `file_too_large`, `file_empty`, or `state_conflict` where it was cancelled
 * meanwhile; then, and when the bytes break off, nothing of it is kept.
 */
export async function uploadImport(
  deps: UploadDeps,
  act: Act,
  input: UploadInput,
  bytes: AsyncIterable<Uint8Array>,
): Promise<Import> {
  await beginUpload(deps, act, input);
  try {
    const received = await receiveFile(deps, input.id, bytes);
    return await deps.db.transaction().execute((tx) => admitImportIn(tx, act, input, received));
  } catch (error) {
    await deleteUpload(deps.db, input.id);
    throw error;
  }
}

/** Writes down that a file is about to arrive. */
export async function beginUpload(
  { db }: UploadDeps,
  { actor, requestId, at }: Act,
  input: UploadInput,
): Promise<void> {
  await insertImport(db, { ...input, actor, requestId, at });
}

/** Keeps the bytes of a file whose upload has begun, sealed, in pieces; memory stays the same whatever its size. */
export async function receiveFile(
  { db, vault, maxBytes }: UploadDeps,
  id: string,
  bytes: AsyncIterable<Uint8Array>,
): Promise<ReceivedFile> {
  const sealed = vault.atRest !== 'none';
  const digest = createHash('sha256');
  const writing: Promise<void>[] = [];
  let [size, seq] = [0, 0];
  try {
    for await (const chunk of chunksOf(bytes)) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      digest.update(chunk);
      const body = sealed ? vault.seal(chunk) : chunk;
      const written = insertChunk(db, id, { seq, body, sealed }).then(refuseCancelled);
      written.catch(() => undefined); // heard below, or by nobody where an earlier one failed
      seq += 1;
      if (writing.push(written) >= IN_FLIGHT) await writing.shift();
    }
    await Promise.all(writing);
  } finally {
    await Promise.allSettled(writing); // or one would be written behind the deletion of the others
  }
  if (size === 0) throw new Fault('file_empty', null, 'The file has no bytes.');
  return { bytes: size, digest: digest.digest('hex') };
}

/** Hands a file whose bytes are here to the workers, in the caller's transaction. */
export async function admitImportIn(tx: Tx, act: Act, input: UploadInput, received: ReceivedFile): Promise<Import> {
  const { id, sourceId, dryRun, mode } = input;
  refuseCancelled(await admitUpload(tx, id, { ...input, ...received }));
  const detail = { source_id: sourceId, dry_run: dryRun, mode, bytes: received.bytes, sha256: received.digest };
  await auditAct(tx, act, 'import.uploaded', { kind: 'import', id }, detail);
  const made = await findImport(tx, id);
  if (made === null) throw new Error(`import ${id} has gone within its transaction`);
  return made;
}

/** What is said where a file is larger than is taken. */
export function tooLarge(maxBytes: number): Fault {
  return new Fault('file_too_large', null, `A file may have ${maxBytes} bytes.`, { max_bytes: maxBytes });
}

function refuseCancelled(uploading: boolean): void {
  if (!uploading) throw new Fault('state_conflict', null, 'The import was cancelled while its file was uploaded.');
}

/** The same bytes in pieces of one size, but for the last. */
async function* chunksOf(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Buffer> {
  let chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let filled = 0;
  for await (const piece of bytes) {
    for (let at = 0; at < piece.length; ) {
      const taken = Math.min(piece.length - at, CHUNK_BYTES - filled);
      chunk.set(piece.subarray(at, at + taken), filled);
      at += taken;
      filled += taken;
      if (filled < CHUNK_BYTES) continue;
      yield chunk;
      chunk = Buffer.allocUnsafe(CHUNK_BYTES); // the last one may still be on its way to the database
      filled = 0;
    }
  }
  if (filled > 0) yield chunk.subarray(0, filled);
}
