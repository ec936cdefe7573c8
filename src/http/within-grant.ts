import type { KeyGrant } from '../domain/key.ts';
import type { KeyInput } from '../flows/keys.ts';
import { type FieldError, problem } from './problem.ts';

/** Refuses a key that could do more than the key that makes it: its scopes, its stores and its adviser are the bounds of both. */
export function requireWithinGrant(grant: KeyGrant, input: Pick<KeyInput, 'scopes' | 'stores' | 'adviser'>): void {
  const own: readonly string[] = grant.scopes;
  const errors: FieldError[] = input.scopes.flatMap((scope, i) =>
    own.includes(scope) ? [] : [beyond(`/scopes/${i}`, `the key that asks does not have the scope ${scope} itself`)],
  );
  const { stores, adviser } = grant;
  // A key reads what its stores or its adviser reach, so one bound to either may not hand out the other.
  const bound = stores !== null || adviser !== null;
  if (bound && !(input.stores ?? []).every((store) => stores?.includes(store) === true)) {
    errors.push(beyond('/stores', 'must be among the stores of the key that asks'));
  }
  if (stores !== null && input.stores == null)
    errors.push(beyond('/stores', 'is needed, as the key that asks is bound to stores'));
  if (adviser !== null ? input.adviser !== adviser : bound && input.adviser != null) {
    errors.push(beyond('/adviser', 'must be the adviser of the key that asks'));
  }
  if (errors.length > 0)
    throw problem('scope_missing', { detail: 'A key cannot grant what it does not have.', errors });
}

function beyond(path: string, message: string): FieldError {
  return { path, code: 'beyond_grant', message };
}
