import type { LookupFunction, Socket } from 'node:net';
import { isIP } from 'node:net';
import { buildConnector } from 'undici';
import type { TargetRules } from './outbound.ts';
import { type Lookup, resolveTarget } from './resolve.ts';
import { addressOfHost, isAllowedAddress, schemeFault } from './target.ts';

/** Why a connection was not made, beside the codes of the system. */
export type RefusedCode = 'target_forbidden' | 'target_scheme' | 'target_unresolved';

/** Opens a connection; what it returns can be destroyed before it is open. Null: it was refused at once. */
export type Connector = (options: buildConnector.Options, callback: buildConnector.Callback) => Socket | null;

/** What a connector goes by. */
export interface ConnectorDeps {
  readonly rules: TargetRules;
  readonly lookup: Lookup;
  readonly ca?: string; // PEM; instead of the authorities that Node knows
}

const CONNECT_MS = 10_000; // TCP and TLS
// One address of several is given so long before the next is tried as well. Node's 250 ms is less than a round trip between
// China and the Americas often takes, and gives the only address that works up.
const ADDRESS_MS = 1_500;

/**
 * A connector that connects to allowed addresses only. A literal address is checked before, a name when it is resolved for this
 * very connection, which is then made to what was checked; the peer's address is checked once more when it is open.
 */
export function createConnector({ rules, lookup, ca }: ConnectorDeps): Connector {
  const connect = buildConnector({
    timeout: CONNECT_MS,
    lookup: checkedLookup(rules, lookup),
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: ADDRESS_MS,
    rejectUnauthorized: true, // whatever NODE_TLS_REJECT_UNAUTHORIZED says
    allowH2: false,
    ...(ca === undefined ? {} : { ca }),
  } as buildConnector.BuildOptions);

  return (options, callback) => {
    const refused = refusedBefore(options, rules);
    if (refused !== null) {
      queueMicrotask(() => callback(refusal(refused), null));
      return null;
    }
    // It returns the socket, which its type leaves out.
    return connect({ ...options, ...serverName(options) }, (error, socket) => {
      if (error !== null) return callback(error, null);
      if (isAllowedAddress(socket.remoteAddress ?? '', rules)) return callback(null, socket);
      socket.destroy();
      callback(socket.remoteAddress === undefined ? new Error('closed') : refusal('target_forbidden'), null);
    }) as unknown as Socket;
  };
}

/** Node asks no lookup for a literal address. */
function refusedBefore({ hostname, protocol }: buildConnector.Options, rules: TargetRules): RefusedCode | null {
  if (schemeFault(protocol, rules) !== null) return 'target_scheme';
  const literal = addressOfHost(hostname);
  return literal === null || isAllowedAddress(literal, rules) ? null : 'target_forbidden';
}

/** The name that TLS asks for and checks: without the dot of a fully qualified one (RFC 6066, 3), and none for an address. */
function serverName({ hostname, protocol }: buildConnector.Options): { readonly servername?: string } {
  return protocol === 'https:' && isIP(hostname) === 0 ? { servername: hostname.replace(/\.$/, '') } : {};
}

function checkedLookup(rules: TargetRules, lookup: Lookup): LookupFunction {
  return (hostname, { all }, callback) => {
    void resolveTarget(hostname, rules, lookup).then((resolved) => {
      const [first] = resolved.kind === 'ok' ? resolved.addresses : [];
      if (resolved.kind !== 'ok' || first === undefined) {
        callback(refusal(resolved.kind === 'forbidden' ? 'target_forbidden' : 'target_unresolved'), []);
      } else if (all === true) {
        callback(null, [...resolved.addresses]);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}

function refusal(code: RefusedCode): NodeJS.ErrnoException {
  return Object.assign(new Error(code), { code });
}
