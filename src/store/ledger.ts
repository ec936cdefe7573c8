import { type KnownReceipt, type Retried, receiptKey } from '../domain/known.ts';
import type { Decision, Owner } from '../domain/outcome.ts';
import type { KeyKind } from '../domain/submission.ts';
import type { ReceiptWrite } from '../domain/world.ts';
import { plain, texts } from './column.ts';
import type { Session } from './session.ts';
import { type Column, setWrite } from './set-write.ts';

/** A key of a source's ledger. */
export interface LedgerKey {
  readonly sourceId: string;
  readonly kind: KeyKind;
  readonly key: string;
}

interface Row {
  source_id: string;
  kind: string;
  key: string;
  submission_id: string | null;
  fingerprints: string[];
  decision: Decision | null;
  rule: string | null;
  policy_version: number | null;
  customer_id: string | null;
  lead_id: string | null;
  touch_id: string | null;
  owner: Owner | null;
  warnings: string[] | null;
  occurred_at: number | null;
  quarantine_id: string | null;
  code: string | null;
  path: string | null;
  hint: string | null;
}

const OF_SUBMISSION = `s.decision, s.rule, s.policy_version, s.customer_id, s.lead_id, s.touch_id, s.owner, s.warnings, s.occurred_at,
      q.id as quarantine_id, q.code, q.path, q.hint`;
const READ = {
  name: 'read_receipts',
  text: `select r.source_id, r.kind, r.key, r.submission_id, r.fingerprints, ${OF_SUBMISSION}
    from unnest($1::uuid[], $2::text[], $3::text[]) u(source_id, kind, key)
    join receipt r on r.source_id = u.source_id and r.kind = u.kind and r.key = u.key
    left join submission s on s.id = r.submission_id
    left join quarantine q on q.submission_id = r.submission_id`,
};

/** What the ledger remembers of the keys given, by `receiptKey`; values for updates are read apart. */
export async function readReceipts(
  session: Session,
  keys: readonly LedgerKey[],
): Promise<ReadonlyMap<string, KnownReceipt>> {
  if (keys.length === 0) return new Map();
  const rows = await session.run<Row>(READ, [
    plain(keys.map((key) => key.sourceId)),
    plain(keys.map((key) => key.kind)),
    texts(keys.map((key) => key.key)),
  ]);
  return new Map(rows.map((row) => [receiptKey(row.source_id, row.kind, row.key), receiptOf(row)]));
}

const RETRIED = {
  name: 'read_retried',
  text: `select s.source_id, s.id as submission_id, array[s.fingerprint] as fingerprints, ${OF_SUBMISSION}, q.state = 'open' as open
    from unnest($1::uuid[]) u(id) join submission s on s.id = u.id join quarantine q on q.submission_id = s.id`,
};

/** Quarantined submissions as retries find them, by id. */
export async function readRetried(
  session: Session,
  submissionIds: readonly string[],
): Promise<ReadonlyMap<string, Retried>> {
  if (submissionIds.length === 0) return new Map();
  const rows = await session.run<Row & { submission_id: string; open: boolean }>(RETRIED, [plain(submissionIds)]);
  return new Map(rows.map((row) => [row.submission_id, { ...receiptOf(row), open: row.open }]));
}

function receiptOf(row: Omit<Row, 'kind' | 'key'>): KnownReceipt {
  return {
    submissionId: row.submission_id,
    fingerprints: row.fingerprints,
    decision: row.decision ?? 'conflict',
    rule: row.rule ?? '',
    policyVersion: row.policy_version ?? 0,
    customerId: row.customer_id,
    leadId: row.lead_id,
    touchId: row.touch_id,
    owner: row.owner,
    warnings: row.warnings ?? [],
    occurredAt: row.occurred_at ?? 0,
    quarantine:
      row.quarantine_id === null
        ? null
        : { id: row.quarantine_id, code: row.code ?? '', path: row.path ?? '', hint: row.hint ?? '' },
    touch: null,
  };
}

const COLUMNS: readonly Column<ReceiptWrite>[] = [
  ['source_id', 'uuid', (receipt) => receipt.sourceId],
  ['kind', 'code', (receipt) => receipt.kind],
  ['key', 'text', (receipt) => receipt.key],
  ['submission_id', 'uuid', (receipt) => receipt.submissionId],
  ['fingerprints', 'list', (receipt) => receipt.fingerprints],
  ['created_at', 'timestamptz', (receipt) => receipt.createdAt],
  ['expires_at', 'timestamptz', (receipt) => receipt.expiresAt],
];
// No ON CONFLICT: a key that somebody else took in the meantime fails the transaction, which then starts again and finds it.
const INSERT = setWrite('receipt', COLUMNS);
// A fence: two submissions that name different people can complete or update one key at once, and no lock of a person keeps
// them apart. Where a key no longer stands for what it did when it was read, the division fails the transaction, whose commit
// is on its way already; it starts again and finds what the other has made.
const REPLACE = {
  name: 'replace_receipts',
  text: `with done as (
      update receipt r set submission_id = u.submission_id, fingerprints = string_to_array(u.fingerprints, ' ')
      from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::uuid[], $7::text[])
        u(source_id, kind, key, submission_id, fingerprints, stood_for, seen)
      where r.source_id = u.source_id and r.kind = u.kind and r.key = u.key
        and r.submission_id = u.stood_for and array_to_string(r.fingerprints, ' ') = u.seen returning 1
    ) select 1 / (count(*) = $8)::integer from done`,
};

/** Writes new receipts. */
export async function insertReceipts(session: Session, receipts: readonly ReceiptWrite[]): Promise<void> {
  await INSERT.write(session, receipts);
}

/** Lets known keys stand for another submission, or remember one more fingerprint; fails with 22012, a lost race. */
export async function replaceReceipts(
  session: Session,
  receipts: readonly ReceiptWrite[],
  known: ReadonlyMap<string, KnownReceipt>,
): Promise<void> {
  if (receipts.length === 0) return;
  const before = receipts.map(({ sourceId, kind, key }) => known.get(receiptKey(sourceId, kind, key)));
  await session.run(REPLACE, [
    plain(receipts.map((receipt) => receipt.sourceId)),
    plain(receipts.map((receipt) => receipt.kind)),
    texts(receipts.map((receipt) => receipt.key)),
    plain(receipts.map((receipt) => receipt.submissionId)),
    texts(receipts.map((receipt) => receipt.fingerprints.join(' '))),
    plain(before.map((receipt) => receipt?.submissionId)),
    texts(before.map((receipt) => receipt?.fingerprints.join(' '))),
    receipts.length,
  ]);
}
