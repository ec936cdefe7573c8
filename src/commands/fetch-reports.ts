import type { Logger } from 'pino';
import { formatInstant } from '../domain/instant.ts';
import type { FetchReports } from '../flows/fetch-leads.ts';

/** Logs what fetching of leads tells of itself. */
export function fetchReports(log: Logger): FetchReports {
  return {
    refused: ({ id, name, kind }) =>
      log.error({ source: id, name, kind, hint: 'Give the source a new access_token.' }, 'source.token_refused'),
    expiring: ({ id, name, kind }, at) =>
      log.warn({ source: id, name, kind, expires_at: formatInstant(at) }, 'source.token_expires'),
    failed: (source, error) => log.error({ source, err: error }, 'source.fetch_failed'),
  };
}
