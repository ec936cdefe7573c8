import type { Credential } from './channel.ts';

/** The credential by which an operator says until when `access_token` works, so that somebody is warned before. */
export const EXPIRES_AT: Credential = Object.freeze({
  description:
    'When access_token expires, as an ISO 8601 date or moment: from a week before, a warning is logged daily.',
  required: false,
});
