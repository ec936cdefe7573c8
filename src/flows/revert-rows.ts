import type { Import, ImportRevert } from '../domain/import.ts';
import type { Instant } from '../domain/instant.ts';
import type { Vault } from '../domain/vault.ts';
import type { Db, Tx } from '../store/database.ts';
import { familiesOf, nextRows, type WrittenRow, writtenRows } from '../store/import-revert.ts';
import { changeImport, type HeldImport, holdImport } from '../store/imports.ts';
import { letWork } from '../store/let-work.ts';
import { sessionOf } from '../store/session.ts';
import { lockIdentities } from '../store/whereabouts.ts';
import { auditAct } from './act.ts';
import type { Call } from './call.ts';
import { idsOf } from './ids.ts';
import { type LockedPerson, lockPeople } from './lock-people.ts';
import { revertPeople } from './revert-people.ts';
import { revertTraces } from './revert-traces.ts';
import type { SeedSource } from './seed.ts';

/** What taking an import back needs. */
export interface RevertDeps {
  readonly db: Db;
  readonly vault: Vault;
  readonly seeds: SeedSource;
  readonly clock: () => Instant;
}

const TRIES = 3; // a merge or split may come between the look-up and the lock, and a deadlock may be lost
const LOST_RACES: ReadonlySet<unknown> = new Set(['40P01', '40001', 'stale_root']);

/**
 * Takes the next rows of an import back that is `reverting`, at most `limit` and whatever else the file says of their people, in
 * one transaction with how far it is; `done` once it is `reverted`. Throws LostImport, and what the database throws.
 */
export async function revertRows(
  deps: RevertDeps,
  held: HeldImport,
  limit: number,
): Promise<{ readonly done: boolean; readonly rows: number }> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await deps.db.transaction().execute((tx) => revertBatch(tx, deps, held, limit));
    } catch (error) {
      if (attempt >= TRIES || !LOST_RACES.has((error as { readonly code?: unknown } | null)?.code)) throw error;
    }
  }
}

async function revertBatch(
  tx: Tx,
  { vault, seeds, clock }: RevertDeps,
  held: HeldImport,
  limit: number,
): Promise<{ readonly done: boolean; readonly rows: number }> {
  await letWork(tx);
  const session = sessionOf(tx);
  const reverted = await holdImport(session, held, ['reverting']);
  const { revert } = reverted;
  if (revert === null) throw new Error(`import ${held.id} is reverting and nobody asked for it`);
  const call: Call = { actor: revert.actor, requestId: null, at: clock(), vault, seeds };
  const rows = await nextRows(session, held.id, revert.row, limit);
  const last = rows.at(-1);
  if (last === undefined) {
    await finish(tx, call, reverted, revert);
    return { done: true, rows: 0 };
  }
  const { people, written } = await lockRows(tx, call, held.id, rows);
  const taken = await revertPeople(session, call, reverted, people, written);
  const back = written.filter((row) => !taken.kept.has(row.submission_id));
  await revertTraces(
    session,
    call,
    reverted,
    people.map(({ customer }) => customer.id),
    back,
  );
  const window = new Set(rows);
  const kept = written.filter(({ row, submission_id: id }) => window.has(row) && taken.kept.has(id)).length;
  await changeImport(tx, held.id, {
    revert: {
      ...revert,
      row: last,
      touches: revert.touches + taken.touches,
      leads: revert.leads + taken.leads,
      kept: revert.kept + kept,
    },
  });
  return { done: false, rows: rows.length };
}

/** The people of rows, locked, with everything that the import wrote of them. */
async function lockRows(
  tx: Tx,
  call: Call,
  importId: string,
  rows: readonly number[],
): Promise<{ readonly people: readonly LockedPerson[]; readonly written: readonly WrittenRow[] }> {
  const session = sessionOf(tx);
  const asked = await writtenRows(session, importId, rows, []);
  const roots = rootsOf(asked);
  if (roots.length === 0) return { people: [], written: asked }; // refused rows name nobody to lock
  const members = (await familiesOf(session, roots)).map(({ member }) => member);
  await lockIdentities(session, members); // before customers, as everywhere
  const found = [...(await lockPeople(tx, call.vault, roots, call.at)).values()];
  const people = [...new Map(found.map((person) => [person.customer.id, person])).values()];
  const written = await writtenRows(session, importId, rows, members);
  const locked = new Set(people.map(({ customer }) => customer.id));
  const window = new Set(rows);
  const known = written.filter(({ root }) => root === null || locked.has(root));
  if (written.some(({ row, root }) => window.has(row) && root !== null && !locked.has(root))) {
    throw Object.assign(new Error('a person of the rows was moved meanwhile'), { code: 'stale_root' });
  }
  return { people, written: known };
}

function rootsOf(written: readonly WrittenRow[]): readonly string[] {
  return [...new Set(written.flatMap(({ root }) => root ?? []))];
}

async function finish(tx: Tx, call: Call, { id }: Import, revert: ImportRevert): Promise<void> {
  await changeImport(tx, id, { state: 'reverted', lease_until: null, finished_at: call.at });
  const { touches, leads, kept, force } = revert;
  const act = { ...call, newId: idsOf(call.seeds, call.at, id), chance: () => new Uint8Array() };
  await auditAct(tx, act, 'import.reverted', { kind: 'import', id }, { touches, leads, kept, force });
}
