import type { Instant } from '../domain/instant.ts';
import { readRetryAfter, resultOfStatus } from '../domain/retry.ts';
import type { Answered } from './call.ts';
import { type Connections, createConnections } from './connections.ts';
import { createConnector } from './connector.ts';
import { excerptOf, readText } from './excerpt.ts';
import { codeOf, resultOfFault } from './network-fault.ts';
import type { PoolKey, Sender, Sent, TargetRules } from './outbound.ts';
import { type Lookup, sharedLookup } from './resolve.ts';

/** What a sender is made of. */
export interface SenderDeps {
  readonly rules: TargetRules;
  readonly clock: () => Instant;
  readonly lookup?: Lookup; // instead of the system's
  readonly ca?: string; // PEM of the authorities to trust, instead of those that Node knows
}

/** The connections of one version of an endpoint, with what its requests have in common. */
interface Pool {
  readonly version: number;
  readonly most: number;
  readonly url: string;
  readonly path: string;
  readonly connections: Connections;
}

/**
 * A sender with pools of kept-alive connections, each to allowed addresses only. It follows no redirect, logs nothing, and its
 * `send` never rejects.
 */
export function createSender({ rules, clock, lookup, ca }: SenderDeps): Sender {
  const connector = createConnector({ rules, lookup: sharedLookup(lookup), ...(ca === undefined ? {} : { ca }) });
  const pools = new Map<string, Pool>();
  const closing = new Set<Promise<void>>();
  let closed = false;

  function poolOf({ id, version, connections: most }: PoolKey, url: string): Pool | null {
    const known = pools.get(id);
    if (known?.version === version && known.most === most && known.url === url) return known;
    forget(id);
    if (closed || !URL.canParse(url)) return null;
    const { origin, pathname, search } = new URL(url);
    const connections = createConnections(origin, most, connector, clock);
    const pool: Pool = { version, most, url, path: pathname + search, connections };
    pools.set(id, pool);
    return pool;
  }

  function forget(endpointId: string): void {
    const pool = pools.get(endpointId);
    if (pool === undefined) return;
    pools.delete(endpointId);
    const ended = pool.connections.close().finally(() => closing.delete(ended));
    closing.add(ended);
  }

  return {
    send: async (key, { url, headers, body, timeoutMs }) => {
      const at = clock();
      const pool = poolOf(key, url);
      if (pool === null) return unsent(closed ? 'sender_closed' : 'target_invalid', at);
      const answered = await pool.connections.call({ path: pool.path, method: 'POST', headers, body }, timeoutMs);
      return sentOf(answered, at, clock());
    },
    forget,
    close: async () => {
      closed = true;
      for (const id of [...pools.keys()]) forget(id);
      await Promise.all(closing);
    },
  };
}

function sentOf({ sentAt, status, headers, body, complete, fault }: Answered, at: Instant, now: Instant): Sent {
  const type = headers['content-type'] ?? null;
  const result =
    status === null || fault !== null
      ? resultOfFault(fault, sentAt === null ? 'connecting' : 'sent', status)
      : resultOfStatus(status, readRetryAfter(firstOf(headers['retry-after']), now));
  // Of what failed without an answer its code is told: which certificate fault it was, say. It names no address.
  const excerpt =
    excerptOf(body, type, complete ? 'whole' : 'beginning') ?? (fault === null ? null : codeOf(fault) || null);
  const answer = result.kind === 'delivered' ? readText(body, type) : null;
  return { result, at, sentAt, duration: Math.max(0, now - at), excerpt, answer };
}

/** A header that came more than once is a list for undici. */
function firstOf(value: string | readonly string[] | undefined): string | null {
  return (typeof value === 'object' ? value[0] : value) ?? null;
}

function unsent(code: string, at: Instant): Sent {
  const result = resultOfFault({ code }, 'connecting', null);
  return { result, at, sentAt: null, duration: 0, excerpt: code, answer: null };
}
