import type { DecodeLimits } from './channel.ts';

/** Of JSON in a text of a decoded body: the text is bounded by its body, and a lead has some tens of members. */
export const NESTED_LIMITS: DecodeLimits = { maxDepth: 32, maxValues: 10_000 };
