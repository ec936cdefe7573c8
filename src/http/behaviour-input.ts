import { cleanText } from '../domain/clean.ts';
import type { Instant } from '../domain/instant.ts';
import { parsePhone } from '../domain/phone.ts';
import type { BehaviourItem, BehaviourPerson } from '../flows/take-behaviours.ts';
import type { Reach } from '../store/lead-page.ts';
import { bodyMoment } from './body-moment.ts';
import { type Problem, problem } from './problem.ts';
import { isProblemCode } from './problem-codes.ts';
import type { BehaviourBody } from './schemas/behaviour.ts';

const WAYS = ['phone', 'visitor_id', 'lead_id', 'customer_id'] as const;

/** How a behaviour came, which it cannot say itself. */
export interface BehaviourArrival {
  readonly source: string; // id
  readonly receivedAt: Instant;
  readonly reach: Reach | null; // of the key; null: everybody
  readonly region: string; // ISO 3166 alpha-2, for numbers without a country code
  readonly path: string; // where it stands in the body, for what is wrong with it; '': it is the body
}

/** The behaviour that a body tells; throws `body_invalid`, `date_invalid`, and the phone's own refusal. */
export function behaviourOf(body: BehaviourBody, arrival: BehaviourArrival): BehaviourItem {
  const { source, receivedAt, reach, path } = arrival;
  const { id, type, occurred_at, page, props } = body;
  const occurredAt = bodyMoment(occurred_at, `${path}/occurred_at`) ?? receivedAt;
  return {
    source,
    reach,
    key: id,
    type,
    person: personOf(body, arrival),
    // Nobody did anything later than we were told of it: a clock ahead of ours must not keep points from decaying.
    occurredAt: Math.min(occurredAt, receivedAt),
    receivedAt,
    page: page === undefined ? null : withoutQuery(page),
    props: props ?? null,
  };
}

/** What follows ? or # may name a person, and no score looks at it. */
function withoutQuery(page: string): string | null {
  const path = page.split(/[?#]/, 1)[0] ?? '';
  return path === '' ? null : path;
}

function personOf(body: BehaviourBody, { region, path: place }: BehaviourArrival): BehaviourPerson {
  const named = WAYS.filter((way) => body[way] !== undefined);
  if (named.length !== 1) {
    const path = named.length === 0 ? place : `${place}/${named[1]}`;
    const message = `exactly one of ${WAYS.join(', ')} must be there`;
    throw problem('body_invalid', {
      errors: [{ path, code: named.length === 0 ? 'too_few' : 'not_allowed', message }],
    });
  }
  const { phone, visitor_id, lead_id, customer_id } = body;
  if (phone !== undefined) return { by: 'phone', e164: phoneOf(phone, region, `${place}/phone`) };
  // As submissions name it: cleaned.
  if (visitor_id !== undefined) return { by: 'visitor', id: cleanText(visitor_id) ?? visitor_id };
  if (lead_id !== undefined) return { by: 'lead', id: lead_id.toLowerCase() };
  return { by: 'customer', id: (customer_id ?? '').toLowerCase() };
}

function phoneOf(typed: string, region: string, path: string): string {
  const verdict = parsePhone(typed, region);
  switch (verdict.kind) {
    case 'phone':
      if (verdict.phoneKind === 'relay') throw refused(path, 'phone_relay', 'A relay number names nobody for long.');
      return verdict.e164;
    case 'refused':
      throw refused(path, verdict.code, verdict.hint);
    case 'empty':
    case 'other_identity':
      throw refused(path, 'phone_empty', 'Send the number of a person.');
  }
}

function refused(path: string, code: string, hint: string): Problem {
  const errors = [{ path, code, message: 'cannot be used', hint }];
  return problem(isProblemCode(code) ? code : 'phone_invalid', { hint, errors });
}
