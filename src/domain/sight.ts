/** Why phones and the like are masked in an answer. */
export type Masked = 'scope_missing' | 'access_reason_missing';

/** How phones, ids and addresses of persons are seen; in full only with a scope and a reason. */
export type Sight =
  | { readonly kind: 'full'; readonly reason: string }
  | { readonly kind: 'masked'; readonly why: Masked };

/** What an answer says of itself: why it is masked, or null. */
export function maskedOf(sight: Sight): Masked | null {
  return sight.kind === 'full' ? null : sight.why;
}

/** A value as the sight shows it. */
export function seen<T extends string | null>(sight: Sight, value: T, mask: (value: string) => string): T | string {
  return sight.kind === 'full' || value === null ? value : mask(value);
}
