import { formatInstant, type Instant } from '../domain/instant.ts';
import type { Sight } from '../domain/sight.ts';
import type { Vault } from '../domain/vault.ts';
import { insertAudit } from '../store/audit.ts';
import type { Db } from '../store/database.ts';
import { readLeadExtras } from '../store/lead-export.ts';
import { listLeads } from '../store/lead-list.ts';
import type { LeadFilter, LeadPage } from '../store/lead-page.ts';
import type { ListedLead } from '../store/listed-lead.ts';
import type { Act } from './act.ts';
import { LEAD_COLUMNS, leadCells } from './lead-columns.ts';
import { recordPhoneRead } from './phone-read.ts';

/** What an export needs. */
export interface ExportDeps {
  readonly db: Db;
  readonly vault: Vault;
  readonly clock: () => Instant;
}

/** What is exported, how it is seen, and what the audit says of it. */
export interface ExportAsk {
  readonly filter: LeadFilter; // with the reach of who asks
  readonly sight: Sight;
  readonly region: string; // ISO 3166 alpha-2: its phones are written as they are dialled there
  readonly act: Act;
  readonly route: string;
  readonly detail: Readonly<Record<string, unknown>>; // format and filters, no person
}

/** An export under way. */
export interface LeadExport {
  /** The header with the first page, then page by page; the audit is written before the last one has been taken. */
  readonly pages: AsyncGenerator<readonly (readonly string[])[]>;
  /** How many leads were read so far. */
  readonly rows: () => number;
  /** Tells the audit that nobody takes more of it; nothing where it came to its end. */
  readonly breakOff: () => Promise<void>;
}

const PAGE = 500; // leads held in memory

/**
 * Reads leads out as cells, newest first. It is no snapshot: by (created_at, id), which no lead ever changes, none comes twice,
 * and none is left out that was there throughout.
 */
export function exportLeads(deps: ExportDeps, ask: ExportAsk): LeadExport {
  let rows = 0;
  let told = false;
  const tell = async (ending: 'complete' | 'broken_off'): Promise<void> => {
    if (told) return;
    told = true;
    await audit(deps, ask, { rows, ending });
  };
  async function* pages() {
    let after: LeadPage['after'] = null;
    for (let header = [LEAD_COLUMNS.map((column) => column.header)]; ; header = []) {
      const page = await listLeads(deps.db, deps.vault, ask.filter, {
        sort: '-created_at',
        after,
        limit: PAGE,
        now: deps.clock(),
      });
      const cells = await cellsOf(deps, ask, page);
      rows += page.length;
      yield [...header, ...cells];
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return tell('complete');
      after = { at: last.lead.createdAt, id: last.lead.id };
    }
  }
  return { pages: pages(), rows: () => rows, breakOff: () => tell('broken_off') };
}

async function cellsOf(deps: ExportDeps, ask: ExportAsk, page: readonly ListedLead[]) {
  if (page.length === 0) return [];
  await auditReading(deps, ask, page);
  return leadCells(page, await readLeadExtras(deps.db, deps.vault, page), ask);
}

/** Whose phones go out in full is written before they do, and found again by lead; the entry at the end names none. */
async function auditReading({ db, clock }: ExportDeps, ask: ExportAsk, page: readonly ListedLead[]): Promise<void> {
  const { sight, act, route } = ask;
  if (sight.kind === 'masked') return;
  await recordPhoneRead(db, {
    id: act.newId(),
    at: clock(),
    actor: act.actor,
    reason: sight.reason,
    requestId: act.requestId ?? '',
    route,
    subjectKind: 'lead',
    subjectId: null,
    ids: page.map(({ lead }) => lead.id),
  });
}

async function audit(
  { db, clock }: ExportDeps,
  { sight, act, detail }: ExportAsk,
  end: { readonly rows: number; readonly ending: string },
): Promise<void> {
  await insertAudit(db, [
    {
      id: act.newId(),
      at: clock(),
      actor: act.actor,
      action: 'leads.exported',
      subjectKind: 'lead',
      subjectId: null,
      reason: sight.kind === 'full' ? sight.reason : null,
      detail: { ...detail, ...end, sight: sight.kind, started_at: formatInstant(act.at) },
      requestId: act.requestId,
    },
  ]);
}
