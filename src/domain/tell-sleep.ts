import { closeTask } from './close-task.ts';
import type { Placement } from './decide.ts';
import type { Entry } from './entry.ts';
import { isOpen, type Lead } from './lead.ts';
import type { Person } from './person.ts';
import { bucketDigits, ID, makeId } from './seed.ts';
import { asleepFact } from './task-state.ts';
import { tellFacts } from './tell-facts.ts';
import type { World } from './world.ts';

const FIRST_ID = ID.event + 40; // the other events of a touch are fewer than that

/** Tells that an idle lead which a touch woke had fallen asleep before, and that its task ended with that, where no sweep has come by. */
export function tellSleep(
  world: World,
  entry: Entry,
  lead: Lead,
  { placement, person }: { readonly placement: Placement; readonly person: Person },
  submissionId: string,
): Lead {
  const stored = person.leads.find(({ id }) => id === lead.id);
  if (stored === undefined || placement.kind === 'new') return lead;
  if (!isOpen(stored.state) || isOpen(placement.lead.state)) return lead;
  const { closedAt, stateAt } = placement.lead;
  const ended = closeTask(stored, { state: 'cancelled', reason: 'dormant' });
  const bucket = bucketDigits(person.customer.id);
  let n = FIRST_ID;
  const nextId = (): string => {
    n += 1;
    return makeId(entry.seed, bucket, n);
  };
  const { mode } = entry.submission; // history makes no delivery
  const silent = mode === 'history' ? { mode } : {};
  const facts = [asleepFact(placement.lead), ...ended.facts].map((fact) => ({
    ...fact,
    data: { ...fact.data, ...silent },
  }));
  const told = tellFacts({ lead, facts }, person.customer.id, {
    occurredAt: closedAt ?? stateAt,
    submissionId,
    nextId,
  });
  world.events.push(...told.events.map((event) => ({ event, entry })));
  return told.lead;
}
