import type { Identity, IdentityKind } from './submission.ts';

/** Phone outranks the others; lower is stronger. */
const RANK: Readonly<Record<IdentityKind, number>> = { phone: 0, wecom: 1, wechat: 2, platform_lead: 3 };

/** One text for an identity, unique over kinds and namespaces; what locks are sorted by and hashes are made of. */
export function identityKey(identity: Identity): string {
  return `${identity.kind}:${identity.namespace}:${identity.value}`;
}

/** Identities strongest first. */
export function byRank(identities: readonly Identity[]): readonly Identity[] {
  return [...identities].sort((a, b) => RANK[a.kind] - RANK[b.kind]);
}

/** Whether the identities named are somebody else's: none is known, and one is of a kind known with another value. */
export function contradicts(known: readonly Identity[], named: readonly Identity[]): boolean {
  const keys = new Set(known.map(identityKey));
  if (named.some((identity) => keys.has(identityKey(identity)))) return false;
  return named.some((identity) => known.some((k) => k.kind === identity.kind && k.namespace === identity.namespace));
}

const WECHAT_ID = /^[a-z0-9][-_a-z0-9]{4,39}$/;
const WECHAT_PLACEHOLDER = /^(?:weixin|wechat|unknown|undefined|none|null|nan|test.*|xxxx.*|0+|1+)$/;

/** A WeChat id as its key (lower case), or null where the text names nobody: 同手机号, 无, weixin. */
export function wechatId(typed: string): string | null {
  const value = typed.normalize('NFKC').trim().toLowerCase();
  return WECHAT_ID.test(value) && !WECHAT_PLACEHOLDER.test(value) ? value : null;
}
