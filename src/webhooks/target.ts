import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { TargetRules } from './outbound.ts';

/** What a check of a URL came to: a stable code, and a sentence for who gave it. */
export type CheckedUrl =
  | { readonly kind: 'ok'; readonly url: URL }
  | {
      readonly kind: 'refused';
      readonly code: 'target_invalid' | 'target_scheme' | 'target_forbidden';
      readonly detail: string;
    };

/** Says whether a URL may be called, as far as that can be said without resolving its host. */
export function checkUrl(text: string, rules: TargetRules): CheckedUrl {
  // The parser reads over blanks and turns backslashes round: what was typed so is no URL that somebody means.
  if (/[\s\\\p{Cc}]/u.test(text))
    return refuse('target_invalid', 'a URL has no blanks, control characters or backslashes');
  if (!URL.canParse(text)) return refuse('target_invalid', 'this is no absolute URL');
  const url = new URL(text);
  const fault = schemeFault(url.protocol, rules);
  if (fault !== null) return refuse('target_scheme', fault);
  if (url.username !== '' || url.password !== '') {
    return refuse('target_invalid', 'a URL has no user name and password; send them in a header');
  }
  if (url.hash !== '') return refuse('target_invalid', 'a fragment (#…) is never sent; leave it out');
  if (url.port === '0') return refuse('target_invalid', 'nothing can be reached at port 0');
  const literal = addressOfHost(url.hostname);
  if (literal !== null && !isAllowedAddress(literal, rules)) {
    return refuse('target_forbidden', forbiddenSentence(url.hostname));
  }
  return { kind: 'ok', url };
}

function refuse(code: Extract<CheckedUrl, { kind: 'refused' }>['code'], detail: string): CheckedUrl {
  return { kind: 'refused', code, detail };
}

/** Why a scheme (`https:`) may not be called; null: it may. */
export function schemeFault(protocol: string, { http }: TargetRules): string | null {
  if (protocol === 'https:' || (protocol === 'http:' && http === 'allow')) return null;
  return protocol === 'http:' ? 'a URL without TLS is not allowed here; use https' : 'only http and https are called';
}

/** What is said of a host with an address that may not be called; it tells no address that a name has. */
export function forbiddenSentence(host: string): string {
  return `${host} is, or has, an address that may not be called: it is private, reserved or of this machine`;
}

/** The address that a host of a URL is, brackets left out; null when it is a name. */
export function addressOfHost(host: string): string | null {
  const address = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  return isIP(address) === 0 ? null : address;
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

const GLOBAL_V6 = ipaddr.IPv6.parseCIDR('2000::/3'); // all that IANA has given out; v4-compatible ones lie outside
const AZURE_HOST = '168.63.129.16'; // metadata at an address that looks public

/**
 * Whether an address may be connected to: one of the public internet, or in a network that the rules allow. Denies what it
 * does not know: v4-mapped, NAT64, 6to4 and Teredo addresses too, since they lead to an IPv4 address that nobody checked.
 */
export function isAllowedAddress(text: string, { allowed }: TargetRules): boolean {
  // Only as the system writes them: ipaddr.js reads 0x7f.1 and the like too. A zone names an interface of this machine.
  if (isIP(text) === 0 || text.includes('%')) return false;
  const address: Address = ipaddr.parse(isIP(text) === 6 ? inHex(text) : text);
  return isPublic(address) || allowed.some((network) => contains(network, address));
}

/** Without a dotted part: ipaddr.js takes ::127.0.0.1, which is v4-compatible, for v4-mapped. */
function inHex(text: string): string {
  return new URL(`http://[${text}]/`).hostname.slice(1, -1);
}

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false;
  if (address instanceof ipaddr.IPv4) return address.toString() !== AZURE_HOST;
  return address.match(GLOBAL_V6) && !isIsatap(address);
}

/** Interface ids 0:5efe:a.b.c.d and 200:5efe:a.b.c.d are tunnels to an IPv4 address (RFC 5214). */
function isIsatap({ parts }: ipaddr.IPv6): boolean {
  return ((parts[4] ?? 0) & 0xfdff) === 0 && parts[5] === 0x5efe;
}

/** A v4-mapped address is in the network that its IPv4 address is in. */
function contains(network: string, address: Address): boolean {
  if (!ipaddr.isValidCIDR(network)) return false;
  const [base, bits] = ipaddr.parseCIDR(network);
  const other = base.kind() === 'ipv4' && address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress();
  const compared = other ? address.toIPv4Address() : address;
  return compared.kind() === base.kind() && compared.match(base as never, bits);
}
