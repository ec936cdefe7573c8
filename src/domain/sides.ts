import { bucketDigits } from './seed.ts';

/** A touch taken while two customers were one. */
export interface LaterTouch {
  readonly id: string;
  readonly identityId: string;
}

/** An identity of the united customer. */
export interface HeldIdentity {
  readonly id: string;
  readonly customerId: string; // as written: an alias where it is of the absorbed side
}

/**
 * Which touches and identities that came after a merge go back to the absorbed side: a touch goes with the identity that brought
 * it, an identity made since goes with the touch that brought it. What names neither side stays with the survivor.
 */
export function absorbedSide(
  touches: readonly LaterTouch[],
  identities: readonly HeldIdentity[],
  absorbed: ReadonlySet<string>, // the absorbed customer and its aliases
  known: ReadonlySet<string>, // identities of the surviving side before the merge
): { readonly touches: ReadonlySet<string>; readonly identities: ReadonlySet<string> } {
  const byId = new Map(identities.map((identity) => [identity.id, identity]));
  const makers = new Map(touches.map((touch) => [seedOf(touch.id), touch]));

  function identityGoes(id: string): boolean {
    const identity = byId.get(id);
    if (identity === undefined) return false;
    if (absorbed.has(identity.customerId)) return true;
    if (known.has(id)) return false;
    const maker = makers.get(seedOf(id));
    return maker !== undefined && maker.identityId !== id && identityGoes(maker.identityId);
  }

  const later = identities.filter(({ id, customerId }) => !absorbed.has(customerId) && !known.has(id));
  return {
    touches: new Set(touches.filter((touch) => identityGoes(touch.identityId)).map(({ id }) => id)),
    identities: new Set(later.filter(({ id }) => identityGoes(id)).map(({ id }) => id)),
  };
}

/** What the ids of one submission have in common: all but the bucket and the last 8 bits. */
export function seedOf(id: string): string {
  return id.slice(0, id.length - 2).replace(`-7${bucketDigits(id)}-`, '-');
}
