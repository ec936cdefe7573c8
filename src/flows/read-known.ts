import { identityKey } from '../domain/identity.ts';
import type { Known, KnownReceipt } from '../domain/known.ts';
import type { Lead } from '../domain/lead.ts';
import type { Customer, KnownTouch, Person } from '../domain/person.ts';
import type { PolicyVersion } from '../domain/policy.ts';
import type { Identity } from '../domain/submission.ts';
import type { Vault } from '../domain/vault.ts';
import { lockCustomers, readAliases, readCustomers } from '../store/customer-rows.ts';
import { type Claim, type Claimed, claimIdentities, findIdentities, identitiesOf } from '../store/identity-rows.ts';
import { readLeads } from '../store/lead-rows.ts';
import { type LedgerKey, readReceipts } from '../store/ledger.ts';
import { readChannelKinds, readPolicy, readSuppressed } from '../store/rules.ts';
import type { Session } from '../store/session.ts';
import { type NoiseQuery, readNearTouches, readTouchValues } from '../store/touch-rows.ts';
import type { Prepared } from './prepare.ts';

/** A merge came between the claim and the lock: the transaction starts again. */
export class StaleRootError extends Error {
  readonly code = 'stale_root';
}

/** Everything that judging a batch needs, read after the locks are held; `lock` false reads without any, for a dry run. */
export async function readKnown(
  session: Session,
  vault: Vault,
  batch: readonly Prepared[],
  claims: readonly Claim[],
  options: { readonly lock: boolean; readonly at: number; readonly together: <T>(send: () => T) => T },
): Promise<Known> {
  const { lock, at, together } = options;
  const [claimed, receipts, suppressedTokens, policy, channels] = await together(() =>
    Promise.all([
      lock ? claimIdentities(session, vault, claims, at) : findIdentities(session, vault, claims),
      readReceipts(session, keysOf(batch)),
      readSuppressed(
        session,
        claims.map((claim) => claim.token),
      ),
      readPolicy(session),
      readChannelKinds(session, [...new Set(batch.map(({ entry }) => entry.submission.channel))]),
    ]),
  );
  const owners = new Map(claimed.map((identity) => [identity.key, identity]));
  const updates = updatesAmong(batch, receipts);
  const roots = await rootsOf(session, claimed, updates);
  const people = await readPeople(session, vault, batch, owners, policy, roots, options);
  const known: Known = {
    policy,
    channels,
    receipts: updates.length === 0 ? receipts : await withValues(session, vault, receipts, updates),
    suppressed: new Set(claims.filter((claim) => suppressedTokens.has(claim.token)).map((claim) => claim.key)),
    identities: new Map(
      claims.map((claim) => {
        const identity = owners.get(claim.key);
        const nobody = identity === undefined || identity.fresh;
        return [claim.key, { id: identity?.id ?? claim.id, customerId: nobody ? null : identity.customerId }];
      }),
    ),
    persons: people,
  };
  return known;
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
  policy: PolicyVersion,
  roots: readonly string[],
  { lock, at, together }: { readonly lock: boolean; readonly at: number; readonly together: <T>(send: () => T) => T },
): Promise<ReadonlyMap<string, Person>> {
  if (roots.length === 0) return new Map();
  const asksForPhones = batch.some(({ entry }) => entry.submission.identities.length > 1);
  const [, aliases, customers, leads, touches, identities] = await together(() =>
    Promise.all([
      lock ? lockCustomers(session, roots, at) : undefined,
      readAliases(session, roots),
      readCustomers(session, roots),
      readLeads(session, vault, roots),
      readNearTouches(session, noiseQueries(batch, owners, policy)),
      asksForPhones ? identitiesOf(session, vault, roots) : [],
    ]),
  );
  if (aliases.size > 0) throw new StaleRootError('a customer was merged away meanwhile');
  const phones = new Set(identities.filter(({ identity }) => identity.kind === 'phone').map(({ root }) => root));
  return assemble(customers, leads, touches, phones);
}

function assemble(
  customers: readonly Customer[],
  leads: readonly { readonly root: string; readonly lead: Lead }[],
  touches: readonly { readonly root: string; readonly touch: KnownTouch }[],
  phones: ReadonlySet<string>,
): ReadonlyMap<string, Person> {
  const people = new Map<string, Person & { readonly leads: Lead[]; readonly touches: KnownTouch[] }>();
  for (const customer of customers) {
    people.set(customer.id, { customer, leads: [], touches: [], hasPhone: phones.has(customer.id) });
  }
  for (const { root, lead } of leads) people.get(root)?.leads.push(lead);
  for (const { root, touch } of touches) people.get(root)?.touches.push(touch);
  return people;
}

/** Where each submission could be noise; a future moment is looked for where the clock-skew rule would put it. */
function noiseQueries(
  batch: readonly Prepared[],
  owners: ReadonlyMap<string, Claimed>,
  policy: PolicyVersion,
): readonly NoiseQuery[] {
  const window = policy.document.noise_window_seconds * 1000;
  return batch.flatMap(({ entry }) => {
    const { submission } = entry;
    const roots = new Set<string>();
    for (const identity of submission.identities) {
      const owner = owners.get(identityKey(identity));
      if (owner !== undefined && !owner.fresh) roots.add(owner.customerId);
    }
    const ahead = submission.occurredAt > submission.receivedAt;
    const from = (ahead ? submission.receivedAt : submission.occurredAt) - window;
    return [...roots].map((root) => ({ root, noiseKey: entry.noiseKey, from, to: submission.occurredAt + window }));
  });
}

async function withValues(
  session: Session,
  vault: Vault,
  receipts: ReadonlyMap<string, KnownReceipt>,
  updates: readonly KnownReceipt[],
): Promise<ReadonlyMap<string, KnownReceipt>> {
  const values = await readTouchValues(
    session,
    updates.flatMap(({ touchId }) => touchId ?? []),
  );
  const named = updates.flatMap(({ customerId }) => customerId ?? []);
  const aliases = await readAliases(session, named);
  const roots = [...new Set(named.map((id) => aliases.get(id) ?? id))];
  const identities = new Map<string, Identity[]>();
  for (const { root, identity } of await identitiesOf(session, vault, roots)) {
    identities.set(root, [...(identities.get(root) ?? []), identity]);
  }
  return new Map(
    [...receipts].map(([name, receipt]) => {
      const touch = receipt.touchId === null ? undefined : values.get(receipt.touchId);
      if (touch === undefined || receipt.customerId === null) return [name, receipt];
      const customerId = aliases.get(receipt.customerId) ?? receipt.customerId;
      return [name, { ...receipt, customerId, touch: { ...touch, identities: identities.get(customerId) ?? [] } }];
    }),
  );
}
