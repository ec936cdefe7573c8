import type { Vault } from '../domain/vault.ts';
import type { World } from '../domain/world.ts';
import type { VisitorLink } from '../store/behaviour-links.ts';
import { type Claim, storedValue } from '../store/identity-rows.ts';

/** Most characters of a visitor id that is joined to a person. */
const VISITOR_ID_MAX = 200;

// What scripts send that have no id to send: it would make one person of everybody.
const NOBODY = /^(?:|undefined|null|none|nan|false|true|0|-1|unknown|anonymous)$/i;

/** The visitors of pages who a batch's touches say are people, each with the identity that its touch came by. */
export function visitorsOf(vault: Vault, world: World, claims: readonly Claim[]): readonly VisitorLink[] {
  const links: VisitorLink[] = [];
  for (const { settled, identityId } of world.touches) {
    const visitorId = settled.fields.extra?.['visitor_id'];
    if (typeof visitorId !== 'string' || visitorId.length > VISITOR_ID_MAX || NOBODY.test(visitorId)) continue;
    const claim = claims.find(({ key }) => world.known.identities.get(key)?.id === identityId);
    if (claim === undefined) continue;
    const { kind, namespace } = claim.identity;
    links.push({ visitorId, kind, namespace, value: storedValue(vault, claim) });
  }
  return links;
}
