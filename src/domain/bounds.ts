import type { Lead } from './lead.ts';

/** What a key is bound to; null: nothing. For one bound to stores and to an adviser either is enough, as it is for reading. */
export interface Bounds {
  readonly stores: readonly string[] | null;
  readonly adviser: string | null;
}

/** Whether a key with these bounds may work a lead: one of its stores, or one that its adviser owns. */
export function mayWork({ stores, adviser }: Bounds, { store, owner }: Pick<Lead, 'store' | 'owner'>): boolean {
  if (stores === null && adviser === null) return true;
  return (store !== null && stores?.includes(store) === true) || (owner !== null && owner === adviser);
}
