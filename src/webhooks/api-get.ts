import { readRetryAfter } from '../domain/retry.ts';
import type { Answered } from './call.ts';
import { type Connections, createConnections } from './connections.ts';
import { createConnector } from './connector.ts';
import { resultOfFault } from './network-fault.ts';
import type { ApiAnswer, ApiGet } from './outbound.ts';
import { sharedLookup } from './resolve.ts';
import type { SenderDeps } from './send.ts';

const TOTAL_MS = 10_000; // from waiting for a connection to the end of the answer
const BODY_MOST = 1 << 20; // a lead of a form is some kB
const CONNECTIONS = 20; // to one origin: as many as a round of fetching asks at once
const OWN = { accept: 'application/json', 'user-agent': 'clew' };

/** A reader of APIs over kept-alive connections to allowed addresses; `get` never rejects, and takes 10 s and 1 MB at most. */
export function createApiGet({ rules, clock, lookup, ca }: SenderDeps): ApiGet {
  const connector = createConnector({ rules, lookup: sharedLookup(lookup), ...(ca === undefined ? {} : { ca }) });
  const origins = new Map<string, Connections>(); // few: those of platforms, and of settings
  let closed = false;

  function connectionsTo(origin: string): Connections {
    const known = origins.get(origin) ?? createConnections(origin, CONNECTIONS, connector, clock);
    origins.set(origin, known);
    return known;
  }

  return {
    get: async (url, headers) => {
      if (closed || !URL.canParse(url)) return { kind: 'failed', code: closed ? 'closed' : 'target_invalid' };
      const { origin, protocol, pathname, search } = new URL(url);
      if (protocol !== 'https:' && protocol !== 'http:') return { kind: 'failed', code: 'target_scheme' };
      const request = { path: pathname + search, method: 'GET', headers: { ...OWN, ...headers }, bodyMost: BODY_MOST };
      return answerOf(await connectionsTo(origin).call(request, TOTAL_MS), clock());
    },
    close: async () => {
      closed = true;
      await Promise.all([...origins.values()].map((connections) => connections.close()));
      origins.clear();
    },
  };
}

function answerOf({ status, headers, body, complete, sentAt, fault }: Answered, now: number): ApiAnswer {
  if (status === null || fault !== null) {
    return { kind: 'failed', code: resultOfFault(fault, sentAt === null ? 'connecting' : 'sent', status).result };
  }
  if (!complete) return { kind: 'failed', code: 'too_large' };
  const retryAfter = headers['retry-after'];
  const named = (typeof retryAfter === 'object' ? retryAfter[0] : retryAfter) ?? null;
  return { kind: 'answered', status, retryAfterMs: readRetryAfter(named, now), body };
}
