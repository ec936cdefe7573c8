import { findByAim } from './aimed.ts';
import type { Explanation } from './assignment.ts';
import { isWorking } from './directory.ts';
import type { Lead } from './lead.ts';
import type { Owner } from './outcome.ts';
import { soughtFor } from './sought.ts';
import { countGiven } from './staffing.ts';
import { assignedFact, exhaustedFact } from './tell-assigned.ts';
import type { TouchTaken, Worked } from './working.ts';

/** A lead with its owner, how they were found, and what is told of it. */
export interface Assigned extends Worked {
  readonly owner: Owner;
  readonly explanation: Explanation | null; // null: nothing was asked for
}

/** Finds an owner for a lead that a touch has opened or woken, by rule and in turn. */
export function assignTouch(taken: TouchTaken): Assigned {
  const { lead, owner, placement, settled, staffing, policy, at } = taken;
  const asksNobody = placement.kind === 'existing' && placement.decision !== 'reactivated';
  if (asksNobody || settled.mode !== 'live' || !isWorking(staffing.directory)) {
    return { lead, owner, explanation: null, facts: [] };
  }
  const { cool_down_hours, off_shift } = policy.document.assignment;
  const asked = { at, takenFrom: neglectOf(taken), coolDownHours: cool_down_hours };
  const sought = soughtFor(taken, asked);
  const former =
    placement.kind === 'existing'
      ? { owner: placement.lead.owner, store: placement.lead.store }
      : { owner: null, store: null };
  if (sought.kind === 'held') return hold(taken, sought.reason, former);
  const found = findByAim(staffing, sought.aim, asked, off_shift, settled.store);
  const explanation = { rule: sought.rule, skipped: sought.skipped, passed_over: found.passedOver };
  const held = found.adviser !== null;
  const given = {
    ...lead,
    state: held ? ('assigned' as const) : ('new' as const),
    store: found.store,
    owner: found.adviser,
    ownerSince: held ? at : null,
    pooledSince: held ? null : at,
    skill: sought.aim?.kind === 'pool' ? sought.aim.skill : null,
  };
  const fact = held
    ? assignedFact(given, sought.reason, former, found.pool, explanation)
    : exhaustedFact(given, explanation);
  const reason = held ? sought.reason : 'pool';
  return { lead: given, owner: { adviser: found.adviser, store: found.store, reason }, explanation, facts: [fact] };
}

/** Who may not have it now: of a woken lead that had been taken from somebody for neglect, they too, however long ago. */
function neglectOf({ lead, placement, at }: TouchTaken): Lead['takenFrom'] {
  if (placement.kind === 'new' || !placement.lead.ownerTaken || placement.lead.formerOwner === null)
    return lead.takenFrom;
  return [...lead.takenFrom, { owner: placement.lead.formerOwner, at, how: 'recycled' }];
}

/** Somebody has it already, as the decision says: no turn is moved, their caps count it. */
function hold(
  { lead, owner, placement, staffing, at }: TouchTaken,
  reason: string,
  former: { readonly owner: string | null; readonly store: string | null },
): Assigned {
  // The former owner of a woken lead may be its own only by the store of its city, of which the decision knows nothing.
  const adviser = reason === 'former_owner' && placement.kind === 'existing' ? placement.lead.owner : owner.adviser;
  const store = reason === 'former_owner' && placement.kind === 'existing' ? placement.lead.store : owner.store;
  if (adviser !== null) countGiven(staffing, adviser);
  const given = { ...lead, state: 'assigned' as const, owner: adviser, store, ownerSince: at, pooledSince: null };
  return {
    lead: given,
    owner: { adviser, store, reason },
    explanation: null,
    facts: [assignedFact(given, reason, former, null, null)],
  };
}
