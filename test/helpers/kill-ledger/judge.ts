import { Webhook } from 'standardwebhooks';
import type { Committed, CommittedEvent } from './committed.ts';
import type { Arrival } from './failing-receiver.ts';
import { grouped } from './grouped.ts';
import type { Accepted } from './posts.ts';
import { tooEarly } from './too-early.ts';

/** One SIGKILL: what the process may have sent without settling it. */
export interface Kill {
  readonly name: string;
  readonly underWay: number; // requests of it that had no answer yet
  readonly unsettled: ReadonlySet<string>; // event ids that were taken of it, answered or not, and stayed in the queue
}

/** All that a run came to. */
export interface Ledger {
  readonly posted: number;
  readonly accepted: readonly Accepted[];
  readonly committed: Committed;
  readonly arrivals: readonly Arrival[];
  readonly kills: readonly Kill[];
  readonly secret: string;
  readonly share: number; // most requests that one process has under way
}

/** The ledger in lines, and the laws that it breaks, a sentence each. */
export interface Judgement {
  readonly figures: Readonly<Record<string, number>>;
  readonly faults: readonly string[];
}

/** Holds a run against the laws: accepted = committed = delivered, at least once, in order, signed, the same bytes. */
export function judge(ledger: Ledger): Judgement {
  const { accepted, committed, arrivals, kills } = ledger;
  const taken = grouped(
    arrivals.filter(({ decision }) => decision === 'taken'),
    ({ id }) => id,
  );
  const again = [...taken].map(([id, times]) => ({ id, times: times.length - 1 })).filter(({ times }) => times > 0);
  const figures = {
    'leads posted': ledger.posted,
    accepted: accepted.length,
    'asked more than once': accepted.filter(({ tries }) => tries > 1).length,
    'submissions committed': committed.submissions.size,
    'events committed': committed.events.length,
    'events delivered': committed.events.filter(({ state }) => state === 'delivered').length,
    'events received': taken.size,
    'requests received': arrivals.length,
    'of them failed by the receiver': arrivals.filter(({ decision }) => decision !== 'taken').length,
    kills: kills.length,
    'requests under way at the kills': kills.reduce((sum, { underWay }) => sum + underWay, 0),
    'sent and not settled at the kills': kills.reduce((sum, { unsettled }) => sum + unsettled.size, 0),
    'places of the killed processes': kills.length * ledger.share,
    duplicates: again.reduce((sum, { times }) => sum + times, 0),
  };
  const faults = [
    ...captured(ledger),
    ...delivered(ledger, taken),
    ...repeated(ledger, again, figures['duplicates'] ?? 0, figures['places of the killed processes'] ?? 0),
    ...sameBytes(arrivals),
    ...each(tooEarly(committed.events, arrivals), (id) => `event ${id} was sent before the one before it was taken`),
    ...chained(committed.events, taken),
    ...signed(arrivals, ledger.secret),
  ];
  return { figures, faults };
}

function captured({ posted, accepted, committed }: Ledger): readonly string[] {
  const { submissions, events } = committed;
  const told = grouped(
    events.filter(({ type }) => type === 'lead.created' || type === 'lead.touched'),
    ({ submissionId }) => submissionId ?? '',
  );
  return [
    ...when(accepted.length !== posted, `${posted} leads were posted and ${accepted.length} accepted`),
    ...when(submissions.size !== posted, `${posted} leads were posted and ${submissions.size} submissions committed`),
    ...each(
      accepted.filter(({ submissionId }) => !submissions.has(submissionId)),
      ({ key }) => `${key} was accepted and is not there`,
    ),
    ...each(
      accepted.filter(({ submissionId }) => told.get(submissionId)?.length !== 1),
      ({ key, submissionId, decision }) => `${key} (${decision}) has ${told.get(submissionId)?.length ?? 0} events`,
    ),
  ];
}

function delivered({ committed }: Ledger, taken: ReadonlyMap<string, readonly Arrival[]>): readonly string[] {
  const known = new Set(committed.events.map(({ id }) => id));
  return [
    ...when(committed.due > 0, `${committed.due} deliveries are still in the queue`),
    ...each(
      committed.events.filter(({ deliveries }) => deliveries !== 1),
      ({ id, deliveries }) => `event ${id} has ${deliveries} deliveries`,
    ),
    ...each(
      committed.events.filter(({ state }) => state !== 'delivered'),
      ({ id, state, reason }) => `the delivery of event ${id} is ${state} (${reason})`,
    ),
    ...each(
      committed.events.filter(({ id }) => !taken.has(id)),
      ({ id }) => `event ${id} was never received`,
    ),
    ...each(
      [...taken.keys()].filter((id) => !known.has(id)),
      (id) => `event ${id} was received and never committed`,
    ),
  ];
}

function repeated(
  { committed, arrivals, kills }: Ledger,
  again: readonly { readonly id: string; readonly times: number }[],
  duplicates: number,
  places: number,
): readonly string[] {
  const timeouts = new Map(committed.events.map((event) => [event.id, event.timeouts]));
  const ignored = grouped(
    arrivals.filter(({ decision }) => decision === 'ignored'),
    ({ id }) => id,
  );
  // What was taken, and answered too late for its sender, is sent again without a kill.
  const tooLate = (id: string) => Math.max(0, (timeouts.get(id) ?? 0) - (ignored.get(id)?.length ?? 0));
  const excuses = (id: string) => kills.filter(({ unsettled }) => unsettled.has(id)).length + tooLate(id);
  return [
    ...when(duplicates > places, `${duplicates} duplicates, and the killed processes had ${places} places`),
    ...each(
      again.filter(({ id, times }) => times > excuses(id)),
      ({ id, times }) =>
        `event ${id} was sent ${times} times too often, with ${excuses(id)} kills or timeouts to blame`,
    ),
  ];
}

function sameBytes(arrivals: readonly Arrival[]): readonly string[] {
  const faults: string[] = [];
  for (const [id, requests] of grouped(arrivals, (arrival) => arrival.id)) {
    const first = requests[0]?.text ?? '';
    const other = requests.find(({ text }) => text !== first)?.text;
    if (other === undefined) continue;
    const at = [...first].findIndex((character, index) => character !== other[index]);
    faults.push(`event ${id} came with other bytes: ${first.slice(at, at + 40)} ≠ ${other.slice(at, at + 40)}`);
  }
  return each(faults, (fault) => fault);
}

/** `previous_sequence` names the event before, in the database and in the body. */
function chained(events: readonly CommittedEvent[], taken: ReadonlyMap<string, readonly Arrival[]>): readonly string[] {
  const faults: string[] = [];
  for (const [index, event] of events.entries()) {
    const last = events[index - 1];
    const expected = last?.leadId === event.leadId ? last.sequence : null;
    const body = JSON.parse(taken.get(event.id)?.[0]?.text ?? '{}') as Readonly<Record<string, unknown>>;
    const right =
      event.previousSequence === expected &&
      body['previous_sequence'] === expected &&
      body['sequence'] === event.sequence;
    if (!right) {
      faults.push(
        `event ${event.id} of sequence ${event.sequence} follows ${body['previous_sequence']} instead of ${expected}`,
      );
    }
  }
  return each(faults, (fault) => fault);
}

function signed(arrivals: readonly Arrival[], secret: string): readonly string[] {
  const webhook = new Webhook(secret);
  const faults: string[] = [];
  for (const { id, text, headers } of arrivals) {
    try {
      webhook.verify(text, headers as Record<string, string>);
    } catch (error) {
      faults.push(`event ${id} is not signed: ${String(error)}`);
    }
  }
  return each(faults, (fault) => fault);
}

const SHOWN = 5;

function when(broken: boolean, fault: string): readonly string[] {
  return broken ? [fault] : [];
}

function each<T>(broken: readonly T[], sentence: (one: T) => string): readonly string[] {
  const more = broken.length > SHOWN ? [`… and ${broken.length - SHOWN} more like the last`] : [];
  return [...broken.slice(0, SHOWN).map(sentence), ...more];
}
