import { lookup as systemLookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { TargetRules } from './outbound.ts';
import { addressOfHost, forbiddenSentence, isAllowedAddress } from './target.ts';

/** An address of a host. */
export interface ResolvedAddress {
  readonly address: string;
  readonly family: number; // 4 or 6
}

/** Asks for every address of a name; rejects when there is none. */
export type Lookup = (hostname: string) => Promise<readonly ResolvedAddress[]>;

/** What resolving a host came to. */
export type Resolved =
  | { readonly kind: 'ok'; readonly addresses: readonly ResolvedAddress[] }
  | { readonly kind: 'unresolved'; readonly detail: string } // it may be later
  | { readonly kind: 'forbidden'; readonly detail: string };

const LOOKUP_MS = 5_000; // one resolver's timeout; a name that takes longer is as good as none

/**
 * Resolves a host of a URL and checks every address of it: one that may not be called refuses them all, since nobody can say
 * which one a connection takes. Takes `mostMs` at most and never rejects.
 */
export async function resolveTarget(
  hostname: string,
  rules: TargetRules,
  lookup: Lookup = systemAddresses,
  mostMs: number = LOOKUP_MS,
): Promise<Resolved> {
  const literal = addressOfHost(hostname);
  const addresses =
    literal === null ? await addressesOf(hostname, lookup, mostMs) : [{ address: literal, family: isIP(literal) }];
  if (typeof addresses === 'string') return { kind: 'unresolved', detail: `${hostname} ${addresses}` };
  if (addresses.length === 0) return { kind: 'unresolved', detail: `${hostname} has no address` };
  if (!addresses.every(({ address }) => isAllowedAddress(address, rules))) {
    return { kind: 'forbidden', detail: forbiddenSentence(hostname) };
  }
  return { kind: 'ok', addresses };
}

/** All addresses of a name as the system resolves it, its hosts file included. */
function systemAddresses(hostname: string): Promise<readonly ResolvedAddress[]> {
  return systemLookup(hostname, { all: true });
}

async function addressesOf(
  hostname: string,
  lookup: Lookup,
  mostMs: number,
): Promise<readonly ResolvedAddress[] | string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, mostMs, 'was not resolved in time').unref(); // what has been given up keeps no process
  });
  const asked = lookup(hostname).catch(() => 'does not resolve');
  const answer = await Promise.race([asked, late]);
  clearTimeout(timer);
  return answer;
}

/** The same lookup, asked once for all who want one name at a time: a pool that fills up asks together. */
export function sharedLookup(lookup: Lookup = systemAddresses): Lookup {
  const asked = new Map<string, Promise<readonly ResolvedAddress[]>>();
  return (hostname) => {
    const known = asked.get(hostname);
    if (known !== undefined) return known;
    const asking = lookup(hostname).finally(() => asked.delete(hostname));
    asked.set(hostname, asking);
    return asking;
  };
}
