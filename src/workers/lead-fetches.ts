import { createLeadFetcher, type FetchLeadsDeps } from '../flows/fetch-leads.ts';
import type { Worker } from './worker.ts';

const EVERY_MS = 1_000; // a lead is called within minutes, or has called somebody else

/** Fetches leads of which a platform sent the id only. */
export function leadFetchesWorker(deps: FetchLeadsDeps): Worker {
  return { name: 'lead-fetches', everyMs: EVERY_MS, round: createLeadFetcher(deps).round };
}
