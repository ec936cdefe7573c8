import type { Instant } from '../domain/instant.ts';
import type { Standing } from '../domain/score-bands.ts';
import { jsons, plain, texts, times } from './column.ts';
import type { Session } from './session.ts';

/** A person's score by the active model, as it was computed last. */
export interface ScoreRow {
  readonly customerId: string;
  readonly model: number;
  readonly total: number;
  readonly scoredAt: Instant;
  readonly nextAt: Instant | null;
}

const WRITE_SCORES = {
  name: 'write_scores',
  text: `insert into score (customer_id, model, total, scored_at, next_at)
    select * from unnest($1::uuid[], $2::integer[], $3::float8[], $4::timestamptz[], $5::timestamptz[])
    on conflict (customer_id) do update set model = excluded.model, total = excluded.total, scored_at = excluded.scored_at,
      next_at = excluded.next_at`,
};

/** Writes scores as they are now. */
export async function writeScores(session: Session, rows: readonly ScoreRow[]): Promise<void> {
  if (rows.length === 0) return;
  await session.run(WRITE_SCORES, [
    plain(rows.map(({ customerId }) => customerId)),
    plain(rows.map(({ model }) => model)),
    plain(rows.map(({ total }) => total)),
    times(rows.map(({ scoredAt }) => scoredAt)),
    times(rows.map(({ nextAt }) => nextAt)),
  ]);
}

const FORGET = { name: 'forget_scores', text: 'delete from score where customer_id = any($1::uuid[])' };

/** Forgets the scores of customers that are aliases now. */
export async function forgetScores(session: Session, customerIds: readonly string[]): Promise<void> {
  if (customerIds.length > 0) await session.run(FORGET, [plain(customerIds)]);
}

/** Where a lead stands, and by which model, in which cycle. */
export interface LeadBand extends Standing {
  readonly leadId: string;
  readonly customerId: string;
  readonly model: number;
  readonly cycle: number;
  readonly scoredAt: Instant;
}

const READ_BANDS = {
  name: 'read_lead_bands',
  text: `select lead_id as "leadId", customer_id as "customerId", model, cycle, band, crossed, falls, scored_at as "scoredAt"
    from lead_band where lead_id = any($1::uuid[])`,
};

/** Where leads stand, by lead; one that was never scored is missing. */
export async function readBands(session: Session, leadIds: readonly string[]): Promise<ReadonlyMap<string, LeadBand>> {
  if (leadIds.length === 0) return new Map();
  const rows = await session.run<LeadBand>(READ_BANDS, [plain(leadIds)]);
  return new Map(rows.map((row) => [row.leadId, row]));
}

const WRITE_BANDS = {
  name: 'write_lead_bands',
  text: `insert into lead_band (lead_id, customer_id, model, cycle, band, crossed, falls, scored_at)
    select u.lead_id, u.customer_id, u.model, u.cycle, u.band, string_to_array(u.crossed, ' '), u.falls, u.scored_at
    from unnest($1::uuid[], $2::uuid[], $3::integer[], $4::integer[], $5::text[], $6::text[], $7::jsonb[], $8::timestamptz[])
      u(lead_id, customer_id, model, cycle, band, crossed, falls, scored_at)
    on conflict (lead_id) do update set customer_id = excluded.customer_id, model = excluded.model, cycle = excluded.cycle,
      band = excluded.band, crossed = excluded.crossed, falls = excluded.falls, scored_at = excluded.scored_at`,
};

/** Writes where leads stand now. */
export async function writeBands(session: Session, bands: readonly LeadBand[]): Promise<void> {
  if (bands.length === 0) return;
  await session.run(WRITE_BANDS, [
    plain(bands.map(({ leadId }) => leadId)),
    plain(bands.map(({ customerId }) => customerId)),
    plain(bands.map(({ model }) => model)),
    plain(bands.map(({ cycle }) => cycle)),
    texts(bands.map(({ band }) => band)),
    texts(bands.map(({ crossed }) => crossed.join(' '))),
    jsons(bands.map(({ falls }) => falls)),
    times(bands.map(({ scoredAt }) => scoredAt)),
  ]);
}
