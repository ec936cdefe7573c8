import type { Lead } from './lead.ts';
import type { Owner } from './outcome.ts';

/** Who follows a new lead up: whom ops named, else the pool of the capturing store has to find one. */
export function ownerOfNew(named: string | null, store: string | null): Owner {
  return named === null ? { adviser: null, store, reason: 'pool' } : { adviser: named, store, reason: 'named' };
}

/** A repurchase goes to the adviser who closed the latest won deal, in the store where it was closed, even over cap. */
export function ownerOfRepurchase(won: Lead, named: string | null, store: string | null): Owner {
  if (won.closer === null) return ownerOfNew(named, store ?? won.closerStore ?? won.store);
  return { adviser: won.closer, store: won.closerStore ?? won.store, reason: 'repurchase_sticky' };
}

/**
 * A woken lead goes to the capturing store (none named: the former one); its former owner keeps it only there and only if it was
 * not taken from them for neglect.
 */
export function ownerOfReactivated(lead: Lead, named: string | null, store: string | null): Owner {
  const target = store ?? lead.store;
  if (named !== null) return { adviser: named, store: target, reason: 'named' };
  const stays = lead.owner !== null && lead.store === target && !lead.ownerTaken;
  return stays
    ? { adviser: lead.owner, store: target, reason: 'former_owner' }
    : { adviser: null, store: target, reason: 'pool' };
}

/** An open lead keeps its owner, whatever the touch names. */
export function ownerUnchanged(lead: Lead): Owner {
  return { adviser: lead.owner, store: lead.store, reason: 'unchanged' };
}
