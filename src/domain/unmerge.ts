import type { Instant } from './instant.ts';
import { isLive, isOpen, type Lead } from './lead.ts';
import { type MergeRecord, separateLead } from './merge.ts';
import type { Policy } from './policy.ts';
import { type MovedTouch, seatTouch } from './seat.ts';
import type { OpenTask } from './task.ts';
import { withTask } from './task-step.ts';

/** A touch that goes back to the absorbed side. */
export interface ReturningTouch extends MovedTouch {
  readonly id: string;
  readonly leadId: string; // as written
}

/** What of the leads an unmerge changes. */
export interface SeparatedLeads {
  readonly survivors: readonly Lead[]; // of the surviving side, as they were but for what has changed since
  readonly returned: readonly Lead[]; // of the absorbed side, restored, woken or made, and those that go over to it whole
  readonly moved: readonly string[]; // of the returned ones, those that go over
  readonly emptied: readonly Lead[]; // left without any touch: gone
  readonly seats: ReadonlyMap<string, { readonly leadId: string; readonly cycle: number | null }>; // of each returning touch
  readonly formerTasks: ReadonlyMap<string, OpenTask>; // that were open before, by lead
}

interface Separation {
  readonly leads: readonly Lead[]; // of the whole family
  readonly absorbed: ReadonlySet<string>; // the absorbed customer and its aliases
  readonly absorbedRoot: string;
  readonly record: MergeRecord;
  readonly returning: readonly ReturningTouch[]; // in the order of events
  readonly staying: ReadonlySet<string>; // leads as written that other touches or deals hold on to
  readonly policy: Policy;
  readonly at: Instant;
  readonly newId: () => string;
}

/**
 * The leads of both sides after an unmerge. A lead made since goes over whole when nothing but returning touches holds it and the
 * other side has none open in its scope; any other returning touch goes to the lead that its own was merged from, else where the
 * decision table puts it.
 */
export function separateLeads(separation: Separation): SeparatedLeads {
  const { leads, absorbed, record, policy, at } = separation;
  const pairs = new Map(record.pairs.map((pair) => [pair.absorbed, pair]));
  const bump = (lead: Lead): Lead => ({ ...lead, version: lead.version + 1, updatedAt: Math.max(lead.updatedAt, at) });
  const theirs = new Map<string, Lead>();
  for (const lead of leads) {
    if (!absorbed.has(lead.customerId)) continue;
    const taken = pairs.get(lead.id);
    const isBack = taken !== undefined && lead.mergedInto === taken.survivor;
    theirs.set(lead.id, isBack ? bump({ ...lead, mergedInto: null }) : lead);
  }
  const formerTasks = new Map<string, OpenTask>();
  const survivors = record.pairs.flatMap((pair) => {
    const lead = leads.find(({ id }) => id === pair.survivor);
    if (lead === undefined || lead.hidden !== null) return [];
    const [own, other = null] = pair.tasks ?? [];
    for (const [id, task] of [
      [pair.survivor, own],
      [pair.absorbed, other],
    ] as const) {
      if (task !== null && task !== undefined) formerTasks.set(id, task);
    }
    const survivor = separateLead(lead, pair, at);
    const back = theirs.get(pair.absorbed);
    if (back === undefined || back.mergedInto !== null || other === null || lead.task?.id !== other.id)
      return [survivor];
    // The nearer task had gone over to the survivor: it goes back.
    theirs.set(back.id, withTask(back, lead.task, policy.follow_up));
    return [withTask(survivor, null, policy.follow_up)];
  });
  const moved = leadsThatMove(separation, theirs);
  for (const lead of moved)
    theirs.set(
      lead.id,
      bump({ ...lead, repurchaseOf: mine(theirs, lead.repurchaseOf), previousLead: mine(theirs, lead.previousLead) }),
    );
  const seats = seatAll(separation, theirs, new Set(moved.map(({ id }) => id)));
  const before = new Map(leads.map((lead) => [lead.id, lead]));
  return {
    survivors,
    returned: [...theirs.values()].filter((lead) => before.get(lead.id) !== lead),
    moved: moved.map(({ id }) => id),
    emptied: emptiedLeads(separation, moved).map((lead) => bump({ ...lead, hidden: 'reverted' })),
    seats,
    formerTasks,
  };
}

function mine(theirs: ReadonlyMap<string, Lead>, id: string | null): string | null {
  return id !== null && theirs.has(id) ? id : null;
}

/** Leads made since the merge that nothing but returning touches holds. */
function leadsLeft({ leads, absorbed, record, returning, staying }: Separation): readonly Lead[] {
  const touched = new Set(returning.map((touch) => touch.leadId));
  const older = new Set(record.leads);
  return leads.filter(
    (lead) =>
      isLive(lead) &&
      !absorbed.has(lead.customerId) &&
      !older.has(lead.id) &&
      touched.has(lead.id) &&
      !staying.has(lead.id),
  );
}

function leadsThatMove(separation: Separation, theirs: ReadonlyMap<string, Lead>): readonly Lead[] {
  const open = [...theirs.values()].filter((lead) => isLive(lead) && isOpen(lead.state));
  const fits = (lead: Lead): boolean => !isOpen(lead.state) || open.every((other) => other.scope !== lead.scope);
  return leadsLeft(separation).filter(fits);
}

function emptiedLeads(separation: Separation, moved: readonly Lead[]): readonly Lead[] {
  return leadsLeft(separation).filter((lead) => !moved.includes(lead));
}

/** Finds each returning touch its lead; `theirs` gets the leads as they are then. */
function seatAll(
  { record, returning, policy, absorbedRoot, newId, at }: Separation,
  theirs: Map<string, Lead>,
  moved: ReadonlySet<string>,
): SeparatedLeads['seats'] {
  const counterpart = new Map(record.pairs.map((pair) => [pair.survivor, pair.absorbed]));
  const seats = new Map<string, { leadId: string; cycle: number | null }>();
  for (const touch of returning) {
    if (moved.has(touch.leadId)) {
      seats.set(touch.id, { leadId: touch.leadId, cycle: null });
      continue;
    }
    const paired = theirs.get(counterpart.get(touch.leadId) ?? '');
    const made = { leadId: newId(), customerId: absorbedRoot };
    const seat =
      paired !== undefined && isLive(paired)
        ? { lead: worked(paired, touch), how: 'kept' as const }
        : seatTouch([...theirs.values()], touch, policy, made);
    theirs.set(seat.lead.id, {
      ...seat.lead,
      version: seat.lead.version + 1,
      updatedAt: Math.max(seat.lead.updatedAt, at),
    });
    seats.set(touch.id, { leadId: seat.lead.id, cycle: seat.lead.cycle });
  }
  return seats;
}

function worked(lead: Lead, touch: MovedTouch): Lead {
  return {
    ...lead,
    lastActivityAt: Math.max(lead.lastActivityAt, touch.occurredAt),
    lastReceivedAt: Math.max(lead.lastReceivedAt, touch.receivedAt),
  };
}
