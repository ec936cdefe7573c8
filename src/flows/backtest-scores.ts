import { type Backtest, type BacktestLead, backtest } from '../domain/backtest.ts';
import { Fault } from '../domain/fault.ts';
import type { Instant } from '../domain/instant.ts';
import { DAY_MS } from '../domain/lead.ts';
import { sampleOf } from '../domain/sample.ts';
import type { ScoreDocument } from '../domain/score-model.ts';
import { scoreOf } from '../domain/score-total.ts';
import { scoredThen } from '../domain/scored-then.ts';
import { readCustomers } from '../store/customer-rows.ts';
import type { Db } from '../store/database.ts';
import { readHistoryThen } from '../store/history-then.ts';
import { countLeadsBy, leadsWonBy, openLeadsThen, type PageThen } from '../store/leads-then.ts';
import { weightsThen } from '../store/score-facts.ts';
import { activeScoreModel } from '../store/score-models.ts';
import { type Session, sessionOf } from '../store/session.ts';
import { snapshot } from '../store/snapshot.ts';

/** What is asked: as of when, how long leads had to be won, and of how many leads at most. */
export interface BacktestAsked {
  readonly asOf: Instant;
  readonly horizonDays: number; // of 24 hours
  readonly leadsMax: number; // recorded by then; of more a sample is looked at
}

/** What a back-test came to, and what it rests on. */
export interface BacktestDone extends Backtest {
  readonly endsAt: Instant;
  readonly elapsedDays: number; // of the horizon, by now
  readonly share: number; // of all people: 1, or that of the sample
  readonly active: number | null; // the version that it is compared with
}

const SIZE = 500; // customers of a step, each step a transaction of some hundred milliseconds
const FIRST = '00000000-0000-0000-0000-000000000000';

/**
 * Judges a model by the leads that were open at a past moment, from what had been received by then alone, and by which of them were
 * won within the horizon, as it is known today. Takes no lock. Throws `body_invalid` for a moment to come.
 */
export async function backtestScores(
  db: Db,
  model: ScoreDocument,
  { asOf, horizonDays, leadsMax }: BacktestAsked,
  at: Instant,
): Promise<BacktestDone> {
  if (asOf > at) throw new Fault('body_invalid', 'as_of', 'The moment is still to come.');
  const active = await activeScoreModel(db);
  const sample = sampleOf(await countLeadsBy(db, asOf), leadsMax);
  const endsAt = asOf + horizonDays * DAY_MS;
  const leads: BacktestLead[] = [];
  for (let after: string | null = FIRST; after !== null; ) {
    const page: PageThen = { after, size: SIZE, sample, asOf };
    const step = await snapshot(db, (tx) => lookAt(sessionOf(tx), model, active?.document ?? null, page, endsAt));
    leads.push(...step.leads);
    after = step.next;
  }
  return {
    ...backtest(model, active?.document ?? null, leads),
    endsAt,
    elapsedDays: Math.min(horizonDays, Math.floor((at - asOf) / DAY_MS)),
    share: sample.share,
    active: active?.version ?? null,
  };
}

async function lookAt(
  session: Session,
  model: ScoreDocument,
  active: ScoreDocument | null,
  page: PageThen,
  endsAt: Instant,
): Promise<{ readonly leads: readonly BacktestLead[]; readonly next: string | null }> {
  const { leads, members, next } = await openLeadsThen(session, page);
  const totals = await totalsThen(session, active === null ? [model] : [model, active], members, page.asOf);
  const won = await leadsWonBy(
    session,
    leads.map(({ id }) => id),
    endsAt,
  );
  const judged = leads.map(({ id, root }): BacktestLead => {
    const [total = 0, activeTotal = null] = totals.get(root) ?? [];
    return { id, total, activeTotal, won: won.has(id) };
  });
  return { leads: judged, next };
}

/** The totals of people at a moment by models, by root. */
async function totalsThen(
  session: Session,
  models: readonly ScoreDocument[],
  members: Parameters<typeof weightsThen>[2],
  then: Instant,
): Promise<ReadonlyMap<string, readonly number[]>> {
  if (members.length === 0) return new Map();
  const customers = await readCustomers(session, [...new Set(members.map(({ root }) => root))]);
  const touches = await readHistoryThen(session, members, then);
  const weights: Awaited<ReturnType<typeof weightsThen>>[] = [];
  for (const model of models) weights.push(await weightsThen(session, model, members, then));
  return new Map(
    customers.map(({ id, profile }) => {
      const scored = scoredThen(profile, touches.get(id) ?? [], then);
      return [id, models.map((model, i) => scoreOf(model, scored, weights[i]?.get(id) ?? [], then).total)];
    }),
  );
}
