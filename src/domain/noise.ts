import { currentLead, stretchSources } from './absorb.ts';
import type { Entry } from './entry.ts';
import { type KnownTouch, type Person, withLead } from './person.ts';
import type { Verdict } from './record.ts';
import { bucketDigits, ID, makeId } from './seed.ts';
import type { Settled, World } from './world.ts';

/** The touch of the same person, channel, campaign and content within the window of the submission's moment, nearest first; or null. */
export function noiseOf(person: Person, entry: Entry, settled: Settled, windowSeconds: number): KnownTouch | null {
  let nearest: KnownTouch | null = null;
  let distance = windowSeconds * 1000;
  for (const touch of person.touches) {
    const apart = Math.abs(touch.occurredAt - settled.occurredAt);
    if (touch.noiseKey !== entry.noiseKey || apart > distance) continue;
    if (nearest !== null && apart === distance && touch.occurredAt > nearest.occurredAt) continue;
    nearest = touch;
    distance = apart;
  }
  return nearest;
}

/** Noise: kept as a submission of the touch it repeats; it may only move that touch's first or last moment outward. */
export function takeNoise(world: World, entry: Entry, settled: Settled, person: Person, touch: KnownTouch): Verdict {
  const submissionId = makeId(entry.seed, bucketDigits(person.customer.id), ID.submission);
  const at = settled.occurredAt;
  if (at < touch.firstAt || at > touch.lastAt) {
    const stretched: KnownTouch = {
      ...touch,
      ...(at < touch.firstAt ? { firstAt: at, firstSubmissionId: submissionId } : {}),
      ...(at > touch.lastAt ? { lastAt: at, lastSubmissionId: submissionId } : {}),
    };
    world.extents.set(touch.id, stretched);
    const touches = person.touches.map((other) => (other.id === touch.id ? stretched : other));
    const moved = { ...person, touches, customer: stretchSources(person.customer, settled, touch.id) };
    const lead = currentLead(person.leads, touch.leadId);
    world.persons.set(
      person.customer.id,
      lead === undefined ? moved : withLead(moved, stretchSources(lead, settled, touch.id)),
    );
  }
  return {
    decision: 'noise',
    rule: 'noise.same_content_within_window',
    customerId: person.customer.id,
    leadId: touch.leadId,
    touchId: touch.id,
    owner: null,
    assignment: null,
    flags: [],
    supersedes: null,
    makesTouch: false,
  };
}
