import type { EndpointSettings } from '../domain/endpoint.ts';
import { matchesEvent } from '../domain/event-pattern.ts';
import { Fault } from '../domain/fault.ts';
import { checkExpression } from '../webhooks/expression.ts';
import type { Mapper, Outbound, TargetRules } from '../webhooks/outbound.ts';
import { resolveTarget } from '../webhooks/resolve.ts';
import { SAMPLE_TYPES, samplePayload } from '../webhooks/sample-payload.ts';
import { checkUrl } from '../webhooks/target.ts';
import type { Act } from './act.ts';

/** What an endpoint was saved in spite of. */
export const ENDPOINT_WARNINGS = ['target_unresolved'] as const;
export type EndpointWarning = (typeof ENDPOINT_WARNINGS)[number];

/** What of an endpoint is tried before it is saved: its URL where that is new, and its expressions where they may behave anew. */
export interface EndpointTrial {
  readonly url: string | null;
  readonly expressions: Pick<EndpointSettings, 'payload' | 'mapping' | 'success_when'> & {
    readonly events: readonly string[];
  };
}

/**
 * Asks the network and the engine of expressions whether an endpoint can work. It takes as long as a name takes to resolve, so it
 * stands before a transaction and never in one. Throws `target_refused` and `mapping_invalid`.
 */
export async function checkEndpoint(
  { rules, mapper }: Pick<Outbound, 'rules' | 'mapper'>,
  act: Act,
  { url, expressions }: EndpointTrial,
): Promise<readonly EndpointWarning[]> {
  const warnings = url === null ? [] : await checkTarget(url, rules);
  await checkMapping(mapper, act, expressions);
  await checkCondition(mapper, expressions.success_when);
  return warnings;
}

async function checkTarget(text: string, rules: TargetRules): Promise<readonly EndpointWarning[]> {
  const checked = checkUrl(text, rules);
  if (checked.kind === 'refused') throw new Fault('target_refused', 'url', checked.detail, { reason: checked.code });
  const resolved = await resolveTarget(checked.url.hostname, rules);
  switch (resolved.kind) {
    case 'ok':
      return [];
    case 'unresolved': // a name that comes into being later is nothing to refuse
      return ['target_unresolved'];
    case 'forbidden':
      throw new Fault('target_refused', 'url', resolved.detail, { reason: 'target_forbidden' });
  }
}

async function checkMapping(mapper: Mapper, act: Act, { events, payload, mapping }: EndpointTrial['expressions']) {
  if (mapping === null) return;
  requireExpression('mapping', mapping);
  // Of the types it gets, the one that tells the most comes first in the list.
  const type = SAMPLE_TYPES.find((one) => events.some((pattern) => matchesEvent(pattern, one))) ?? SAMPLE_TYPES[0];
  const sample = samplePayload({ type, mode: payload, id: act.newId(), at: act.at });
  const mapped = await mapper.evaluate(mapping, sample);
  if (mapped.kind === 'mapped') return;
  throw new Fault('mapping_invalid', 'mapping', `on a sample of ${type}: ${mapped.detail}`, { reason: mapped.code });
}

/** The answer that it will judge is not known, so that an empty result is nothing wrong: it counts as not fulfilled. */
async function checkCondition(mapper: Mapper, condition: string | null): Promise<void> {
  if (condition === null) return;
  requireExpression('success_when', condition);
  const mapped = await mapper.evaluate(condition, { status: 200, body: {} });
  if (mapped.kind === 'mapped' || mapped.code === 'mapping_empty') return;
  throw new Fault('mapping_invalid', 'success_when', `on an empty answer: ${mapped.detail}`, { reason: mapped.code });
}

function requireExpression(field: 'mapping' | 'success_when', text: string): void {
  const fault = checkExpression(text);
  if (fault !== null) throw new Fault('mapping_invalid', field, fault, { reason: 'syntax' });
}
