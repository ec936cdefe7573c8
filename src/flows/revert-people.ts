import { currentLead } from '../domain/absorb.ts';
import { EMPTY_DIRECTORY } from '../domain/directory.ts';
import { type EventDraft, leadEvent } from '../domain/event.ts';
import type { Import } from '../domain/import.ts';
import type { Lead } from '../domain/lead.ts';
import { remakeTouch } from '../domain/remake-touch.ts';
import { IMPORT_REVERTED, planRevert, type RevertedTouch, type RevertPlan } from '../domain/revert.ts';
import { type OwnedTouch, readHistory } from '../store/history.ts';
import { familiesOf, leadFacts, silence, type TouchMark, touchMarks, type WrittenRow } from '../store/import-revert.ts';
import { upsertLeads } from '../store/lead-rows.ts';
import { readPolicy } from '../store/rules.ts';
import type { Session } from '../store/session.ts';
import { leadsWithDeals } from '../store/touch-moves.ts';
import { voidTouches } from '../store/touch-rows.ts';
import type { Call } from './call.ts';
import { idsOf } from './ids.ts';
import type { LockedPerson } from './lock-people.ts';
import { recompute } from './recompute.ts';
import { settleTasks } from './settle-tasks.ts';
import { tell } from './tell.ts';

/** What was taken back of persons: touches voided, leads gone, submissions whose leads were worked meanwhile. */
export interface RevertedPeople {
  readonly touches: number;
  readonly leads: number;
  readonly kept: ReadonlySet<string>;
}

interface Found {
  readonly person: LockedPerson;
  readonly plan: RevertPlan;
  readonly history: readonly OwnedTouch[];
  readonly marks: ReadonlyMap<string, TouchMark>;
}

const CLOCKS_MS = 3_600_000; // two processes' clocks differ by less

/** Takes what rows wrote back from persons who are locked: touches, what they said of others' touches, leads, values, events. */
export async function revertPeople(
  session: Session,
  call: Call,
  reverted: Import,
  people: readonly LockedPerson[],
  written: readonly WrittenRow[],
): Promise<RevertedPeople> {
  const found = await findPeople(session, reverted, people, written);
  const silenced = found.flatMap(({ plan }) => plan.silenced);
  const policy = await readPolicy(session);
  const told = found.map((one) => {
    const { id } = one.person.customer;
    const nextId = idsOf(call.seeds, call.at, id);
    // Nothing is opened by it: with nobody to work leads, tasks are only ended.
    const by = { at: call.at, policy: policy.document, directory: EMPTY_DIRECTORY, customerOf: () => id, nextId };
    return settleTasks(tellPerson(one, reverted, call), by);
  });
  const voids = found.flatMap(({ person, plan }) =>
    plan.voided.map(({ id, leadId }) => ({
      touchId: id,
      customerId: person.customer.id,
      leadId,
      reason: IMPORT_REVERTED,
      at: call.at,
    })),
  );
  await voidTouches(session, voids);
  await silence(session, silenced, found.flatMap(remade));
  await upsertLeads(
    session,
    call.vault,
    told.flatMap(({ leads }) => leads),
  );
  const changed = found.filter(({ plan }) => plan.voided.length > 0 || plan.silenced.length > 0);
  await recompute(
    session,
    call,
    changed.map(({ person }) => person.customer.id),
  );
  await tell(
    session,
    call,
    policy.version,
    told.flatMap(({ events }) => events),
  );
  return {
    touches: voids.length,
    leads: found.reduce((sum, { plan }) => sum + plan.hidden.size, 0),
    kept: new Set(found.flatMap(({ plan }) => [...plan.kept])),
  };
}

async function findPeople(
  session: Session,
  reverted: Import,
  people: readonly LockedPerson[],
  written: readonly WrittenRow[],
): Promise<readonly Found[]> {
  const roots = people.map(({ customer }) => customer.id);
  const members = (await familiesOf(session, roots)).map(({ member }) => member);
  const history = groupBy(await readHistory(session, roots), ({ root }) => root);
  const marks = new Map((await touchMarks(session, members)).map((mark) => [mark.id, mark]));
  const facts = groupBy(await leadFacts(session, members, reverted.createdAt - CLOCKS_MS), ({ leadId }) => leadId);
  const withDeals = new Set(await leadsWithDeals(session, members));
  const rows = groupBy(written, ({ root }) => root ?? '');
  return people.map((person) => {
    const own = history.get(person.customer.id) ?? [];
    const plan = planRevert(
      {
        leads: person.leads,
        touches: own.map((touch) => revertedTouch(touch, marks)),
        facts: person.leads.flatMap(({ id }) => facts.get(id) ?? []),
        withDeals,
      },
      (rows.get(person.customer.id) ?? []).flatMap(({ submission_id: submissionId, touch_id: touchId, before }) =>
        touchId === null ? [] : [{ submissionId, touchId, before: before as Partial<Lead> | null }],
      ),
      reverted.revert?.force === true ? 'force' : 'spare',
    );
    return { person, plan, history: own, marks };
  });
}

function revertedTouch(touch: OwnedTouch, marks: ReadonlyMap<string, TouchMark>): RevertedTouch {
  const mark = marks.get(touch.id);
  return {
    id: touch.id,
    leadId: touch.leadId,
    submissionId: mark?.submission_id ?? touch.firstSubmissionId,
    voidReason: touch.voided ? (mark?.void_reason ?? '') : null,
    spokenBy: touch.spoken.map(({ id }) => id),
  };
}

/** The touches of others that lose somebody who spoke of them. */
function remade({ plan, history, marks }: Found): readonly ReturnType<typeof remakeTouch>[] {
  const gone = new Set(plan.silenced);
  const voided = new Set(plan.voided.map(({ id }) => id));
  return history
    .filter((touch) => !voided.has(touch.id) && touch.spoken.some(({ id }) => gone.has(id)))
    .map((touch) => remakeTouch(touch, marks.get(touch.id)?.submission_id ?? touch.firstSubmissionId, gone));
}

/** One event for each lead that is gone, and one for each touch voided on the others. */
function tellPerson(
  { person, plan }: Found,
  { id: importId, mode }: Import,
  call: Call,
): { readonly leads: readonly Lead[]; readonly events: readonly EventDraft[] } {
  const nextId = idsOf(call.seeds, call.at, person.customer.id);
  const leads = new Map(person.leads.map((lead) => [lead.id, lead]));
  const changed = new Map(plan.leads.map((lead) => [lead.id, lead]));
  const latest = (id: string): Lead | undefined => changed.get(id) ?? leads.get(id);
  const common = { occurredAt: call.at, rule: 'voided.import_reverted' };
  const events: EventDraft[] = [];
  const take = ({ lead, event }: ReturnType<typeof leadEvent>, subject: Partial<EventDraft>): void => {
    changed.set(lead.id, lead);
    events.push({ ...event, ...subject });
  };
  for (const touch of plan.voided) {
    const lead = latest(currentLead(person.leads, touch.leadId)?.id ?? touch.leadId);
    if (lead === undefined || plan.hidden.has(lead.id)) continue;
    const data = { touch_id: touch.id, reason: IMPORT_REVERTED, import_id: importId, mode };
    const event = { ...common, id: nextId(), type: 'touch.voided' as const, submissionId: touch.submissionId, data };
    take(leadEvent(lead, person.customer.id, event), { subjectKind: 'touch', subjectId: touch.id });
  }
  for (const id of plan.hidden) {
    const lead = latest(id);
    if (lead === undefined) continue;
    const { owner, store, state, cycle } = lead;
    const data = { import_id: importId, owner, store, state, cycle, touches: [], mode };
    const event = { ...common, id: nextId(), type: 'lead.reverted' as const, submissionId: null, data };
    take(leadEvent(lead, person.customer.id, event), {});
  }
  return { leads: [...changed.values()], events };
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
