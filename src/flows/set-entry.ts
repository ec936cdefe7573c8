import { canonicalJson } from '../domain/canonical.ts';
import type { Directory } from '../domain/directory.ts';
import { Fault } from '../domain/fault.ts';
import type { Instant } from '../domain/instant.ts';
import type { Tx } from '../store/database.ts';
import { lockDirectory, raiseDirectoryVersion, readDirectory } from '../store/directory.ts';
import type { Kept } from '../store/directory-rows.ts';
import { sessionOf } from '../store/session.ts';
import { type Act, auditAct } from './act.ts';

interface Entry {
  readonly code: string;
  readonly externalRef: string | null;
  readonly version: number;
}

const CODE = /^\S(.{0,62}\S)?$/u; // what a submission may name as its store or owner

/** What regions, stores and advisers differ in when they are changed. */
export interface EntryKind<T extends Entry> {
  readonly kind: 'region' | 'store' | 'adviser';
  readonly all: (directory: Directory) => ReadonlyMap<string, T>;
  readonly check: (directory: Directory, entry: T) => void; // throws Fault `body_invalid`
  readonly put: (tx: Tx, entry: T, at: Instant) => Promise<void>;
  readonly find: (tx: Tx, code: string) => Promise<Kept<T> | null>;
  readonly remove: (tx: Tx, code: string) => Promise<void>;
  readonly uses: (tx: Tx, directory: Directory, code: string) => Promise<Readonly<Record<string, number>>>;
}

/** An entry that is to be set; `seen`: the version that the caller read, null: none. */
export interface EntryChange<T> {
  readonly code: string;
  readonly seen: number | null;
  readonly make: (present: T | null) => T; // throws Fault `not_found`
}

/**
 * Sets an entry of the directory and counts the directory's version up, all changes one after another; the same again changes nothing.
 * Throws Fault `not_found`, `version_conflict`, `version_required`, `body_invalid` and `external_ref_taken`.
 */
export async function setEntry<T extends Entry>(
  tx: Tx,
  act: Act,
  of: EntryKind<T>,
  { code, seen, make }: EntryChange<T>,
): Promise<{ readonly entry: Kept<T>; readonly made: boolean }> {
  if (!CODE.test(code)) {
    throw new Fault('body_invalid', 'code', 'A code is 1 to 64 characters, without blanks around them.');
  }
  await lockDirectory(tx);
  const directory = await readDirectory(sessionOf(tx));
  const present = of.all(directory).get(code) ?? null;
  requireSeen(of, present, seen);
  const next = make(present);
  if (present === null || canonicalJson(next) !== canonicalJson(present)) {
    if (present !== null && seen === null) {
      throw new Fault('version_required', null, `There is a ${of.kind} of this code already.`);
    }
    of.check(directory, next);
    requireFreeRef(of, directory, next);
    const entry = { ...next, version: (present?.version ?? 0) + 1 };
    await of.put(tx, entry, act.at);
    await raiseDirectoryVersion(tx);
    await auditAct(tx, act, `${of.kind}.set`, { kind: of.kind, id: code }, changeOf(present, entry));
  }
  const entry = await of.find(tx, code);
  if (entry === null) throw new Error(`the ${of.kind} was set and is not there`);
  return { entry, made: present === null };
}

/** Deletes an entry of the directory that nothing refers to; throws Fault `not_found`, `version_conflict` and `in_use` with what does. */
export async function removeEntry<T extends Entry>(
  tx: Tx,
  act: Act,
  of: EntryKind<T>,
  code: string,
  seen: number | null,
): Promise<void> {
  await lockDirectory(tx);
  const directory = await readDirectory(sessionOf(tx));
  const present = of.all(directory).get(code);
  if (present === undefined) throw new Fault('not_found', null, `There is no ${of.kind} of this code.`);
  requireSeen(of, present, seen);
  const uses = await of.uses(tx, directory, code);
  if (Object.values(uses).some((count) => count > 0)) {
    const counted = Object.entries(uses).map(([name, count]) => `${name.replaceAll('_', ' ')}: ${count}`);
    throw new Fault('in_use', null, `Something refers to the ${of.kind} (${counted.join(', ')}).`, uses);
  }
  await of.remove(tx, code);
  await raiseDirectoryVersion(tx);
  await auditAct(tx, act, `${of.kind}.deleted`, { kind: of.kind, id: code }, changeOf(present, null));
}

function requireSeen({ kind }: { readonly kind: string }, present: Entry | null, seen: number | null): void {
  if (seen === null || seen === present?.version) return;
  const now = present === null ? 'is not there any more' : `has version ${present.version} now`;
  throw new Fault('version_conflict', null, `The ${kind} ${now}.`);
}

function requireFreeRef<T extends Entry>(of: EntryKind<T>, directory: Directory, { code, externalRef }: T): void {
  if (externalRef === null) return;
  for (const other of of.all(directory).values()) {
    if (other.externalRef !== externalRef || other.code === code) continue;
    const message = `The ${of.kind} ${other.code} has this external_ref.`;
    throw new Fault('external_ref_taken', '/external_ref', message, { taken_by: other.code });
  }
}

/** The members that a change was about, as they were and as they are; null: there was, or is, none. */
function changeOf(before: Entry | null, after: Entry | null): Readonly<Record<string, unknown>> {
  const names = Object.keys(after ?? before ?? {}) as (keyof Entry)[];
  const changed = names.filter((name) => canonicalJson(before?.[name]) !== canonicalJson(after?.[name]));
  const values = (entry: Entry | null) =>
    entry === null ? null : Object.fromEntries(changed.map((name) => [name, entry[name]]));
  return { before: values(before), after: values(after) };
}
