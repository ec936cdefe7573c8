import type { Instant } from '../domain/instant.ts';
import type { Vault } from '../domain/vault.ts';
import type { Tx } from '../store/database.ts';
import { readPolicy } from '../store/rules.ts';
import type { ScoreModel } from '../store/score-models.ts';
import { readBands } from '../store/score-rows.ts';
import { sessionOf } from '../store/session.ts';
import { idsOf } from './ids.ts';
import { lockPeople } from './lock-people.ts';
import { momentOf, readScores } from './score-read.ts';
import { isScored, standingsOf, writeStandings } from './score-standings.ts';
import type { SeedSource } from './seed.ts';

/** What scoring people needs. */
export interface ScoreDeps {
  readonly vault: Vault;
  readonly seeds: SeedSource;
}

/** Whom to score, each with when what brought it about arrived. */
export type ToScore = ReadonlyMap<string, Instant>;

/** Scores customers anew by the active model, whose locks it takes, and tells which bands their open leads entered. */
export async function scorePeople(
  tx: Tx,
  { vault, seeds }: ScoreDeps,
  active: ScoreModel,
  wanted: ToScore,
  at: Instant,
): Promise<void> {
  if (wanted.size === 0) return;
  const session = sessionOf(tx);
  const locked = await lockPeople(tx, vault, [...wanted.keys()], at);
  const sinceOf = new Map<string, Instant>(); // an alias and its root are one person
  for (const [asked, { customer }] of locked) {
    const since = Math.min(wanted.get(asked) ?? at, sinceOf.get(customer.id) ?? at);
    sinceOf.set(customer.id, since);
  }
  const people = [...new Map([...locked.values()].map((person) => [person.customer.id, person])).values()];
  const open = people.flatMap(({ leads }) => leads.filter(isScored));
  const bands = await readBands(
    session,
    open.map(({ id }) => id),
  );
  const { document: model } = active;
  const activatedAt = active.activatedAt ?? at;
  const scores = await readScores(
    session,
    people.map(({ customer }) => customer),
    [
      { model, moment: momentOf(at) },
      // Only while an activation is being carried through: how things stood when it came.
      ...(active.emit || open.every(({ id }) => bands.get(id)?.model === active.version)
        ? []
        : [{ model, moment: { at: activatedAt, receivedBy: activatedAt } }]),
    ],
  );
  const standings = people.map(({ customer, leads }) => {
    const [score, activation = null] = scores.get(customer.id) ?? [];
    if (score === undefined) throw new Error('a locked customer was not scored');
    const cause = { since: sinceOf.get(customer.id) ?? at, submissionId: null, requestId: null, mode: 'live' as const };
    return standingsOf(
      { customer, leads, score, activation, ...cause },
      active,
      bands,
      at,
      idsOf(seeds, at, customer.id),
    );
  });
  const { version } = await readPolicy(session);
  await writeStandings(session, vault, standings, version);
}
