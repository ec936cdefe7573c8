import type { FetchResult } from '../channels/channel.ts';
import { mapRecord } from '../channels/map-record.ts';
import { formatInstant, type Instant } from '../domain/instant.ts';
import type { Draft, Fields } from '../domain/submission.ts';
import { compute, type Evaluate } from './read-push.ts';
import type { LoadedSource } from './source-book.ts';

/** What is known of a lead before it is fetched. */
export interface Awaited {
  readonly externalId: string;
  readonly occurredAt: Instant;
  readonly fields: Fields; // of the push that named it
}

const GROUPS = ['advertiser', 'traffic', 'person', 'product', 'intent', 'campaign', 'extra'] as const;

/** The draft of a fetched lead: what the channel knows goes before what is mapped, and both before what the push said. */
export async function readFetched(
  evaluate: Evaluate,
  { maps, channel }: LoadedSource,
  { record, draft: own }: Extract<FetchResult, { readonly kind: 'lead' }>,
  awaited: Awaited,
): Promise<Draft> {
  const { draft: mapped } = mapRecord(record, maps, await compute(evaluate, maps, record));
  const draft: Record<string, unknown> = { ...mapped, ...own };
  for (const name of GROUPS) {
    const layers = [awaited.fields[name], mapped[name], own[name]].filter((group) => group !== undefined);
    if (layers.length > 0) draft[name] = Object.assign({}, ...layers);
  }
  const { touchKind } = channel.defaults;
  if (touchKind !== null) draft['intent'] = { kind: touchKind, ...(draft['intent'] as Draft['intent']) };
  return { ...draft, external_id: awaited.externalId, occurred_at: formatInstant(awaited.occurredAt) } as Draft;
}
