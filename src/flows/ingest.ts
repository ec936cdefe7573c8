import { decideAll, type Judgement } from '../domain/decide-all.ts';
import type { Outcome } from '../domain/outcome.ts';
import type { Vault } from '../domain/vault.ts';
import type { World } from '../domain/world.ts';
import { linkVisitors } from '../store/behaviour-links.ts';
import { upsertCustomers } from '../store/customer-rows.ts';
import { insertEvents } from '../store/event-rows.ts';
import { type Claim, releaseIdentities, relinkIdentities, storedValue } from '../store/identity-rows.ts';
import { upsertLeads } from '../store/lead-rows.ts';
import { insertReceipts, replaceReceipts } from '../store/ledger.ts';
import { writePools } from '../store/pools.ts';
import { markCustomersDue } from '../store/score-due.ts';
import type { IngestConnection, Session } from '../store/session.ts';
import {
  insertConsents,
  insertSubmissions,
  type RawBody,
  upsertSuggestions,
  writeQuarantine,
} from '../store/submission-rows.ts';
import { writeTouches } from '../store/touch-rows.ts';
import { claimsOf } from './claims.ts';
import { createDirectoryBook, type DirectoryBook } from './directory-book.ts';
import type { Prepared } from './prepare.ts';
import { readKnown } from './read-known.ts';
import { recompute } from './recompute.ts';
import { readTouched, scoreTouched } from './score-touched.ts';
import { createSeedSource } from './seed.ts';
import { visitorsOf } from './visitors-of.ts';

/** What a way in writes in the transaction of its batch. */
export interface Beside {
  /** First in the transaction, before any lock; throws to end it. */
  readonly begin: (session: Session) => Promise<void>;
  /** Answers what sends the writes, which go with the others; of the batch as it was tried. */
  readonly judged: (
    session: Session,
    batch: readonly Prepared[],
    judgement: Judgement,
  ) => Promise<(session: Session) => Promise<unknown>>;
}

/** When a batch is taken in, and what its transaction knows and does besides. */
export interface IngestOptions {
  readonly at: number;
  readonly directory: DirectoryBook;
  readonly beside?: Beside | null;
}

/**
 * Judges and writes a batch in one transaction of three round trips: claim and look up, read what is known, write and commit. One
 * more where leads may have to be given to somebody (lock their pools), and one where a score model is active (stand by it).
 */
export async function ingest(
  connection: IngestConnection,
  vault: Vault,
  batch: readonly Prepared[],
  { at, directory, beside = null }: IngestOptions,
): Promise<readonly Outcome[]> {
  const claims = claimsOf(batch);
  const begun = connection.begin();
  begun.catch(() => {}); // the first statement after it fails too, and speaks for it
  try {
    const { together } = connection;
    await beside?.begin(connection);
    const { known, scoreModel } = await readKnown(connection, vault, batch, claims, {
      lock: true,
      at,
      together,
      directory,
    });
    const judgement = decideAll(
      batch.map(({ entry }) => entry),
      known,
    );
    const { outcomes, world } = judgement;
    if (world.submissions.length === 0 && beside === null) {
      await connection.rollback(); // replays and conflicts only: nothing is written
      return outcomes;
    }
    const writeBeside = await beside?.judged(connection, batch, judgement);
    const write = () =>
      Promise.all([writeWorld(connection, vault, world, claims, batch, at), writeBeside?.(connection)]);
    if (world.recomputed.size > 0) {
      await together(() => Promise.all([write(), markCustomersDue(connection, touchedBy(world), at)]));
      const seeds = createSeedSource();
      for (const [customerId, { actor, requestId }] of world.recomputed) {
        await recompute(connection, { actor, requestId, at, vault, seeds }, [customerId]);
      }
      await connection.commit();
    } else if (scoreModel !== null && world.touches.length > 0) {
      const [, facts] = await together(() => Promise.all([write(), readTouched(connection, scoreModel, world, at)]));
      const score = scoreTouched(vault, scoreModel, world, facts, at);
      await together(() => Promise.all([score(connection), connection.commit()]));
    } else {
      const mark = () => markCustomersDue(connection, touchedBy(world), at);
      await together(() => Promise.all([write(), mark(), connection.commit()]));
    }
    return outcomes;
  } catch (error) {
    await connection.rollback().catch(() => {}); // a broken connection has rolled back by itself
    throw error;
  }
}

/** Judges a batch as `ingest` would and writes nothing, takes no lock, answers null for ids that would be made. */
export async function ingestDryRun(
  session: Session,
  vault: Vault,
  batch: readonly Prepared[],
  at: number,
): Promise<readonly Outcome[]> {
  const together = <T>(send: () => T): T => send();
  const { known } = await readKnown(session, vault, batch, claimsOf(batch), {
    lock: false,
    at,
    together,
    directory: createDirectoryBook(),
  });
  const judgement = decideAll(
    batch.map(({ entry }) => entry),
    known,
  );
  return judgement.outcomes.map((outcome) => withoutMadeIds(outcome, judgement, known.persons));
}

function withoutMadeIds(outcome: Outcome, { world }: Judgement, before: ReadonlyMap<string, unknown>): Outcome {
  const leads = new Set([...world.known.persons.values()].flatMap((person) => person.leads.map((lead) => lead.id)));
  const made = new Set([
    ...world.submissions.map((write) => write.id),
    ...world.touches.map((touch) => touch.id),
    ...world.quarantines.map(({ id }) => id),
    ...world.touches.filter((touch) => !leads.has(touch.leadId)).map((touch) => touch.leadId),
    ...world.touches.filter((touch) => !before.has(touch.customerId)).map((touch) => touch.customerId),
  ]);
  const kept = (id: string | null): string | null => (id === null || made.has(id) ? null : id);
  return {
    ...outcome,
    submissionId: kept(outcome.submissionId),
    leadId: kept(outcome.leadId),
    customerId: kept(outcome.customerId),
    touchId: kept(outcome.touchId),
    quarantineId: kept(outcome.quarantineId),
  };
}

function writeWorld(
  session: Session,
  vault: Vault,
  world: World,
  claims: readonly Claim[],
  batch: readonly Prepared[],
  at: number,
): Promise<unknown> {
  const { persons, policy } = world.known;
  const changed = [...world.persons.values()].filter((person) => persons.get(person.customer.id) !== person);
  const known = new Set([...persons.values()].flatMap((person) => person.leads));
  const receipts = [...world.receiptWrites.values()];
  const { links, released } = fateOfClaims(vault, world, claims);
  return Promise.all([
    upsertCustomers(
      session,
      changed.map((person) => person.customer),
      at,
    ),
    upsertLeads(
      session,
      vault,
      changed.flatMap((person) => person.leads.filter((lead) => !known.has(lead))),
    ),
    writePools(session, world.staffing, at),
    relinkIdentities(session, links),
    releaseIdentities(session, released),
    insertSubmissions(session, vault, world, rawBodies(vault, world, batch)),
    writeTouches(session, world),
    linkVisitors(session, visitorsOf(vault, world, claims), at),
    insertReceipts(
      session,
      receipts.filter((receipt) => !receipt.replaces),
    ),
    replaceReceipts(
      session,
      receipts.filter((receipt) => receipt.replaces),
      world.known.receipts,
    ),
    writeQuarantine(session, world, at),
    upsertSuggestions(session, [...world.suggestions.values()]),
    insertConsents(session, world),
    insertEvents(
      session,
      world.events.map(({ event, entry: { actor, requestId } }) => ({
        event,
        actor,
        requestId,
        policyVersion: policy.version,
        recordedAt: at,
      })),
    ),
  ]);
}

/** Customers whose touches are new or have other values. */
function touchedBy({ touches, touchFields }: World): readonly string[] {
  return [...new Set([...touches, ...touchFields.values()].map(({ customerId }) => customerId))];
}

/** Identities claimed just now: given to whom the rules found, or taken back when no touch came of them. */
function fateOfClaims(
  vault: Vault,
  world: World,
  claims: readonly Claim[],
): {
  readonly links: { id: string; value: string; customerId: string }[];
  readonly released: { id: string; value: string }[];
} {
  const links: { id: string; value: string; customerId: string }[] = [];
  const released: { id: string; value: string }[] = [];
  for (const claim of claims) {
    const before = world.known.identities.get(claim.key);
    if (before === undefined || before.customerId !== null) continue;
    const owner = world.identities.get(claim.key)?.customerId ?? null;
    const value = storedValue(vault, claim);
    if (owner === null) released.push({ id: claim.id, value });
    else if (owner !== claim.customerId) links.push({ id: claim.id, value, customerId: owner });
  }
  return { links, released };
}

function rawBodies(vault: Vault, world: World, batch: readonly Prepared[]): readonly RawBody[] {
  const sources = new Map(batch.map((prepared) => [prepared.entry, prepared]));
  const sealed = vault.atRest !== 'none';
  return world.submissions.flatMap((write) => {
    const prepared = sources.get(write.entry);
    if (prepared === undefined || write.minimal) return [];
    const { raw, contentType } = prepared;
    const { receivedAt } = write.settled;
    return [{ submissionId: write.id, receivedAt, contentType, body: sealed ? vault.seal(raw) : raw, sealed }];
  });
}
