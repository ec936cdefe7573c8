import type { FastifyRequest } from 'fastify';
import type { StateInput } from '../flows/state-input.ts';
import { grantOf, requireScope } from './actor.ts';
import { bodyMoment } from './body-moment.ts';
import { problem } from './problem.ts';
import type { StateBody } from './schemas/lead-work.ts';

/** The change of state that a body asks for, which stands at `at` of it; throws where the key may not name the owner or the closer. */
export function stateInputOf(request: FastifyRequest, body: StateBody, at: string): StateInput {
  const { state, reason, amount, currency, owner, closer, note } = body;
  if (owner !== undefined) requireScope(request, 'ops', `${at}/owner`);
  const { adviser } = grantOf(request);
  if (closer !== undefined && adviser !== null && closer !== adviser) throw problem('adviser_mismatch');
  if (currency !== undefined && !Intl.supportedValuesOf('currency').includes(currency)) {
    const errors = [{ path: `${at}/currency`, code: 'not_listed', message: 'must be a currency of ISO 4217' }];
    throw problem('body_invalid', { errors });
  }
  return {
    state,
    reason: reason?.trim() ?? null,
    occurredAt: bodyMoment(body.occurred_at, `${at}/occurred_at`),
    amount: amount ?? null,
    currency: currency ?? null,
    wonAt: bodyMoment(body.won_at, `${at}/won_at`),
    owner: owner ?? null,
    closer: closer ?? null,
    note: note === undefined || note.trim() === '' ? null : note,
    adviser: request.onBehalfOf,
  };
}
