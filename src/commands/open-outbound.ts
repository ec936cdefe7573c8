import type { Config } from '../config.ts';
import type { Instant } from '../domain/instant.ts';
import { createApiGet } from '../webhooks/api-get.ts';
import { createMapper } from '../webhooks/mapping.ts';
import type { Outbound, TargetRules } from '../webhooks/outbound.ts';
import { createSender } from '../webhooks/send.ts';
import type { Releases } from './releases.ts';

/** Opens all that the way out has of the network; it is closed with the releases. */
export function openOutbound(
  { targetHttp, targetAllow }: Pick<Config, 'targetHttp' | 'targetAllow'>,
  clock: () => Instant,
  releases: Releases,
): Outbound {
  const rules: TargetRules = { http: targetHttp, allowed: targetAllow };
  const sender = createSender({ rules, clock });
  releases.add('sender', sender.close);
  const mapper = createMapper({});
  releases.add('mapper', mapper.close);
  const api = createApiGet({ rules, clock });
  releases.add('api', api.close);
  return { rules, sender, mapper, api };
}
