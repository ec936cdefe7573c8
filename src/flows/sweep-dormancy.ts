import { closeTask } from '../domain/close-task.ts';
import { type EventDraft, leadEvent } from '../domain/event.ts';
import type { Instant } from '../domain/instant.ts';
import { fallAsleep, idleLimit, isLive, isOpen, type Lead, sleepsAt } from '../domain/lead.ts';
import { asleepFact } from '../domain/task-state.ts';
import { tellFacts } from '../domain/tell-facts.ts';
import type { Vault } from '../domain/vault.ts';
import type { Db, Tx } from '../store/database.ts';
import { type EventWrite, insertEvents } from '../store/event-rows.ts';
import { findIdleLeads, type IdlePage } from '../store/idle-leads.ts';
import { upsertLeads } from '../store/lead-rows.ts';
import { readPolicy } from '../store/rules.ts';
import { sessionOf } from '../store/session.ts';
import { idsOf } from './ids.ts';
import { lockPeople } from './lock-people.ts';
import type { SeedSource } from './seed.ts';

/** What one step of the sweep did: leads put to sleep, and where the next step begins; null when the pass is over. */
export interface SweepStep {
  readonly slept: number;
  readonly next: IdlePage | null;
}

/**
 * Puts to sleep open leads idle past the policy's limit in event time, and also that long without a receipt, so that an old
 * sign-up list is not put to sleep on arrival. One step looks at `size` leads; any number of processes may sweep.
 */
export async function sweepDormancy(
  db: Db,
  vault: Vault,
  seeds: SeedSource,
  at: Instant,
  after: IdlePage | null,
  size: number,
): Promise<SweepStep> {
  return db.transaction().execute(async (tx) => {
    const policy = await readPolicy(sessionOf(tx));
    const days = policy.document.dormant_after_days;
    const found = await findIdleLeads(tx, idleLimit({ lastActivityAt: at }, -days), after, size);
    if (found.customerIds.length === 0) return { slept: 0, next: found.next };
    const people = await lockPeople(tx, vault, found.customerIds, at);
    const slept: Lead[] = [];
    const events: EventWrite[] = [];
    for (const { customer, leads } of new Set(people.values())) {
      for (const lead of leads) {
        const limit = idleLimit(lead, days);
        if (!isLive(lead) || !isOpen(lead.state) || sleepsAt(lead, days) > at) continue;
        const told = tell(fallAsleep(lead, limit), lead, customer.id, seeds, at);
        slept.push(told.lead);
        const write = { actor: 'sweep', requestId: null, policyVersion: policy.version, recordedAt: at };
        events.push(...told.events.map((event) => ({ ...write, event })));
      }
    }
    await write(tx, vault, slept, events);
    return { slept: slept.length, next: found.next };
  });
}

function tell(
  asleep: Lead,
  before: Lead,
  customerId: string,
  seeds: SeedSource,
  at: Instant,
): { readonly lead: Lead; readonly events: readonly EventDraft[] } {
  const lead = { ...asleep, version: asleep.version + 1, updatedAt: Math.max(asleep.updatedAt, at) };
  const nextId = idsOf(seeds, at, customerId);
  const common = { occurredAt: asleep.closedAt ?? at, submissionId: null };
  const state = leadEvent(lead, customerId, {
    ...common,
    id: nextId(),
    type: 'lead.state_changed',
    rule: 'dormant.idle',
    data: {
      from: before.state,
      to: 'dormant',
      reason: 'idle',
      owner: before.owner,
      store: before.store,
      cycle: before.cycle,
    },
  });
  const ended = closeTask(state.lead, { state: 'cancelled', reason: 'dormant' });
  const facts = [asleepFact(asleep), ...ended.facts];
  const told = tellFacts({ lead: ended.lead, facts }, customerId, { ...common, nextId });
  return { lead: told.lead, events: [state.event, ...told.events] };
}

async function write(tx: Tx, vault: Vault, leads: readonly Lead[], events: readonly EventWrite[]): Promise<void> {
  const session = sessionOf(tx);
  await upsertLeads(session, vault, leads);
  await insertEvents(session, events);
}
