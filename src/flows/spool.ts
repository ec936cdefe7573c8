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

const ROOM_BYTES = 64 << 10;
const NAME = /^(\d{13})-[0-9a-f-]{36}\.push$/;

/** Opens the spool of a process over its folder; what an earlier process left there is part of it. */
export async function openSpool({ folder, vault, maxBytes, newId, failed }: SpoolDeps): Promise<Spool> {
  const files = new Map<string, number>(); // bytes by name
  const failures = new Map<string, number>(); // by name: how often it could not be taken
  for (const { name, bytes } of await folder.list()) if (NAME.test(name)) files.set(name, bytes);
  let bytes = [...files.values()].reduce((sum, size) => sum + size, 0);

  function forget(name: string): void {
    bytes -= files.get(name) ?? 0;
    files.delete(name);
    failures.delete(name);
  }

  // Whoever takes it meanwhile replays it, which writes nothing; a file that stays is replayed later.
  async function forgetDone(name: string): Promise<void> {
    await folder.remove(name);
    forget(name);
  }

  async function read(name: string): Promise<SpoolEntry | null> {
    const sealed = await folder.read(name); // a disk that fails this moment spoils no file
    if (sealed === null) forget(name); // another process with this folder has taken it
    try {
      return sealed === null ? null : decode(vault.open(sealed));
    } catch (error) {
      failed('read', error);
      await folder.rename(name, `${name}.unreadable`); // kept for somebody to look at, and out of the way
      forget(name);
      return null;
    }
  }

  async function takeOne(name: string, take: (entry: SpoolEntry) => Promise<void>): Promise<'taken' | 'gone'> {
    const entry = await read(name);
    if (entry === null) return 'gone';
    await take(entry);
    await forgetDone(name);
    return 'taken';
  }

  return {
    keep: async (entry, work) => {
      const done = work?.then(
        () => true,
        () => false,
      );
      const sealed = vault.seal(encode(entry));
      if (bytes + sealed.length > maxBytes) return 'spool_full';
      bytes += sealed.length; // before it is written: any number may be at once
      const name = `${String(entry.push.receivedAt).padStart(13, '0')}-${newId(entry.push.receivedAt)}.push`;
      try {
        await folder.write(name, sealed);
        files.set(name, sealed.length);
        void done?.then((isDone) => (isDone ? forgetDone(name) : undefined)).catch(() => {});
        return 'kept';
      } catch (error) {
        bytes -= sealed.length;
        failed('write', error);
        return 'spool_failed';
      }
    },
    drain: async (most, take) => {
      // What failed before goes behind what did not: some entries that nobody can take keep back no others.
      const failed = (name: string) => failures.get(name) ?? 0;
      const next = [...files.keys()].sort().sort((a, b) => failed(a) - failed(b));
      const oldest = next.slice(0, most);
      const results = await Promise.allSettled(oldest.map((name) => takeOne(name, take)));
      for (const [i, name] of oldest.entries()) {
        if (results[i]?.status === 'rejected') failures.set(name, failed(name) + 1);
      }
      const failure = results.find((result) => result.status === 'rejected')?.reason ?? null;
      const taken = results.filter((result) => result.status === 'fulfilled' && result.value === 'taken').length;
      return { taken, left: files.size, failure };
    },
    state: () => {
      let oldest: Instant | null = null;
      for (const name of files.keys()) {
        const at = Number(name.slice(0, 13));
        if (oldest === null || at < oldest) oldest = at;
      }
      return { entries: files.size, bytes, oldest, room: bytes + ROOM_BYTES <= maxBytes };
    },
  };
}

function encode({ push, ...rest }: SpoolEntry): Buffer {
  return Buffer.from(JSON.stringify({ ...rest, push: { ...push, body: Buffer.from(push.body).toString('base64') } }));
}

function decode(bytes: Buffer): SpoolEntry {
  const { push, ...rest } = JSON.parse(bytes.toString()) as SpoolEntry & { push: { readonly body: unknown } };
  return { ...rest, push: { ...push, body: Buffer.from(String(push.body), 'base64') } };
}
