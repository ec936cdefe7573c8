import type { Instant } from '../domain/instant.ts';
import type { IdentityKind } from '../domain/submission.ts';
import type { Vault } from '../domain/vault.ts';
import { plain, texts } from './column.ts';
import type { WrittenRow } from './import-revert.ts';
import type { Session } from './session.ts';

/** A key of the ledger that a row came under; `back` null: nothing stood for it before. */
export interface RowKey {
  readonly kind: 'request' | 'external';
  readonly key: string;
  readonly written: WrittenRow;
}

const KEYS = `unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::uuid[])
  u(source_id, kind, key, submission_id, fingerprint, back)`;
const SAME = 'r.source_id = u.source_id and r.kind = u.kind and r.key = u.key';
const FORGET = {
  name: 'revert_forget_receipts',
  text: `delete from receipt r using ${KEYS} where ${SAME} and r.submission_id = u.submission_id and u.back is null`,
};
const RETURN = {
  name: 'revert_return_receipts',
  text: `update receipt r set submission_id = u.back,
      fingerprints = coalesce(nullif(array_remove(r.fingerprints, u.fingerprint), '{}'), array[s.fingerprint])
    from ${KEYS} join submission s on s.id = u.back where ${SAME} and r.submission_id = u.submission_id`,
};
const UNSEE = {
  name: 'revert_unsee_fingerprints',
  text: `update receipt r set fingerprints = array_remove(r.fingerprints, u.fingerprint)
    from ${KEYS} where ${SAME} and r.submission_id <> u.submission_id and u.fingerprint = any(r.fingerprints)
      and cardinality(r.fingerprints) > 1`,
};

/** Lets the keys of rows be as before them: unknown, or standing for what they stood for. */
export async function releaseKeys(session: Session, keys: readonly RowKey[]): Promise<void> {
  if (keys.length === 0) return;
  const values = [
    plain(keys.map(({ written }) => written.source_id)),
    plain(keys.map(({ kind }) => kind)),
    texts(keys.map(({ key }) => key)),
    plain(keys.map(({ written }) => written.submission_id)),
    texts(keys.map(({ written }) => written.fingerprint)),
    plain(keys.map(({ written }) => written.back)),
  ];
  await session.run(FORGET, values);
  await session.run(RETURN, values);
  await session.run(UNSEE, values);
}

const DISMISS = {
  name: 'revert_dismiss_quarantine',
  text: `update quarantine set state = 'dismissed', actor = $2, resolved_at = $3
    where submission_id = any($1::uuid[]) and state = 'open'`,
};
const REOPEN = {
  name: 'revert_reopen_quarantine',
  text: `update quarantine q set state = 'open', resolved_by = null, resolved_at = null, actor = null
    from unnest($1::uuid[], $2::uuid[]) u(back, submission_id)
    where q.submission_id = u.back and q.resolved_by = u.submission_id and q.state in ('released', 'superseded')`,
};

/** Closes what these submissions left in quarantine, and opens again what they had released. */
export async function closeQuarantine(
  session: Session,
  written: readonly WrittenRow[],
  { actor, at }: { readonly actor: string; readonly at: Instant },
): Promise<void> {
  if (written.length === 0) return;
  const ids = plain(written.map((row) => row.submission_id));
  await session.run(DISMISS, [ids, actor, new Date(at)]);
  await session.run(REOPEN, [plain(written.map(({ back }) => back)), ids]);
}

const CONSENTS = {
  name: 'revert_consents',
  text: 'delete from consent where customer_id = any($1::uuid[]) and submission_id = any($2::uuid[])',
};
const REVIEWS = {
  name: 'revert_reviews',
  text: `update suggestion set state = 'dismissed', actor = $3, updated_at = $4
    where customer_id = any($1::uuid[]) and submission_id = any($2::uuid[]) and state = 'open'`,
};

/** Takes back what submissions stated of consent and raised for review, of these customers. */
export async function forgetStatements(
  session: Session,
  members: readonly string[],
  submissionIds: readonly string[],
  { actor, at }: { readonly actor: string; readonly at: Instant },
): Promise<void> {
  const [customers, submissions] = [plain(members), plain(submissionIds)];
  await session.run(CONSENTS, [customers, submissions]);
  await session.run(REVIEWS, [customers, submissions, actor, new Date(at)]);
}

/** An identity with what says whether a row made it. */
export interface MadeIdentity {
  readonly id: string;
  readonly customerId: string;
  readonly kind: IdentityKind;
  readonly value: string; // in clear
  readonly createdAt: Instant;
}

const IDENTITIES = {
  name: 'revert_identities',
  text: 'select id, customer_id, kind, value, sealed, created_at from identity where customer_id = any($1::uuid[])',
};
const DROP = {
  name: 'revert_drop_identities',
  text: 'delete from identity where customer_id = any($1::uuid[]) and id = any($2::uuid[])',
};

/** Every identity of these customers. */
export async function identitiesOfMembers(
  session: Session,
  vault: Vault,
  members: readonly string[],
): Promise<readonly MadeIdentity[]> {
  const rows = await session.run<{
    id: string;
    customer_id: string;
    kind: IdentityKind;
    value: string;
    sealed: string | null;
    created_at: number;
  }>(IDENTITIES, [plain(members)]);
  return rows.map((row) => ({
    id: row.id,
    customerId: row.customer_id,
    kind: row.kind,
    value: row.sealed === null ? row.value : vault.openText(row.sealed),
    createdAt: row.created_at,
  }));
}

/** Takes identities away from these customers; the caller has locked them. */
export async function dropIdentities(
  session: Session,
  members: readonly string[],
  ids: readonly string[],
): Promise<void> {
  if (ids.length > 0) await session.run(DROP, [plain(members), plain(ids)]);
}
