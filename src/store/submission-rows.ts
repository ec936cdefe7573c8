import type { Vault } from '../domain/vault.ts';
import type { SubmissionWrite, SuggestionWrite, World } from '../domain/world.ts';
import { plain, texts, times } from './column.ts';
import { writePhone } from './sealed-phone.ts';
import type { Session } from './session.ts';
import { type Column, setWrite } from './set-write.ts';

type Row = SubmissionWrite & { readonly policyVersion: number; readonly vault: Vault };

const SUBMISSION: readonly Column<Row>[] = [
  ['id', 'uuid', (row) => row.id],
  ['source_id', 'uuid', (row) => row.settled.source.id],
  ['external_id', 'text', (row) => (row.minimal ? null : row.settled.externalId)],
  ['decision', 'code', (row) => row.decision],
  ['rule', 'text', (row) => row.rule],
  ['policy_version', 'integer', (row) => row.policyVersion],
  ['customer_id', 'uuid', (row) => row.customerId],
  ['lead_id', 'uuid', (row) => row.leadId],
  ['touch_id', 'uuid', (row) => row.touchId],
  ['supersedes', 'uuid', (row) => row.supersedes],
  ['completes', 'uuid', (row) => row.completes],
  ['mode', 'code', (row) => row.settled.mode],
  ['fields', 'jsonb', (row) => (row.minimal ? null : row.settled.fields)],
  ['phone', 'text', (row) => (row.minimal ? null : writePhone(row.vault, row.settled.phone?.e164 ?? null))],
  ['phone_typed', 'text', (row) => (row.minimal ? null : writePhone(row.vault, row.settled.phoneTyped))],
  ['owner', 'jsonb', (row) => row.owner],
  [
    'flags',
    'list',
    (row) => [...row.flags, ...(row.settled.phone === null ? [] : [`phone_${row.settled.phone.quality}`])],
  ],
  ['warnings', 'list', (row) => row.settled.warnings],
  ['fingerprint', 'text', (row) => row.entry.fingerprint],
  ['request_id', 'text', (row) => row.entry.requestId],
  ['occurred_at', 'timestamptz', (row) => row.settled.occurredAt],
  ['received_at', 'timestamptz', (row) => row.settled.receivedAt],
];
const INSERT_SUBMISSIONS = setWrite('submission', SUBMISSION);

/** A raw body as it is kept: sealed, or clear when the deployment leaves encryption to the disk. */
export interface RawBody {
  readonly submissionId: string;
  readonly receivedAt: number;
  readonly contentType: string;
  readonly body: Uint8Array;
  readonly sealed: boolean;
}
const INSERT_RAW = setWrite<RawBody>('raw_body', [
  ['submission_id', 'uuid', (raw) => raw.submissionId],
  ['received_at', 'timestamptz', (raw) => raw.receivedAt],
  ['content_type', 'text', (raw) => raw.contentType],
  ['body', 'bytea', (raw) => raw.body],
  ['sealed', 'boolean', (raw) => raw.sealed],
]);

/** Writes a batch's submissions, suppressed ones without content, and their raw bodies. */
export async function insertSubmissions(
  session: Session,
  vault: Vault,
  world: World,
  raws: readonly RawBody[],
): Promise<void> {
  const policyVersion = world.known.policy.version;
  const rows = world.submissions.map((write) => ({ ...write, policyVersion, vault }));
  await Promise.all([INSERT_SUBMISSIONS.write(session, rows), INSERT_RAW.write(session, raws)]);
}

const INSERT_QUARANTINE = setWrite<World['quarantines'][number]>('quarantine', [
  ['id', 'uuid', ({ id }) => id],
  ['submission_id', 'uuid', ({ write }) => write.id],
  ['source_id', 'uuid', ({ write }) => write.settled.source.id],
  ['code', 'text', ({ write }) => write.settled.refusal?.code ?? 'unusable'],
  ['path', 'text', ({ write }) => write.settled.refusal?.path ?? null],
  ['hint', 'text', ({ write }) => write.settled.refusal?.hint ?? null],
  ['keys', 'jsonb', ({ write }) => write.settled.keys],
  ['state', 'code', () => 'open'],
  ['created_at', 'timestamptz', ({ write }) => write.settled.receivedAt],
]);
// A fence: where a retry's entry is no longer open, the division fails the transaction, whose commit is on its way already;
// it starts again and finds the entry closed. What a sender completes by its key is fenced by the receipt.
const COMPLETE = {
  name: 'complete_quarantine',
  text: `with done as (
      update quarantine q set state = u.state, resolved_by = u.by_id, resolved_at = u.at, actor = u.actor
      from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::text[], $6::boolean[])
        u(submission_id, by_id, state, at, actor, fenced)
      where q.submission_id = u.submission_id and q.state = 'open' returning u.fenced
    ) select 1 / (count(*) filter (where fenced) = $7)::integer from done`,
};

/** Writes a batch's quarantine entries and closes those that a submission of the batch completes; fails with 22012, a lost race. */
export async function writeQuarantine(session: Session, world: World, at: number): Promise<void> {
  await Promise.all([INSERT_QUARANTINE.write(session, world.quarantines), closeCompleted(session, world, at)]);
}

async function closeCompleted(session: Session, { completed, submissions }: World, at: number): Promise<void> {
  if (completed.length === 0) return;
  const writes = new Map(submissions.map((write) => [write.id, write]));
  const fenced = completed.map(({ by, submissionId }) => writes.get(by)?.settled.completes === submissionId);
  await session.run(COMPLETE, [
    plain(completed.map((entry) => entry.submissionId)),
    plain(completed.map((entry) => entry.by)),
    plain(completed.map((entry) => (entry.again === 'usable' ? 'released' : 'superseded'))),
    times(completed.map(() => at)),
    texts(completed.map(({ by }) => writes.get(by)?.entry.actor)),
    plain(fenced),
    fenced.filter(Boolean).length,
  ]);
}

const UPSERT_SUGGESTIONS = setWrite<SuggestionWrite>(
  'suggestion',
  [
    ['id', 'uuid', (suggestion) => suggestion.id],
    ['kind', 'code', (suggestion) => suggestion.kind],
    ['subject', 'text', (suggestion) => suggestion.subject],
    ['customer_id', 'uuid', (suggestion) => suggestion.customerId],
    ['other_customer_id', 'uuid', (suggestion) => suggestion.otherCustomerId],
    ['lead_id', 'uuid', (suggestion) => suggestion.leadId],
    ['submission_id', 'uuid', (suggestion) => suggestion.submissionId],
    ['state', 'code', () => 'open'],
    ['created_at', 'timestamptz', (suggestion) => suggestion.at],
    ['updated_at', 'timestamptz', (suggestion) => suggestion.at],
  ],
  `on conflict (kind, subject) where state = 'open' do update
    set times = suggestion.times + 1, submission_id = excluded.submission_id, updated_at = excluded.updated_at`,
);

/** Writes reviews and merge suggestions; one that is open already counts up. */
export async function upsertSuggestions(session: Session, suggestions: readonly SuggestionWrite[]): Promise<void> {
  await UPSERT_SUGGESTIONS.write(session, suggestions);
}

const INSERT_CONSENTS = setWrite<World['consents'][number]>('consent', [
  ['id', 'uuid', ({ id }) => id],
  ['customer_id', 'uuid', ({ customerId }) => customerId],
  ['purpose', 'code', ({ write, index }) => write.settled.consents[index]?.purpose ?? 'contact'],
  ['granted', 'boolean', ({ write, index }) => write.settled.consents[index]?.granted ?? false],
  ['stated_at', 'timestamptz', ({ write, index }) => write.settled.consents[index]?.at ?? write.settled.occurredAt],
  ['text_version', 'text', ({ write, index }) => write.settled.consents[index]?.textVersion ?? null],
  ['channel', 'text', ({ write }) => write.settled.channel],
  ['proof', 'text', ({ write, index }) => write.settled.consents[index]?.proof ?? null],
  ['submission_id', 'uuid', ({ write }) => write.id],
  ['actor', 'text', ({ write }) => write.entry.actor],
  ['recorded_at', 'timestamptz', ({ write }) => write.settled.receivedAt],
]);

/** Writes the consent statements of a batch. */
export async function insertConsents(session: Session, world: World): Promise<void> {
  await INSERT_CONSENTS.write(session, world.consents);
}
