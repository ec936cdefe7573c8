import { currentLead } from './absorb.ts';
import { isLive, type Lead } from './lead.ts';

/** Why the touches of an import count no more. */
export const IMPORT_REVERTED = 'import_reverted';

/** A row of an import that spoke of a person's touch. */
export interface RevertedRow {
  readonly submissionId: string;
  readonly touchId: string;
  readonly before: Partial<Lead> | null; // the lead as it was, of the first row that touched it
}

/** A touch of the person with the submissions that speak of it, its own first. */
export interface RevertedTouch {
  readonly id: string;
  readonly leadId: string; // as written
  readonly submissionId: string;
  readonly voidReason: string | null; // null: it stands
  readonly spokenBy: readonly string[];
}

/** An event of a lead as far as taking back goes by it. */
export interface LeadFact {
  readonly leadId: string;
  readonly sequence: number;
  readonly type: string;
  readonly rule: string | null;
  readonly submissionId: string | null;
}

/** A person as found after the lock. */
export interface RevertedPerson {
  readonly leads: readonly Lead[];
  readonly touches: readonly RevertedTouch[];
  readonly facts: readonly LeadFact[];
  readonly withDeals: ReadonlySet<string>;
}

/** What taking rows back comes to; `leads` are those restored or hidden, before their values are recomputed. */
export interface RevertPlan {
  readonly voided: readonly RevertedTouch[];
  readonly silenced: readonly string[]; // submissions that speak of no touch any more
  readonly leads: readonly Lead[];
  readonly hidden: ReadonlySet<string>;
  readonly kept: ReadonlySet<string>; // submissions whose leads were worked meanwhile
}

/** Types of event that a person's work on a lead is told by; one that a submission or the sweep made is none. */
export const WORK: readonly string[] = [
  'lead.state_changed',
  'lead.owner_changed',
  'lead.profile_changed',
  'lead.split',
  'lead.merged',
  'lead.unmerged',
  'deal.recorded',
  'deal.refunded',
  'task.completed',
];
const REMINDERS: readonly string[] = ['task.due', 'task.overdue', 'task.escalated']; // change nothing of a lead
export const NAMED = 'lead.named'; // what another system calls a lead
/** Rules of those types by which nobody has worked a lead. */
export const NO_WORK: readonly string[] = ['dormant.idle', NAMED];

/** Takes the rows of an import back from one person; a lead worked since stays as it is unless `means` says force. */
export function planRevert(person: RevertedPerson, rows: readonly RevertedRow[], means: 'force' | 'spare'): RevertPlan {
  const ours = new Set(rows.map(({ submissionId }) => submissionId));
  const touches = new Map(person.touches.map((touch) => [touch.id, touch]));
  const kept = new Set<string>();
  const voided: RevertedTouch[] = [];
  const silenced: string[] = [];
  const restored = new Map<string, Lead>();
  for (const [leadId, own] of rowsByLead(rows, touches)) {
    const made = own.flatMap(({ touchId, submissionId }) => {
      const touch = touches.get(touchId);
      return touch?.submissionId === submissionId && touch.voidReason === null ? [touch] : [];
    });
    const since = factsSince(person.facts, leadId, ours);
    const spoken = made.some((touch) => touch.spokenBy.some((id) => !ours.has(id)));
    if (means === 'spare' && (spoken || since.some(isWork))) {
      for (const { submissionId } of own) kept.add(submissionId);
      continue;
    }
    voided.push(...made);
    const makers = new Set(made.map(({ submissionId }) => submissionId));
    silenced.push(...own.map((row) => row.submissionId).filter((id) => !makers.has(id) && !makes(person, id)));
    const before = own.find((row) => row.before !== null)?.before ?? null;
    const lead = person.leads.find(({ id }) => id === leadId);
    const alone = since.every((fact) => isNeutral(person, fact, ours));
    if (lead !== undefined && isLive(lead) && before !== null && made.length > 0 && alone) {
      restored.set(leadId, { ...lead, ...before });
    }
  }
  const hidden = emptied(person, new Set(voided.map(({ id }) => id)));
  for (const lead of person.leads) {
    if (hidden.has(lead.id)) restored.set(lead.id, { ...(restored.get(lead.id) ?? lead), hidden: 'reverted' });
  }
  return { voided, silenced, leads: [...restored.values()], hidden, kept };
}

/** The rows by the lead that their touch was written to; rows whose touch went to somebody else are left out. */
function rowsByLead(
  rows: readonly RevertedRow[],
  touches: ReadonlyMap<string, RevertedTouch>,
): ReadonlyMap<string, readonly RevertedRow[]> {
  const found = new Map<string, RevertedRow[]>();
  for (const row of rows) {
    const leadId = touches.get(row.touchId)?.leadId;
    if (leadId === undefined) continue;
    found.set(leadId, found.get(leadId) ?? []);
    found.get(leadId)?.push(row);
  }
  return found;
}

/** The events of a lead from the first that these submissions made on; by sequence, since clocks differ. */
function factsSince(facts: readonly LeadFact[], leadId: string, ours: ReadonlySet<string>): readonly LeadFact[] {
  const own = facts.filter((fact) => fact.leadId === leadId);
  const first = own.reduce(
    (least, { sequence, submissionId }) =>
      submissionId !== null && ours.has(submissionId) ? Math.min(least, sequence) : least,
    Number.POSITIVE_INFINITY,
  );
  return own.filter(({ sequence }) => sequence >= first);
}

function isWork({ type, rule, submissionId }: LeadFact): boolean {
  return WORK.includes(type) && submissionId === null && !NO_WORK.includes(rule ?? '');
}

/** Whether an event is of these submissions, or of others that were taken back already. */
function isNeutral(person: RevertedPerson, { type, rule, submissionId }: LeadFact, ours: ReadonlySet<string>): boolean {
  if (REMINDERS.includes(type) || rule === NAMED) return true;
  if (submissionId === null) return false;
  if (ours.has(submissionId)) return true;
  return person.touches.some((touch) => touch.submissionId === submissionId && touch.voidReason === IMPORT_REVERTED);
}

function makes({ touches }: RevertedPerson, submissionId: string): boolean {
  return touches.some((touch) => touch.submissionId === submissionId);
}

/** Leads that consist of nothing but what imports brought and what was taken back; one with a deal stays. */
function emptied({ leads, touches, withDeals }: RevertedPerson, voided: ReadonlySet<string>): ReadonlySet<string> {
  const touched = new Set(
    touches.filter(({ id }) => voided.has(id)).map((touch) => currentLead(leads, touch.leadId)?.id),
  );
  const others = new Set(
    touches
      .filter(({ id, voidReason }) => !voided.has(id) && voidReason !== IMPORT_REVERTED)
      .map((touch) => currentLead(leads, touch.leadId)?.id),
  );
  const gone = leads.filter((lead) => isLive(lead) && touched.has(lead.id) && !others.has(lead.id));
  return new Set(gone.map(({ id }) => id).filter((id) => !withDeals.has(id)));
}
