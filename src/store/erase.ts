import type { Instant } from '../domain/instant.ts';
import type { Fields } from '../domain/submission.ts';
import type { Vault } from '../domain/vault.ts';
import { plain, texts, times } from './column.ts';
import { readPhone } from './sealed-phone.ts';
import type { Session } from './session.ts';

/** A submission as erasing needs to know it. */
export interface ErasableSubmission {
  readonly id: string;
  readonly receivedAt: Instant;
  readonly sourceId: string;
  readonly externalId: string | null;
  readonly phone: string | null;
  readonly phoneTyped: string | null;
  readonly fields: Fields;
}

/** A row of `ERASABLE_COLUMNS`. */
export interface ErasableRow {
  id: string;
  received_at: number;
  source_id: string;
  external_id: string | null;
  phone: string | null;
  phone_typed: string | null;
  fields: Fields | null;
}

/** The columns of submission `s` that erasing reads. */
export const ERASABLE_COLUMNS = 's.id, s.received_at, s.source_id, s.external_id, s.phone, s.phone_typed, s.fields';
const OF_FAMILY = {
  name: 'erasable_submissions',
  // With those that they complete: what was quarantined or parked names no customer.
  text: `with recursive mine as (
      select s.id, s.completes from submission s where s.customer_id = any($1::uuid[])
      union select s.id, s.completes from mine join submission s on s.id = mine.completes
    ) select ${ERASABLE_COLUMNS} from mine join submission s on s.id = mine.id`,
};

/** Every submission of a family, those that it completed too. */
export async function erasableSubmissions(
  session: Session,
  vault: Vault,
  family: readonly string[],
): Promise<readonly ErasableSubmission[]> {
  return (await session.run<ErasableRow>(OF_FAMILY, [plain(family)])).map((row) => erasableOf(row, vault));
}

const ASCII = `translate(s.phone_typed, '０１２３４５６７８９', '0123456789')`;
const STRAYS = {
  name: 'stray_submissions',
  text: `select ${ERASABLE_COLUMNS} from submission s where s.customer_id is null and s.phone_typed is not null
    and ($1::boolean or exists (select 1 from unnest($2::text[]) d where regexp_replace(${ASCII}, '[^0-9]', '', 'g') like '%' || d || '%'))`,
};

/**
 * Submissions that came to no customer (quarantined, test) and whose typed phone could hold one of the digits; where phones are
 * encrypted it is every one of them, for the caller to look into.
 */
export async function strayByPhone(
  session: Session,
  vault: Vault,
  digits: readonly string[],
): Promise<readonly ErasableSubmission[]> {
  if (digits.length === 0) return [];
  const rows = await session.run<ErasableRow>(STRAYS, [vault.atRest === 'all', texts(digits)]);
  return rows.map((row) => erasableOf(row, vault));
}

const PHONELESS = {
  name: 'phoneless_strays',
  text: `select ${ERASABLE_COLUMNS}, r.body, r.sealed from submission s
    join raw_body r on r.submission_id = s.id and r.received_at = s.received_at
    where s.customer_id is null and s.phone_typed is null and s.decision in ('quarantined', 'test')`,
};

/** Submissions that came to no customer and named no phone, with their bodies: one may name another identity. */
export async function strayBodies(
  session: Session,
  vault: Vault,
): Promise<readonly { readonly submission: ErasableSubmission; readonly body: string }[]> {
  const rows = await session.run<ErasableRow & { body: Buffer; sealed: boolean }>(PHONELESS, []);
  return rows.map((row) => ({
    submission: erasableOf(row, vault),
    body: (row.sealed ? vault.open(row.body) : row.body).toString(),
  }));
}

/** A submission of such a row. */
export function erasableOf(row: ErasableRow, vault: Vault): ErasableSubmission {
  return {
    id: row.id,
    receivedAt: row.received_at,
    sourceId: row.source_id,
    externalId: row.external_id,
    phone: readPhone(vault, row.phone),
    phoneTyped: readPhone(vault, row.phone_typed),
    fields: row.fields ?? {},
  };
}

const RECEIPT_DAYS = {
  name: 'receipt_days',
  text: `select distinct coalesce((document->>'receipt_days')::float8, $1::float8) as days from policy union select $1::float8`,
};
const KEYS = {
  name: 'receipts_of_submissions',
  // By their expiry, which the index knows: that is the receipt of the submission and as many days as a policy has said.
  text: `select r.source_id, r.kind, r.key from unnest($1::uuid[], $2::timestamptz[]) u(id, expires_at)
      join receipt r on r.expires_at = u.expires_at and r.submission_id = u.id
    union select r.source_id, r.kind, r.key from unnest($3::uuid[], $4::text[]) u(source_id, key)
      join receipt r on r.source_id = u.source_id and r.kind = 'external' and r.key = u.key`,
};
const DAY_MS = 86_400_000;

/** A key of the ledger. */
export interface LedgerRow {
  readonly source_id: string;
  readonly kind: string;
  readonly key: string;
}

/** The keys that submissions arrived under. */
export async function keysOfSubmissions(
  session: Session,
  submissions: readonly ErasableSubmission[],
  defaultDays: number,
): Promise<readonly LedgerRow[]> {
  const days = (await session.run<{ days: number }>(RECEIPT_DAYS, [defaultDays])).map((row) => row.days);
  const expiries = submissions.flatMap(({ id, receivedAt }) =>
    days.map((count) => ({ id, at: receivedAt + count * DAY_MS })),
  );
  const named = submissions.filter(({ externalId }) => externalId !== null);
  return session.run<LedgerRow>(KEYS, [
    plain(expiries.map(({ id }) => id)),
    times(expiries.map(({ at }) => at)),
    plain(named.map(({ sourceId }) => sourceId)),
    texts(named.map(({ externalId }) => externalId)),
  ]);
}

const REVIEWED = {
  name: 'reviews_of_person',
  text: `select id from suggestion where customer_id = any($1::uuid[]) or other_customer_id = any($1::uuid[])
    union select id from quarantine where submission_id = any($2::uuid[])`,
};

/** Ids of the reviews of a family and of the quarantine entries of submissions: what was said of them is in the audit. */
export async function reviewedIds(
  session: Session,
  family: readonly string[],
  submissionIds: readonly string[],
): Promise<readonly string[]> {
  const rows = await session.run<{ id: string }>(REVIEWED, [plain(family), plain(submissionIds)]);
  return rows.map(({ id }) => id);
}

const AUDITED = {
  name: 'audit_of_person',
  text: `select id, action, reason, detail from audit where subject_id = any($1::text[])
    union select id, action, reason, detail from audit where at >= $2 and subject_id is null and detail->'ids' ?| $1::text[]`,
};

/** An entry of the audit that is about a person. */
export interface AuditedRow {
  readonly id: string;
  readonly action: string;
  readonly reason: string | null;
  readonly detail: object;
}

/** Entries of the audit about the ids given, from a moment on where several are named at once. */
export async function auditOf(
  session: Session,
  ids: readonly string[],
  since: Instant,
): Promise<readonly AuditedRow[]> {
  return session.run<AuditedRow>(AUDITED, [texts(ids), new Date(since)]);
}
