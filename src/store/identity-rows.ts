import type { Identity, IdentityKind } from '../domain/submission.ts';
import type { Vault } from '../domain/vault.ts';
import { uuidColumn } from './binary-column.ts';
import { plain, texts } from './column.ts';
import type { Session } from './session.ts';

/** An identity to be claimed: whose it becomes if nobody has it yet. */
export interface Claim {
  readonly key: string; // identityKey
  readonly identity: Identity;
  readonly token: string; // keyed hash, 64 hex digits
  readonly id: string;
  readonly customerId: string;
}

/** An identity as it stands after the claim. */
export interface Claimed {
  readonly key: string;
  readonly id: string;
  readonly customerId: string; // root as far as the statement could see
  readonly writtenTo: string; // an alias of it, or itself
  readonly fresh: boolean;
}

interface Row {
  kind: IdentityKind;
  namespace: string;
  value: string;
  id: string;
  customer_id: string;
  root: string | null;
}

const ROOT = `(select a.customer_id from customer_alias a where a.alias_id = i.customer_id) as root`;
const CLAIM = {
  name: 'claim_identities',
  text: `insert into identity as i (kind, namespace, value, sealed, id, customer_id, created_at, seen_at)
    select u.*, $7, $7 from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::uuid[]) u
    on conflict (value, kind, namespace) do update set seen_at = excluded.seen_at
    returning i.kind, i.namespace, i.value, i.id, i.customer_id, ${ROOT}`,
};
const FIND = {
  name: 'find_identities',
  text: `select i.kind, i.namespace, i.value, i.id, i.customer_id, ${ROOT}
    from unnest($1::text[], $2::text[], $3::text[]) u(kind, namespace, value)
    join identity i on i.value = u.value and i.kind = u.kind and i.namespace = u.namespace`,
};

/** What `identity.value` holds: the value, or its keyed hash when the deployment encrypts all. */
export function storedValue(vault: Vault, claim: Pick<Claim, 'identity' | 'token'>): string {
  return vault.atRest === 'all' ? claim.token : claim.identity.value;
}

/** Claims identities in sorted order and locks them; an unknown one becomes the customer's that the claim names. */
export async function claimIdentities(
  session: Session,
  vault: Vault,
  claims: readonly Claim[],
  at: number,
): Promise<readonly Claimed[]> {
  if (claims.length === 0) return [];
  const sorted = claims
    .map((claim) => ({ claim, value: storedValue(vault, claim) }))
    .sort((a, b) => compare(a.value, b.value) || compare(a.claim.key, b.claim.key));
  const sealed = (claim: Claim): string | null =>
    vault.atRest === 'all' ? vault.sealText(claim.identity.value) : null;
  const rows = await session.run<Row>(CLAIM, [
    plain(sorted.map(({ claim }) => claim.identity.kind)),
    texts(sorted.map(({ claim }) => claim.identity.namespace)),
    texts(sorted.map(({ value }) => value)),
    texts(sorted.map(({ claim }) => sealed(claim))),
    uuidColumn(sorted.map(({ claim }) => claim.id)),
    uuidColumn(sorted.map(({ claim }) => claim.customerId)),
    new Date(at),
  ]);
  return match(sorted, rows);
}

/** The identities that exist, without a lock: for a dry run. */
export async function findIdentities(
  session: Session,
  vault: Vault,
  claims: readonly Claim[],
): Promise<readonly Claimed[]> {
  if (claims.length === 0) return [];
  const named = claims.map((claim) => ({ claim, value: storedValue(vault, claim) }));
  const rows = await session.run<Row>(FIND, [
    plain(named.map(({ claim }) => claim.identity.kind)),
    texts(named.map(({ claim }) => claim.identity.namespace)),
    texts(named.map(({ value }) => value)),
  ]);
  return match(named, rows);
}

function match(
  named: readonly { readonly claim: Claim; readonly value: string }[],
  rows: readonly Row[],
): readonly Claimed[] {
  const found = new Map(rows.map((row) => [`${row.kind}:${row.namespace}:${row.value}`, row]));
  return named.flatMap(({ claim, value }) => {
    const row = found.get(`${claim.identity.kind}:${claim.identity.namespace}:${value}`);
    if (row === undefined) return [];
    const { id, root, customer_id: writtenTo } = row;
    return [{ key: claim.key, id, customerId: root ?? writtenTo, writtenTo, fresh: id === claim.id }];
  });
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const RELINK = {
  name: 'relink_identities',
  text: `update identity i set customer_id = u.customer_id
    from unnest($1::uuid[], $2::uuid[], $3::text[]) u(id, customer_id, value) where i.value = u.value and i.id = u.id`,
};

/** Gives identities claimed just now to the customer whom the rules found for them. */
export async function relinkIdentities(
  session: Session,
  links: readonly { readonly id: string; readonly value: string; readonly customerId: string }[],
): Promise<void> {
  if (links.length === 0) return;
  await session.run(RELINK, [
    plain(links.map((link) => link.id)),
    plain(links.map((link) => link.customerId)),
    texts(links.map((link) => link.value)),
  ]);
}

const RELEASE = {
  name: 'release_identities',
  text: `delete from identity i using unnest($1::uuid[], $2::text[]) u(id, value) where i.value = u.value and i.id = u.id`,
};

/** Takes back identities claimed just now that no touch came of: what is refused or suppressed leaves no trace of a person. */
export async function releaseIdentities(
  session: Session,
  claims: readonly { readonly id: string; readonly value: string }[],
): Promise<void> {
  if (claims.length === 0) return;
  await session.run(RELEASE, [plain(claims.map((claim) => claim.id)), texts(claims.map((claim) => claim.value))]);
}

const OF_CUSTOMERS = {
  name: 'identities_of_customers',
  text: `select f.root, i.kind, i.namespace, i.value, i.sealed, i.id from (
      select id as root, id as member from unnest($1::uuid[]) id
      union all select customer_id, alias_id from customer_alias where customer_id = any($1::uuid[])
    ) f join identity i on i.customer_id = f.member`,
};

/** Every identity of the root customers given, in clear. */
export async function identitiesOf(
  session: Session,
  vault: Vault,
  roots: readonly string[],
): Promise<readonly { readonly root: string; readonly id: string; readonly identity: Identity }[]> {
  if (roots.length === 0) return [];
  const rows = await session.run<Row & { root: string; sealed: string | null }>(OF_CUSTOMERS, [plain(roots)]);
  return rows.map((row) => ({
    root: row.root,
    id: row.id,
    identity: {
      kind: row.kind,
      namespace: row.namespace,
      value: row.sealed === null ? row.value : vault.openText(row.sealed),
    },
  }));
}
