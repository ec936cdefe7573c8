import { leadEvent } from '../domain/event.ts';
import type { Instant } from '../domain/instant.ts';
import { isLive, isOpen, type Lead } from '../domain/lead.ts';
import { leavesBandAt } from '../domain/score-bands.ts';
import { standLead } from '../domain/score-lead.ts';
import type { Score } from '../domain/score-total.ts';
import type { Vault } from '../domain/vault.ts';
import type { Tx } from '../store/database.ts';
import { type EventWrite, insertEvents } from '../store/event-rows.ts';
import { upsertLeads } from '../store/lead-rows.ts';
import { readPolicy } from '../store/rules.ts';
import type { ScoreModel } from '../store/score-models.ts';
import { type LeadBand, readBands, type ScoreRow, writeBands, writeScores } from '../store/score-rows.ts';
import { sessionOf } from '../store/session.ts';
import { idsOf } from './ids.ts';
import { type LockedPerson, lockPeople } from './lock-people.ts';
import { momentOf, readScores } from './score-read.ts';
import type { SeedSource } from './seed.ts';

/** What scoring people needs. */
export interface ScoreDeps {
  readonly vault: Vault;
  readonly seeds: SeedSource;
}

/** Whom to score, each with when what brought it about arrived. */
export type ToScore = ReadonlyMap<string, Instant>;

/** Scores customers anew by the active model while their locks are held, and tells which bands their open leads entered. */
export async function scorePeople(
  tx: Tx,
  { vault, seeds }: ScoreDeps,
  active: ScoreModel,
  wanted: ToScore,
  at: Instant,
): Promise<void> {
  if (wanted.size === 0) return;
  const session = sessionOf(tx);
  const locked = await lockPeople(tx, vault, [...wanted.keys()], at);
  const sinceOf = new Map<string, Instant>(); // an alias and its root are one person
  for (const [asked, { customer }] of locked) {
    const since = Math.min(wanted.get(asked) ?? at, sinceOf.get(customer.id) ?? at);
    sinceOf.set(customer.id, since);
  }
  const people = [...new Map([...locked.values()].map((person) => [person.customer.id, person])).values()];
  const open = people.flatMap(({ leads }) => leads.filter(isScored));
  const bands = await readBands(
    session,
    open.map(({ id }) => id),
  );
  const { document: model } = active;
  const activation = momentOf(active.activatedAt ?? at);
  const scores = await readScores(
    session,
    people.map(({ customer }) => customer),
    [
      { model, moment: momentOf(at) },
      // Only while an activation is being carried through: how things stood when it came.
      ...(active.emit || open.every(({ id }) => bands.get(id)?.model === active.version)
        ? []
        : [{ model, moment: activation }]),
    ],
  );
  const written = people.map((person) => {
    const [score, then = null] = scores.get(person.customer.id) ?? [];
    if (score === undefined) throw new Error('a locked customer was not scored');
    return scorePerson(person, active, { score, then, since: sinceOf.get(person.customer.id) ?? at, bands, at, seeds });
  });
  const leads = written.flatMap(({ told }) => told);
  if (leads.length > 0) {
    await upsertLeads(session, vault, leads);
    const { version } = await readPolicy(session);
    const write = (event: EventWrite['event']): EventWrite => ({
      event,
      actor: 'score',
      requestId: null,
      policyVersion: version,
      recordedAt: at,
    });
    await insertEvents(
      session,
      written.flatMap(({ events }) => events.map(write)),
    );
  }
  await writeBands(
    session,
    written.flatMap((one) => one.bands),
  );
  await writeScores(
    session,
    written.map(({ row }) => row),
  );
}

function isScored(lead: Lead): boolean {
  return isLive(lead) && isOpen(lead.state);
}

interface Facts {
  readonly score: Score;
  readonly then: Score | null; // when the model became active
  readonly since: Instant;
  readonly bands: ReadonlyMap<string, LeadBand>;
  readonly at: Instant;
  readonly seeds: SeedSource;
}

interface Written {
  readonly told: readonly Lead[];
  readonly events: readonly EventWrite['event'][];
  readonly bands: readonly LeadBand[];
  readonly row: ScoreRow;
}

function scorePerson({ customer, leads }: LockedPerson, active: ScoreModel, facts: Facts): Written {
  const { score, then, since, at } = facts;
  const nextId = idsOf(facts.seeds, at, customer.id);
  const told: Lead[] = [];
  const events: EventWrite['event'][] = [];
  const bands = leads.filter(isScored).map((lead): LeadBand => {
    const before = facts.bands.get(lead.id) ?? null;
    const activation = before?.model !== active.version && lead.recordedAt <= (active.activatedAt ?? 0) ? then : null;
    const scoring = { version: active.version, model: active.document, lead, before, activation, score, since };
    const { standing, facts: entered } = standLead(scoring);
    let current = lead;
    for (const fact of entered) {
      const step = leadEvent(current, customer.id, { ...fact, id: nextId(), occurredAt: at, submissionId: null });
      current = step.lead;
      events.push(step.event);
    }
    if (current !== lead) told.push(current);
    return {
      ...standing,
      leadId: lead.id,
      customerId: customer.id,
      model: active.version,
      cycle: lead.cycle,
      scoredAt: at,
    };
  });
  const moments = bands.flatMap(({ falls }) => Object.values(falls)).concat(leavesBandAt(active.document, score) ?? []);
  const next = bands.length === 0 ? [] : moments.filter((moment) => moment > at);
  const nextAt = next.length === 0 ? null : Math.min(...next);
  const row = { customerId: customer.id, model: active.version, total: score.total, scoredAt: at, nextAt };
  return { told, events, bands, row };
}
