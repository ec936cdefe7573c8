import { decideAll, type Judgement } from '../domain/decide-all.ts';
import { identityKey } from '../domain/identity.ts';
import { type Known, receiptKey } from '../domain/known.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { KnownTouch, Person } from '../domain/person.ts';
import { erasedTokens } from '../store/import-erase.ts';
import {
  closeOverlay,
  type NoiseWindow,
  namedInOverlay,
  type Overlay,
  openOverlay,
  readOverlay,
  writeOverlay,
} from '../store/import-overlay.ts';
import type { ImportRowWrite } from '../store/import-rows.ts';
import { type HeldImport, holdImport } from '../store/imports.ts';
import type { IngestConnection } from '../store/session.ts';
import { claimsOf } from './claims.ts';
import type { ImporterDeps } from './import-deps.ts';
import { erasedRow, parted } from './import-erased.ts';
import { describeRow } from './import-outcomes.ts';
import { keepPreview } from './import-preview.ts';
import type { ReadRow } from './import-row.ts';
import type { PlannedImport } from './import-setup.ts';
import { writeRows } from './import-write.ts';
import type { Prepared } from './prepare.ts';
import { readKnown } from './read-known.ts';

/** Makes a connection ready for a dry run from the first row on. */
export async function beginDryRun(connection: IngestConnection, importId: string): Promise<void> {
  await openOverlay(connection, importId);
}

/** Forgets on a connection what a dry run would have made: people are in it. */
export async function endDryRun(connection: IngestConnection, importId: string): Promise<void> {
  await closeOverlay(connection, importId);
}

/** What would become of a row, and whose its lead would be; `read` null: of an erased person. */
export type DryRow = ImportRowWrite & { readonly read: ReadRow | null; readonly owner: string | null };

/** Judges the next rows as `runBatch` would after the rows before, and writes only what became of them. */
export async function dryRunBatch(
  deps: ImporterDeps,
  connection: IngestConnection,
  held: HeldImport,
  setup: PlannedImport,
  reads: readonly ReadRow[],
): Promise<readonly DryRow[]> {
  await connection.begin();
  try {
    const found = await holdImport(connection, held, ['running']);
    const erased = await erasedTokens(connection, held.id);
    const written: DryRow[] = [];
    for (const part of parted(reads, erased)) {
      if (part.erased)
        written.push(...part.reads.map((read) => ({ ...erasedRow(held.id, read.row), read: null, owner: null })));
      else written.push(...(await judgeRows(deps, connection, setup, part.reads)));
    }
    if (found.rowsDone === 0) await keepPreview(connection, deps.vault, held.id, written);
    await writeRows(connection, deps, found, written);
    await connection.commit();
    return written;
  } catch (error) {
    await connection.rollback().catch(() => {}); // a broken connection has rolled back by itself
    throw error;
  }
}

async function judgeRows(
  deps: ImporterDeps,
  connection: IngestConnection,
  setup: PlannedImport,
  reads: readonly ReadRow[],
): Promise<readonly DryRow[]> {
  const importId = setup.import.id;
  const batch = reads.map(({ prepared }) => prepared);
  const { known, stored } = await readThrough(deps, connection, importId, batch);
  const judgement = decideAll(
    batch.map(({ entry }) => entry),
    known,
  );
  const ids = [...new Set(judgement.outcomes.flatMap(({ customerId }) => customerId ?? []))];
  const named = { customers: new Set(await namedInOverlay(connection, importId, ids)), leads: new Set<string>() };
  const written = reads.flatMap((read, at) => {
    const outcome = judgement.outcomes[at];
    if (outcome === undefined) return [];
    const row = describeRow(setup, read, outcome, known.persons, named);
    const owner = outcome.owner?.adviser ?? null;
    return [{ ...row, ...idsThatAre(outcome, stored), touchId: null, before: null, read, owner }];
  });
  await writeOverlay(connection, deps.vault, importId, madeBy(batch, judgement, ids));
  return written;
}

/** Ids of an outcome that the database has: what this or an earlier row would have made has none yet. */
function idsThatAre(
  { submissionId, customerId, leadId }: Outcome,
  { persons, receipts }: Known,
): Pick<ImportRowWrite, 'submissionId' | 'customerId' | 'leadId'> {
  const leads = [...persons.values()].flatMap((person) => person.leads.map(({ id }) => id));
  const submissions = [...receipts.values()].map((receipt) => receipt.submissionId);
  return {
    submissionId: submissions.includes(submissionId) ? submissionId : null,
    customerId: customerId !== null && persons.has(customerId) ? customerId : null,
    leadId: leadId !== null && leads.includes(leadId) ? leadId : null,
  };
}

/** What the database knows, with what earlier rows would have made of it laid over. */
async function readThrough(
  deps: ImporterDeps,
  connection: IngestConnection,
  importId: string,
  batch: readonly Prepared[],
): Promise<{ readonly known: Known; readonly stored: Known }> {
  const { together } = connection;
  const options = { lock: false, at: deps.clock(), together, directory: deps.lane.directory };
  const { known: stored } = await readKnown(connection, deps.vault, batch, claimsOf(batch), options);
  const tokens = tokensOf(batch);
  const overlay = await readOverlay(connection, deps.vault, importId, {
    tokens: [...tokens.keys()],
    keys: batch.flatMap(({ entry: { submission } }) =>
      submission.keys.map(({ kind, key }) => receiptKey(submission.source.id, kind, key)),
    ),
    people: [...stored.persons.keys()],
    noise: (receipts) => noiseOf(batch, stored, receipts),
  });
  const identities = new Map(stored.identities);
  for (const [token, identity] of overlay.identities) identities.set(tokens.get(token) ?? '', identity);
  const persons = new Map(stored.persons);
  for (const [id, person] of overlay.persons) persons.set(id, over(stored.persons.get(id), person));
  const receipts = new Map([...stored.receipts, ...overlay.receipts]);
  return { known: { ...stored, identities, persons, receipts }, stored };
}

/** Where each row could repeat a touch: around its moment, one that comes from a clock ahead of ours, or one that its key has. */
function noiseOf(
  batch: readonly Prepared[],
  { policy, receipts }: Known,
  made: Overlay['receipts'],
): readonly NoiseWindow[] {
  const window = policy.document.noise_window_seconds * 1000;
  return batch.map(({ entry: { submission, noiseKey } }) => {
    const kept = submission.keys.flatMap(({ kind, key }) => {
      const name = receiptKey(submission.source.id, kind, key);
      return [receipts.get(name), made.get(name)].flatMap((receipt) => receipt?.occurredAt ?? []);
    });
    const moments = [submission.occurredAt, submission.receivedAt, ...kept];
    return { noiseKey, from: Math.min(...moments) - window, to: Math.max(...moments) + window };
  });
}

/** Identity keys by their tokens. */
function tokensOf(batch: readonly Prepared[]): ReadonlyMap<string, string> {
  return new Map(
    batch.flatMap(({ entry, tokens }) =>
      entry.submission.identities.map((identity, at) => [tokens[at] ?? '', identityKey(identity)] as const),
    ),
  );
}

/** Touches near this batch in time are the database's; what the file would have made goes before them. */
function over(stored: Person | undefined, made: Person): Person {
  if (stored === undefined) return made;
  const touches = new Map<string, KnownTouch>([...stored.touches, ...made.touches].map((touch) => [touch.id, touch]));
  return { ...made, touches: [...touches.values()] };
}

function madeBy(
  batch: readonly Prepared[],
  { world }: Judgement,
  named: readonly string[],
): Overlay & { readonly named: readonly string[] } {
  const keys = new Map([...tokensOf(batch)].map(([token, key]) => [key, token]));
  const { known } = world;
  return {
    identities: new Map(
      [...world.identities]
        .filter(([key, identity]) => identity.customerId !== null && known.identities.get(key) !== identity)
        .map(([key, identity]) => [keys.get(key) ?? key, identity]),
    ),
    persons: new Map([...world.persons].filter(([id, person]) => known.persons.get(id) !== person)),
    receipts: new Map(
      [...world.receiptWrites.keys()].flatMap((key) => {
        const receipt = world.receipts.get(key);
        return receipt === undefined ? [] : [[key, receipt] as const];
      }),
    ),
    named,
  };
}
