import { leadEvent } from '../domain/event.ts';
import type { Instant } from '../domain/instant.ts';
import { isLive, isOpen, type Lead } from '../domain/lead.ts';
import type { Customer } from '../domain/person.ts';
import { leavesBandAt } from '../domain/score-bands.ts';
import { standLead } from '../domain/score-lead.ts';
import type { Score } from '../domain/score-total.ts';
import type { Mode } from '../domain/submission.ts';
import type { Vault } from '../domain/vault.ts';
import { type EventWrite, insertEvents } from '../store/event-rows.ts';
import { upsertLeads } from '../store/lead-rows.ts';
import type { ScoreModel } from '../store/score-models.ts';
import { type LeadBand, type ScoreRow, writeBands, writeScores } from '../store/score-rows.ts';
import type { Session } from '../store/session.ts';

/** A person whose lock is held and whose score was read. */
export interface ScoredPerson {
  readonly customer: Customer;
  readonly leads: readonly Lead[];
  readonly score: Score;
  readonly activation: Score | null; // when the model became active, where that is not to be told
  readonly since: Instant; // when what brought the scoring about arrived
  readonly mode: Mode; // history makes no delivery
  readonly submissionId: string | null; // the one that did
  readonly requestId: string | null;
}

/** What scoring a person changes. */
export interface Standings {
  readonly told: readonly Lead[]; // with their events' numbers
  readonly events: readonly Omit<EventWrite, 'policyVersion'>[];
  readonly bands: readonly LeadBand[];
  readonly row: ScoreRow;
}

/** Whether a lead has a band: those that are open. */
export function isScored(lead: Lead): boolean {
  return isLive(lead) && isOpen(lead.state);
}

/** Whether a lead was there before the model became active, and has not been scored by it. */
export function isBehind(
  { recordedAt }: Lead,
  band: LeadBand | null,
  { version, activatedAt }: Pick<ScoreModel, 'version' | 'activatedAt'>,
): boolean {
  return recordedAt <= (activatedAt ?? 0) && band?.model !== version;
}

/** Where the open leads of a person stand now, and what is told of those that entered a band from below. */
export function standingsOf(
  person: ScoredPerson,
  active: Pick<ScoreModel, 'version' | 'document' | 'activatedAt'>,
  bands: ReadonlyMap<string, LeadBand>,
  at: Instant,
  nextId: () => string,
): Standings {
  const { customer, score, since, submissionId, requestId } = person;
  const { version, document: model } = active;
  const told: Lead[] = [];
  const events: Standings['events'][number][] = [];
  const written = person.leads.filter(isScored).map((lead): LeadBand => {
    const before = bands.get(lead.id) ?? null;
    const activation = isBehind(lead, before, active) ? person.activation : null;
    const { standing, facts } = standLead({ version, model, lead, before, activation, score, since });
    let current = lead;
    for (const fact of facts) {
      const data = person.mode === 'history' ? { ...fact.data, mode: person.mode } : fact.data;
      const step = leadEvent(current, customer.id, { ...fact, data, id: nextId(), occurredAt: at, submissionId });
      current = step.lead;
      events.push({ event: step.event, actor: 'score', requestId, recordedAt: at });
    }
    if (current !== lead) told.push(current);
    return { ...standing, leadId: lead.id, customerId: customer.id, model: version, cycle: lead.cycle, scoredAt: at };
  });
  const moments = written.flatMap(({ falls }) => Object.values(falls)).concat(leavesBandAt(model, score) ?? []);
  const next = written.length === 0 ? [] : moments.filter((moment) => moment > at);
  const nextAt = next.length === 0 ? null : Math.min(...next);
  const row = { customerId: customer.id, model: version, total: score.total, scoredAt: at, nextAt };
  return { told, events, bands: written, row };
}

/** Writes what scoring people has changed, while their locks are held. */
export async function writeStandings(
  session: Session,
  vault: Vault,
  standings: readonly Standings[],
  policyVersion: number,
): Promise<void> {
  await Promise.all([
    upsertLeads(
      session,
      vault,
      standings.flatMap(({ told }) => told),
    ),
    insertEvents(
      session,
      standings.flatMap(({ events }) => events.map((event) => ({ ...event, policyVersion }))),
    ),
    writeBands(
      session,
      standings.flatMap(({ bands }) => bands),
    ),
    writeScores(
      session,
      standings.map(({ row }) => row),
    ),
  ]);
}
