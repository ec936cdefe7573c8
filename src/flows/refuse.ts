import { Fault } from '../domain/fault.ts';
import { formatInstant } from '../domain/instant.ts';
import type { Lead } from '../domain/lead.ts';
import type { StateVerdict } from '../domain/state.ts';

/** Throws what a refused change of state is answered with: `state_conflict` with the allowed moves, or `out_of_order`. */
export function refuse(lead: Lead, verdict: Extract<StateVerdict, { kind: 'refused' | 'out_of_order' }>): never {
  switch (verdict.kind) {
    case 'out_of_order': {
      const last = formatInstant(lead.stateAt);
      const members = { state: lead.state, state_at: last };
      throw new Fault('out_of_order', 'occurred_at', `The lead's state was last changed at ${last}.`, members);
    }
    case 'refused': {
      const { allowed, openLead } = verdict;
      if (openLead === null) {
        const message = `A lead that is ${lead.state} cannot go there.`;
        throw new Fault('state_conflict', null, message, { state: lead.state, allowed });
      }
      const members = { state: lead.state, allowed, open_lead_id: openLead };
      throw new Fault('state_conflict', null, 'Another lead of the person is open in this scope.', members);
    }
  }
}
