import type { Instant } from '../domain/instant.ts';

/** A moment as a change takes it: one further ahead of our clock than the policy allows is ours, and flagged. */
export function settleMoment(
  named: Instant | null,
  at: Instant,
  clockSkewSeconds: number,
): { readonly moment: Instant; readonly flags: readonly string[] } {
  if (named === null) return { moment: at, flags: [] };
  const ahead = named > at + clockSkewSeconds * 1000;
  return ahead ? { moment: at, flags: ['clock_skew'] } : { moment: named, flags: [] };
}
