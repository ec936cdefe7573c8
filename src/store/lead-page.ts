import type { Instant } from '../domain/instant.ts';
import type { LeadState } from '../domain/lead.ts';
import type { Band } from '../domain/score-bands.ts';

/** Which leads a key reads in full: those of its stores and those that its adviser owns. */
export interface Reach {
  readonly stores: readonly string[];
  readonly adviser: string | null;
}

/** Which leads to list; what is left out is not asked for. Ranges include their beginning and not their end. */
export interface LeadFilter {
  readonly states?: readonly LeadState[];
  readonly sourceId?: string; // of any standing touch
  readonly channel?: string; // of any standing touch
  readonly store?: string;
  readonly owner?: string;
  readonly rating?: string;
  readonly externalRef?: string; // its own, or of a lead merged into it
  readonly band?: Band; // open leads only
  readonly createdFrom?: Instant;
  readonly createdTo?: Instant;
  readonly updatedFrom?: Instant;
  readonly updatedTo?: Instant;
  readonly reach?: Reach;
}

export const LEAD_SORTS = ['-created_at', 'created_at', '-updated_at', 'updated_at'] as const;
export type LeadSort = (typeof LEAD_SORTS)[number];

/** A page to read: at most `limit` rows after the place of a lead in its order, or from the beginning. */
export interface LeadPage {
  readonly sort: LeadSort;
  readonly after: { readonly at: Instant; readonly id: string } | null;
  readonly limit: number;
  readonly now: Instant;
}
