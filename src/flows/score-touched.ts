import type { Entry } from '../domain/entry.ts';
import type { Person } from '../domain/person.ts';
import type { Score } from '../domain/score-total.ts';
import type { Mode } from '../domain/submission.ts';
import type { Vault } from '../domain/vault.ts';
import type { World } from '../domain/world.ts';
import type { RoutingModel } from '../store/rules.ts';
import { markCustomersDue } from '../store/score-due.ts';
import { heldModelVersion } from '../store/score-held.ts';
import { type LeadBand, readBands } from '../store/score-rows.ts';
import type { Session } from '../store/session.ts';
import { idsOf } from './ids.ts';
import { momentOf, readScores } from './score-read.ts';
import { isBehind, isScored, standingsOf, writeStandings } from './score-standings.ts';
import { createSeedSource } from './seed.ts';

/** A person whom a batch gave a touch, and the submission that brought the last one. */
interface Touched {
  readonly person: Person;
  readonly submissionId: string;
  readonly entry: Entry;
  readonly mode: Mode; // history: of all of their touches
}

/** What the scores of a batch's people rest on, read behind its writes. */
export interface TouchedFacts {
  readonly touched: readonly Touched[];
  readonly version: number | null; // of the model that routes until the transaction ends
  readonly bands: ReadonlyMap<string, LeadBand>;
  readonly scores: ReadonlyMap<string, readonly Score[]>;
}

/** Reads what the scores of a batch's people rest on; sent behind the writes, whose rows it sees. */
export async function readTouched(
  session: Session,
  { document: model }: RoutingModel,
  world: World,
  at: number,
): Promise<TouchedFacts> {
  const touched = touchedOf(world);
  const open = touched.flatMap(({ person }) => person.leads.filter(isScored));
  const [version, bands, scores] = await Promise.all([
    heldModelVersion(session),
    readBands(
      session,
      open.map(({ id }) => id),
    ),
    readScores(
      session,
      touched.map(({ person }) => person.customer),
      [{ model, moment: momentOf(at) }],
    ),
  ]);
  return { touched, version, bands, scores };
}

/**
 * Scores whom a batch gave touches, and tells which bands their open leads entered; answers what sends the writes. Where another model has
 * become active meanwhile, or a lead has not been scored by this one since, it is left to the worker, who knows what not to tell.
 */
export function scoreTouched(
  vault: Vault,
  active: RoutingModel,
  { known: { policy }, touchFields }: World,
  { touched, version, bands, scores }: TouchedFacts,
  at: number,
): (session: Session) => Promise<unknown> {
  const seeds = createSeedSource();
  const isLeft = ({ person }: Touched): boolean =>
    version !== active.version ||
    person.leads.some((lead) => isScored(lead) && isBehind(lead, bands.get(lead.id) ?? null, active));
  const standings = touched
    .filter((one) => !isLeft(one))
    .map(({ person: { customer, leads }, submissionId, mode, entry: { requestId } }) => {
      const [score] = scores.get(customer.id) ?? [];
      if (score === undefined) throw new Error('a customer who was touched was not scored');
      const scored = { customer, leads, score, activation: null, since: at, mode, submissionId, requestId };
      return standingsOf(scored, active, bands, at, idsOf(seeds, at, customer.id));
    });
  const updated = [...touchFields.values()].map(({ customerId }) => customerId);
  const left = [...touched.filter(isLeft).map(({ person }) => person.customer.id), ...updated];
  return (session) =>
    Promise.all([writeStandings(session, vault, standings, policy.version), markCustomersDue(session, left, at)]);
}

function touchedOf({ touches, persons }: World): readonly Touched[] {
  const touched = new Map<string, Touched>();
  for (const { customerId, submissionId, entry, settled } of touches) {
    const person = persons.get(customerId);
    const mode = touched.get(customerId)?.mode === 'live' ? 'live' : settled.mode;
    if (person !== undefined) touched.set(customerId, { person, submissionId, entry, mode });
  }
  return [...touched.values()];
}
