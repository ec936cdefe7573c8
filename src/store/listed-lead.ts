import { sql } from 'kysely';
import type { KnownLead as ListedLead } from '../domain/lead-record.ts';
import { EMPTY_PROFILE, type Profile } from '../domain/profile.ts';
import type { Vault } from '../domain/vault.ts';
import { type LeadRow, leadOf } from './lead-rows.ts';

export type { KnownLead as ListedLead } from '../domain/lead-record.ts';

/** What a query selects for it, of lead `l` and its root customer `c`. */
export const LISTED = sql`l.*, c.id as root, c.profile`;

/** A row of that. */
export type ListedRow = LeadRow & { readonly root: string; readonly profile: object };

/** Leads that are shown in lists: neither merged away, nor erased or reverted. */
export const LISTABLE = sql`l.merged_into is null and l.hidden is null`;

/** The listed lead of a row. */
export function listedLeadOf(row: ListedRow, vault: Vault): ListedLead {
  return {
    lead: leadOf(row, vault),
    root: row.root,
    profile: { ...EMPTY_PROFILE, ...(row.profile as Partial<Profile>) },
  };
}
