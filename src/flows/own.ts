import { type Bounds, mayWork } from '../domain/bounds.ts';
import { Fault } from '../domain/fault.ts';
import { isLive, type Lead } from '../domain/lead.ts';

/** Throws `other_store` unless the key may work the lead; that it exists is no secret, since every key may read so much. */
export function requireOwn(bounds: Bounds, lead: Lead): void {
  if (!mayWork(bounds, lead)) throw new Fault('other_store', null, 'The lead belongs to another store or adviser.');
}

/** Throws `other_store` unless the key may work one of a person's leads. */
export function requireSome(bounds: Bounds, leads: readonly Lead[]): void {
  if (isUnbound(bounds) || leads.some((lead) => isLive(lead) && mayWork(bounds, lead))) return;
  throw new Fault('other_store', null, 'No lead of the person belongs to the stores or the adviser of the key.');
}

/** Throws `other_store` unless the key may work every lead of a person: for what reaches all of them. */
export function requireAll(bounds: Bounds, leads: readonly Lead[]): void {
  const live = leads.filter(isLive);
  if (isUnbound(bounds) || (live.length > 0 && live.every((lead) => mayWork(bounds, lead)))) return;
  throw new Fault('other_store', null, 'A lead of the person belongs to another store or adviser.');
}

function isUnbound({ stores, adviser }: Bounds): boolean {
  return stores === null && adviser === null;
}
