import { climb } from '../domain/climb.ts';
import type { Instant } from '../domain/instant.ts';
import type { Lead } from '../domain/lead.ts';
import { tellFacts } from '../domain/tell-facts.ts';
import type { Vault } from '../domain/vault.ts';
import type { Db } from '../store/database.ts';
import { readDirectory } from '../store/directory.ts';
import { type EventWrite, insertEvents } from '../store/event-rows.ts';
import { upsertLeads } from '../store/lead-rows.ts';
import { readPolicy } from '../store/rules.ts';
import { sessionOf } from '../store/session.ts';
import { findDueSteps } from '../store/task-steps.ts';
import { idsOf } from './ids.ts';
import { lockPeople } from './lock-people.ts';
import type { SeedSource } from './seed.ts';

/** What one batch came to: leads that were looked at, and steps that were taken. */
export interface Climbed {
  readonly looked: number;
  readonly steps: number;
}

/**
 * Takes the steps of the ladder that are due on at most `size` leads, in one transaction; each once, since what is due is read again
 * once the lock of the person is held: any number of processes may do it.
 */
export async function climbLadder(
  db: Db,
  vault: Vault,
  seeds: SeedSource,
  at: Instant,
  size: number,
): Promise<Climbed> {
  return db.transaction().execute(async (tx) => {
    const session = sessionOf(tx);
    const due = await findDueSteps(session, at, size);
    if (due.length === 0) return { looked: 0, steps: 0 };
    const people = await lockPeople(tx, vault, [...new Set(due)], at);
    const policy = await readPolicy(session);
    const directory = await readDirectory(session);
    const leads: Lead[] = [];
    const events: EventWrite[] = [];
    const write = { actor: 'ladder', requestId: null, policyVersion: policy.version, recordedAt: at };
    for (const { customer, leads: own } of new Set(people.values())) {
      const nextId = idsOf(seeds, at, customer.id);
      for (const lead of own) {
        if (lead.taskStepAt === null || lead.taskStepAt > at) continue;
        const climbed = climb(lead, at, nextId(), policy.document, directory);
        const grown = { ...climbed.lead, version: lead.version + 1, updatedAt: Math.max(lead.updatedAt, at) };
        const told = tellFacts({ lead: grown, facts: climbed.facts }, customer.id, {
          occurredAt: at,
          submissionId: null,
          nextId,
        });
        leads.push(told.lead);
        events.push(...told.events.map((event) => ({ ...write, event })));
      }
    }
    await upsertLeads(session, vault, leads);
    await insertEvents(session, events);
    return { looked: due.length, steps: events.length };
  });
}
