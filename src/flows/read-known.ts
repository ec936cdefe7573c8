import { type AskedPlaces, askPlaces, guardIds } from '../domain/asked-places.ts';
import { type Directory, isWorking } from '../domain/directory.ts';
import { identityKey } from '../domain/identity.ts';
import { type Known, type KnownReceipt, receiptKey } from '../domain/known.ts';
import type { Lead } from '../domain/lead.ts';
import type { Customer, KnownTouch, Person } from '../domain/person.ts';
import type { PolicyVersion } from '../domain/policy.ts';
import { noStaffing, type Staffing } from '../domain/staffing.ts';
import type { Identity } from '../domain/submission.ts';
import type { Vault } from '../domain/vault.ts';
import { lockCustomers, readAliases, readCustomers } from '../store/customer-rows.ts';
import { type Claim, type Claimed, claimIdentities, findIdentities, identitiesOf } from '../store/identity-rows.ts';
import { readLeads } from '../store/lead-rows.ts';
import { type LedgerKey, readReceipts, readRetried } from '../store/ledger.ts';
import { type RoutingModel, readRules } from '../store/rules.ts';
import type { Session } from '../store/session.ts';
import { type NoiseQuery, readNearTouches, readTouchValues } from '../store/touch-rows.ts';
import type { DirectoryBook } from './directory-book.ts';
import type { Prepared } from './prepare.ts';
import { readStaffing } from './read-staffing.ts';

/** A merge came between the claim and the lock: the transaction starts again. */
class StaleRootError extends Error {
  readonly code = 'stale_root';
}

/** How a batch is read. */
interface ReadOptions {
  readonly lock: boolean;
  readonly at: number;
  readonly together: <T>(send: () => T) => T;
  readonly directory: DirectoryBook;
}

/** Everything that judging and scoring a batch needs, read after the locks are held; `lock` false reads without any, for a dry run. */
export async function readKnown(
  session: Session,
  vault: Vault,
  batch: readonly Prepared[],
  claims: readonly Claim[],
  options: ReadOptions,
): Promise<{ readonly known: Known; readonly scoreModel: RoutingModel | null }> {
  const { lock, at, together } = options;
  const [claimed, receipts, retried, rules] = await together(() =>
    Promise.all([
      lock ? claimIdentities(session, vault, claims, at) : findIdentities(session, vault, claims),
      readReceipts(session, keysOf(batch)),
      readRetried(
        session,
        batch.flatMap(({ entry }) => entry.submission.completes ?? []),
      ),
      readRules(
        session,
        [...new Set(batch.map(({ entry }) => entry.submission.channel))],
        claims.map((claim) => claim.token),
      ),
    ]),
  );
  const owners = new Map(claimed.map((identity) => [identity.key, identity]));
  const updates = updatesAmong(batch, receipts);
  const roots = await rootsOf(session, claimed, updates);
  const people = await readPeople(session, vault, batch, owners, receipts, rules.policy, roots, options);
  const directory = await options.directory.open(session, rules.directoryVersion);
  const known: Known = {
    policy: rules.policy,
    channels: rules.channels,
    // Read again now that the touches' customers are locked too: another update may have come first.
    receipts:
      updates.length === 0 ? receipts : await withValues(session, await readReceipts(session, keysOf(batch)), updates),
    retried,
    suppressed: new Set(claims.filter((claim) => rules.suppressed.has(claim.token)).map((claim) => claim.key)),
    identities: new Map(
      claims.map((claim) => {
        const identity = owners.get(claim.key);
        const nobody = identity === undefined || identity.fresh;
        return [claim.key, { id: identity?.id ?? claim.id, customerId: nobody ? null : identity.customerId }];
      }),
    ),
    persons: people,
    staffing: await staffingFor(session, batch, owners, people, rules.policy, directory, options),
  };
  return { known, scoreModel: rules.scoreModel };
}

function keysOf(batch: readonly Prepared[]): readonly LedgerKey[] {
  return batch.flatMap(({ entry: { submission } }) =>
    submission.keys.map(({ kind, key }) => ({ sourceId: submission.source.id, kind, key })),
  );
}

/** Receipts of sources with update semantics whose touch may get new values. */
function updatesAmong(
  batch: readonly Prepared[],
  receipts: ReadonlyMap<string, KnownReceipt>,
): readonly KnownReceipt[] {
  if (receipts.size === 0 || !batch.some(({ entry }) => entry.submission.source.updateSemantics)) return [];
  return [...receipts.values()].filter((receipt) => receipt.touchId !== null && receipt.decision !== 'noise');
}

async function rootsOf(
  session: Session,
  claimed: readonly Claimed[],
  updates: readonly KnownReceipt[],
): Promise<readonly string[]> {
  const roots = new Set(claimed.filter((identity) => !identity.fresh).map((identity) => identity.customerId));
  const named = updates.flatMap(({ customerId }) => (customerId === null ? [] : [customerId]));
  const aliases = await readAliases(session, named);
  for (const id of named) roots.add(aliases.get(id) ?? id);
  return [...roots];
}

async function readPeople(
  session: Session,
  vault: Vault,
  batch: readonly Prepared[],
  owners: ReadonlyMap<string, Claimed>,
  receipts: ReadonlyMap<string, KnownReceipt>,
  policy: PolicyVersion,
  roots: readonly string[],
  { lock, at, together }: ReadOptions,
): Promise<ReadonlyMap<string, Person>> {
  if (roots.length === 0) return new Map();
  const asksWhoElse = batch.some(
    ({ entry: { submission } }) => submission.identities.length > 1 || submission.source.updateSemantics,
  );
  // Where the claim had to wait for an unmerge, it saw aliases as they stood before: they are looked at again.
  const viaAlias = [...owners.values()].filter(
    ({ fresh, customerId, writtenTo }) => !fresh && customerId !== writtenTo,
  );
  const [, aliases, customers, leads, touches, identities] = await together(() =>
    Promise.all([
      lock ? lockCustomers(session, roots, at) : undefined,
      readAliases(session, [...roots, ...viaAlias.map(({ writtenTo }) => writtenTo)]),
      readCustomers(session, roots),
      readLeads(session, vault, roots),
      readNearTouches(session, noiseQueries(batch, owners, receipts, policy)),
      asksWhoElse ? identitiesOf(session, vault, roots) : [],
    ]),
  );
  const undone = viaAlias.some(({ writtenTo, customerId }) => aliases.get(writtenTo) !== customerId);
  if (undone || roots.some((root) => aliases.has(root))) {
    throw new StaleRootError('a customer was merged away, or parted again, meanwhile');
  }
  return assemble(customers, leads, touches, identities);
}

/** Whose turn it is wherever the batch may have to find somebody: last of all locks. */
async function staffingFor(
  session: Session,
  batch: readonly Prepared[],
  owners: ReadonlyMap<string, Claimed>,
  people: ReadonlyMap<string, Person>,
  policy: PolicyVersion,
  directory: Directory,
  options: ReadOptions,
): Promise<Staffing> {
  if (!isWorking(directory)) return noStaffing();
  const asked: AskedPlaces = { places: new Set(), guards: new Set(), advisers: new Set() };
  for (const { entry } of batch) {
    const { submission } = entry;
    const persons = submission.identities.flatMap((identity) => {
      const owner = owners.get(identityKey(identity));
      return owner === undefined ? [] : (people.get(owner.customerId) ?? []);
    });
    askPlaces(asked, directory, policy.document, submission, persons);
  }
  const guards = guardIds(directory, asked);
  return readStaffing(session, directory, { ...asked, guards }, options);
}

function assemble(
  customers: readonly Customer[],
  leads: readonly { readonly root: string; readonly lead: Lead }[],
  touches: readonly { readonly root: string; readonly touch: KnownTouch }[],
  identities: readonly { readonly root: string; readonly identity: Identity }[],
): ReadonlyMap<string, Person> {
  const people = new Map<
    string,
    Person & { readonly leads: Lead[]; readonly touches: KnownTouch[]; readonly identities: Identity[] }
  >();
  for (const customer of customers) {
    people.set(customer.id, { customer, leads: [], touches: [], identities: [] });
  }
  for (const { root, lead } of leads) people.get(root)?.leads.push(lead);
  for (const { root, touch } of touches) people.get(root)?.touches.push(touch);
  for (const { root, identity } of identities) people.get(root)?.identities.push(identity);
  return people;
}

/** Where each submission could be noise: around its own moment, or the one that the rules will give it instead. */
function noiseQueries(
  batch: readonly Prepared[],
  owners: ReadonlyMap<string, Claimed>,
  receipts: ReadonlyMap<string, KnownReceipt>,
  policy: PolicyVersion,
): readonly NoiseQuery[] {
  const window = policy.document.noise_window_seconds * 1000;
  return batch.flatMap(({ entry }) => {
    const { submission } = entry;
    const moments = [submission.occurredAt];
    if (submission.occurredAt > submission.receivedAt) moments.push(submission.receivedAt); // clock skew
    for (const { kind, key } of submission.keys) {
      const receipt = receipts.get(receiptKey(submission.source.id, kind, key));
      if (receipt !== undefined) moments.push(receipt.occurredAt); // what it completes keeps its moment
    }
    const roots = new Set<string>();
    for (const identity of submission.identities) {
      const owner = owners.get(identityKey(identity));
      if (owner !== undefined && !owner.fresh) roots.add(owner.customerId);
    }
    const [from, to] = [Math.min(...moments) - window, Math.max(...moments) + window];
    return [...roots].map((root) => ({ root, noiseKey: entry.noiseKey, from, to }));
  });
}

async function withValues(
  session: Session,
  receipts: ReadonlyMap<string, KnownReceipt>,
  updates: readonly KnownReceipt[],
): Promise<ReadonlyMap<string, KnownReceipt>> {
  const values = await readTouchValues(
    session,
    updates.flatMap(({ touchId }) => touchId ?? []),
  );
  const named = updates.flatMap(({ customerId }) => customerId ?? []);
  const aliases = await readAliases(session, named);
  return new Map(
    [...receipts].map(([name, receipt]) => {
      const touch = receipt.touchId === null ? undefined : values.get(receipt.touchId);
      if (touch === undefined || receipt.customerId === null) return [name, receipt];
      const customerId = aliases.get(receipt.customerId) ?? receipt.customerId;
      return [name, { ...receipt, customerId, touch }];
    }),
  );
}
