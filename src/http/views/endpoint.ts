import type { SendingEndpoint } from '../../domain/endpoint.ts';
import { formatInstant, momentOf } from '../../domain/instant.ts';
import { type EndpointFacts, NO_FACTS } from '../../store/endpoint-facts.ts';
import { publicKeyOf } from '../../webhooks/secret.ts';
import type { EndpointAnswer } from '../schemas/endpoint-answer.ts';

/** An endpoint and how it is doing, without its secrets and the values of its headers. */
export function endpointAnswer(
  { endpoint, secrets, headers }: SendingEndpoint,
  facts: EndpointFacts | undefined,
): EndpointAnswer {
  const { pending, pendingMore, oldestPendingAt, ...health } = facts ?? NO_FACTS;
  const [newest, former] = secrets;
  return {
    id: endpoint.id,
    url: endpoint.url,
    description: endpoint.description,
    state: endpoint.state,
    paused_reason: endpoint.pausedReason,
    events: endpoint.events,
    filter: endpoint.filter,
    ordered: endpoint.ordered,
    ...endpoint.settings,
    headers: Object.keys(headers).sort(),
    public_key: newest === undefined ? null : publicKeyOf(newest.secret),
    secret_expires_at: momentOf(former?.expires_at ?? null),
    health: {
      failing_since: momentOf(health.failingSince),
      last_success_at: momentOf(health.lastSuccessAt),
      last_failure_at: momentOf(health.lastFailureAt),
      breaker: health.breaker,
      breaker_until: momentOf(health.breakerUntil),
    },
    pending,
    pending_more: pendingMore,
    oldest_pending_at: momentOf(oldestPendingAt),
    version: endpoint.version,
    created_at: formatInstant(endpoint.createdAt),
    updated_at: formatInstant(endpoint.updatedAt),
  };
}
