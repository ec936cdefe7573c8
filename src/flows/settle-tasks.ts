import type { Directory } from '../domain/directory.ts';
import type { EventDraft } from '../domain/event.ts';
import type { Instant } from '../domain/instant.ts';
import type { Lead } from '../domain/lead.ts';
import type { Policy } from '../domain/policy.ts';
import { settleTask } from '../domain/settle-task.ts';
import type { OpenTask } from '../domain/task.ts';
import { tellFacts } from '../domain/tell-facts.ts';
import type { Worked } from '../domain/working.ts';

/** Leads as a change leaves them, and what is told of it. */
export interface ToldLeads {
  readonly leads: readonly Lead[];
  readonly events: readonly EventDraft[];
}

/** The same with the task that each of the leads has to have from now on. */
export function settleTasks(
  told: ToldLeads,
  by: {
    readonly at: Instant;
    readonly policy: Policy;
    readonly directory: Directory;
    readonly customerOf: (lead: Lead) => string;
    readonly nextId: (customerId: string) => string;
    readonly former?: ReadonlyMap<string, OpenTask | null>; // by lead: the task that is to be open again
  },
): ToldLeads {
  const settled = told.leads.map((lead) => {
    const customerId = by.customerOf(lead);
    const nextId = () => by.nextId(customerId);
    const worked: Worked = settleTask(lead, by.at, nextId(), by.policy, by.directory, by.former?.get(lead.id));
    return tellFacts(worked, customerId, { occurredAt: by.at, submissionId: null, nextId });
  });
  return {
    leads: settled.map(({ lead }) => lead),
    events: [...told.events, ...settled.flatMap(({ events }) => events)],
  };
}
