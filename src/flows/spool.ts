import type { Push } from '../channels/channel.ts';
import type { Instant } from '../domain/instant.ts';
import type { Refusal } from '../domain/submission.ts';
import type { Vault } from '../domain/vault.ts';
import type { SpoolFolder } from './spool-folder.ts';

/** A push that waits on disk for the database. */
export interface SpoolEntry {
  readonly sourceId: string;
  readonly push: Push;
  readonly requestId: string | null;
  readonly refusal: Refusal | null; // what was found wrong before: it goes to quarantine with it
}

/** Pushes that were acknowledged while the database took nothing: encrypted, on disk, bounded. */
export interface Spool {
  /** Resolves once an entry is safely on disk, or says why it is not; once `work` is done after all, the entry is forgotten. */
  readonly keep: (entry: SpoolEntry, work?: Promise<unknown>) => Promise<'kept' | 'spool_full' | 'spool_failed'>;
  /** Takes the oldest entries, and forgets those that were taken in; answers how many, and whether more wait. */
  readonly drain: (most: number, take: (entry: SpoolEntry) => Promise<void>) => Promise<Drained>;
  readonly state: () => SpoolState;
}

export interface SpoolState {
  readonly entries: number;
  readonly bytes: number;
  readonly oldest: Instant | null;
  readonly room: boolean; // for another push of a usual size
}

export interface Drained {
  readonly taken: number;
  readonly left: number;
  readonly failure: unknown; // why one could not be taken; null: all could
}

export interface SpoolDeps {
  readonly folder: SpoolFolder;
  readonly vault: Vault;
  readonly maxBytes: number;
  readonly newId: (at: Instant) => string;
  readonly failed: (what: 'write' | 'read', error: unknown) => void;
}

/** Entries of one file, by their place in it. */
interface Kept {
  readonly bytes: number;
  readonly entries: number;
  readonly done: Set<number>;
  failures: number; // how often one of them could not be taken
}

/** An entry that waits for the file that is written next. */
interface Waiting {
  readonly line: Buffer;
  readonly at: Instant;
  readonly done: Promise<boolean>;
  readonly settle: (as: 'kept' | 'spool_failed') => void;
}

const ROOM_BYTES = 64 << 10;
const SEAL_BYTES = 64; // of a file, beside its entries
// One flush to disk for all that came during the one before: pushes that are late are late together.
const FILE_ENTRIES = 256;
const FILE_BYTES = 1 << 20;
const NAME = /^(\d{13})-[0-9a-f-]{36}(?:-(\d{1,4}))?\.push$/;

/** Opens the spool of a process over its folder; what an earlier process left there is part of it. */
export async function openSpool({ folder, vault, maxBytes, newId, failed }: SpoolDeps): Promise<Spool> {
  const files = new Map<string, Kept>();
  const queue: Waiting[] = [];
  let writing = false;
  for (const { name, bytes } of await folder.list()) {
    const named = NAME.exec(name);
    if (named !== null) files.set(name, { bytes, entries: Number(named[2] ?? 1), done: new Set(), failures: 0 });
  }
  let bytes = [...files.values()].reduce((sum, file) => sum + file.bytes, 0);

  function forget(name: string): void {
    bytes -= files.get(name)?.bytes ?? 0;
    files.delete(name);
  }

  // Whoever takes it meanwhile replays it, which writes nothing; so does the next process, of a file of which some are done.
  async function markDone(name: string, place: number): Promise<void> {
    const file = files.get(name);
    if (file === undefined || file.done.has(place)) return;
    if (file.done.size + 1 === file.entries) {
      await folder.remove(name);
      forget(name);
    }
    file.done.add(place);
  }

  async function writeAll(): Promise<void> {
    if (writing) return;
    writing = true;
    while (queue.length > 0) await write(nextFile(queue));
    writing = false;
  }

  async function write(batch: readonly Waiting[]): Promise<void> {
    const reserved = batch.reduce((sum, { line }) => sum + line.length + SEAL_BYTES, 0);
    const at = Math.min(...batch.map((one) => one.at));
    const name = `${String(at).padStart(13, '0')}-${newId(at)}-${batch.length}.push`;
    try {
      const sealed = vault.seal(Buffer.concat(batch.map(({ line }) => line)));
      await folder.write(name, sealed);
      bytes += sealed.length - reserved;
      files.set(name, { bytes: sealed.length, entries: batch.length, done: new Set(), failures: 0 });
      for (const [place, { done, settle }] of batch.entries()) {
        settle('kept');
        void done.then((isDone) => (isDone ? markDone(name, place) : undefined)).catch(() => {});
      }
    } catch (error) {
      bytes -= reserved;
      failed('write', error);
      for (const { settle } of batch) settle('spool_failed');
    }
  }

  async function read(name: string): Promise<readonly SpoolEntry[]> {
    const sealed = await folder.read(name); // a disk that fails this moment spoils no file
    if (sealed === null) forget(name); // another process with this folder has taken it
    try {
      return sealed === null ? [] : decode(vault.open(sealed));
    } catch (error) {
      failed('read', error);
      await folder.rename(name, `${name}.unreadable`); // kept for somebody to look at, and out of the way
      forget(name);
      return [];
    }
  }

  async function takeFile(name: string, file: Kept, take: (entry: SpoolEntry) => Promise<void>): Promise<Taken> {
    const entries = [...(await read(name)).entries()].filter(([place]) => !file.done.has(place));
    const results = await Promise.allSettled(
      entries.map(async ([place, entry]) => {
        await take(entry);
        await markDone(name, place);
      }),
    );
    const failures = results.filter((result) => result.status === 'rejected');
    return { taken: results.length - failures.length, failure: failures[0]?.reason ?? null };
  }

  const waiting = (): number => [...files.values()].reduce((sum, file) => sum + leftIn(file), 0);

  return {
    keep: async (entry, work) => {
      const line = encode(entry);
      const room = line.length + SEAL_BYTES;
      if (bytes + room > maxBytes) return 'spool_full';
      bytes += room; // before it is written: any number may wait
      const done = work === undefined ? Promise.resolve(false) : isDone(work);
      return new Promise((settle) => {
        queue.push({ line, at: entry.push.receivedAt, done, settle });
        void writeAll();
      });
    },
    drain: async (most, take) => {
      // What failed before goes behind what did not: some entries that nobody can take keep back no others.
      const oldest = [...files].sort(([a, one], [b, two]) => one.failures - two.failures || (a < b ? -1 : 1));
      const taking: Promise<Taken>[] = [];
      let count = 0;
      for (const [name, file] of oldest) {
        if (count >= most) break;
        count += leftIn(file);
        const taken = takeFile(name, file, take).catch((failure: unknown): Taken => ({ taken: 0, failure }));
        taking.push(
          taken.then((result) => {
            if (result.failure !== null) file.failures += 1;
            return result;
          }),
        );
      }
      const results = await Promise.all(taking);
      return {
        taken: results.reduce((sum, { taken }) => sum + taken, 0),
        left: waiting(),
        failure: results.find(({ failure }) => failure !== null)?.failure ?? null,
      };
    },
    state: () => {
      let oldest: Instant | null = null;
      for (const name of files.keys()) {
        const at = Number(name.slice(0, 13));
        if (oldest === null || at < oldest) oldest = at;
      }
      return { entries: waiting(), bytes, oldest, room: bytes + ROOM_BYTES <= maxBytes };
    },
  };
}

/** What came of one file. */
interface Taken {
  readonly taken: number;
  readonly failure: unknown; // null: all of it was taken
}

/** How many entries of a file are still to be taken in. */
function leftIn({ entries, done }: Kept): number {
  return entries - done.size;
}

/** Takes from the front of a queue what one file holds: one entry at least. */
function nextFile(queue: Waiting[]): readonly Waiting[] {
  let count = 0;
  let size = 0;
  for (const { line } of queue) {
    size += line.length;
    if (count === FILE_ENTRIES || (count > 0 && size > FILE_BYTES)) break;
    count += 1;
  }
  return queue.splice(0, count);
}

async function isDone(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  );
}

/** An entry as a line of a file. */
function encode({ push, ...rest }: SpoolEntry): Buffer {
  const entry = { ...rest, push: { ...push, body: Buffer.from(push.body).toString('base64') } };
  return Buffer.from(`${JSON.stringify(entry)}\n`);
}

function decode(bytes: Buffer): readonly SpoolEntry[] {
  const lines = bytes.toString().split('\n');
  return lines.filter((line) => line !== '').map(decodeLine);
}

function decodeLine(line: string): SpoolEntry {
  const { push, ...rest } = JSON.parse(line) as SpoolEntry & { push: { readonly body: unknown } };
  return { ...rest, push: { ...push, body: Buffer.from(String(push.body), 'base64') } };
}
