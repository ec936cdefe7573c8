import { mayWork } from '../domain/bounds.ts';
import type { KeyGrant } from '../domain/key.ts';
import type { Lead } from '../domain/lead.ts';
import type { Reach } from '../store/lead-page.ts';

/**
 * Which leads a key reads in full; null: every one. A key bound to stores reads theirs, whoever owns them; one bound to an
 * adviser reads those that the adviser owns; one bound to both, either. `On-Behalf-Of` names an actor and bounds nothing.
 */
export function reachOf({ stores, adviser }: Pick<KeyGrant, 'stores' | 'adviser'>): Reach | null {
  return stores === null && adviser === null ? null : { stores: stores ?? [], adviser };
}

/** Whether a lead is read in full within a reach; of others it is only said that they exist. */
export function covers(reach: Reach | null, lead: Pick<Lead, 'store' | 'owner'>): boolean {
  return reach === null || mayWork(reach, lead);
}

/** Ids of those leads that are read in full within a reach. */
export function coveredIds(reach: Reach | null, leads: readonly { readonly lead: Lead }[]): readonly string[] {
  return leads.filter(({ lead }) => covers(reach, lead)).map(({ lead }) => lead.id);
}
