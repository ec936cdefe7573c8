import { type EndpointFilter, PAYLOAD_MODES, SIGNATURES } from '../domain/endpoint.ts';
import { ENDPOINT_LIMITS, ENDPOINT_TEXTS, FILTER_MOST, RATINGS } from '../domain/endpoint-limits.ts';
import { isEventPattern } from '../domain/event-pattern.ts';
import { Fault } from '../domain/fault.ts';
import { isUuid } from '../domain/id.ts';
import { PURPOSES } from '../domain/submission.ts';
import type { GivenSettings } from '../store/endpoints.ts';
import { checkHeaders } from '../webhooks/custom-headers.ts';
import type { CustomHeaders } from './endpoint-secrets.ts';

/** What an endpoint is made of; what a change leaves out stays, and `filter` and `headers` are replaced whole. */
export interface EndpointInput {
  readonly url: string;
  readonly description?: string;
  readonly events: readonly string[];
  readonly filter?: Partial<EndpointFilter>;
  readonly ordered?: boolean;
  readonly settings?: GivenSettings;
  readonly headers?: CustomHeaders;
  readonly secret?: string; // else one is made
}
export type EndpointEdit = Partial<Omit<EndpointInput, 'secret'>>;

/** Checks what was given, without asking network or database; names of headers become lower case. Throws `body_invalid`. */
export function checkInput<T extends EndpointEdit>(input: T): T {
  const { description = '', events, filter, settings, headers } = input;
  checkLength('description', description, ENDPOINT_TEXTS.description);
  if (events !== undefined) checkEvents(events);
  if (filter !== undefined) checkFilter(filter);
  if (settings !== undefined) checkSettings(settings);
  if (headers === undefined) return input;
  const checked = checkHeaders(headers);
  if (checked.kind === 'ok') return { ...input, headers: checked.headers };
  const path = checked.name === null ? '/headers' : `/headers/${pointerOf(checked.name)}`;
  throw new Fault('body_invalid', path, `${checked.name ?? ''} ${checked.detail}`.trim());
}

/** A filter with all its parts; null: of every one. */
export function wholeFilter(given: Partial<EndpointFilter> = {}): EndpointFilter {
  return {
    channels: given.channels ?? null,
    stores: given.stores ?? null,
    sources: given.sources ?? null,
    ratings: given.ratings ?? null,
  };
}

function checkEvents(events: readonly string[]): void {
  if (events.length === 0) throw new Fault('body_invalid', 'events', 'events must name at least one type of event');
  if (new Set(events).size < events.length) throw new Fault('body_invalid', 'events', 'events names one twice');
  for (const [i, event] of events.entries()) {
    if (isEventPattern(event)) continue;
    throw new Fault(
      'body_invalid',
      `events.${i}`,
      `${event.slice(0, 64)} is no type of event, such as lead.created or lead.*`,
    );
  }
}

function checkFilter(filter: Partial<EndpointFilter>): void {
  const isCode = (text: string) => text.length >= 1 && text.length <= ENDPOINT_TEXTS.code;
  checkPart('channels', filter.channels, isCode);
  checkPart('stores', filter.stores, isCode);
  checkPart('sources', filter.sources, isUuid);
  checkPart('ratings', filter.ratings, (text) => (RATINGS as readonly string[]).includes(text));
}

function checkPart(
  part: keyof EndpointFilter,
  values: readonly string[] | null | undefined,
  fits: (text: string) => boolean,
): void {
  if (values === null || values === undefined) return;
  if (values.length >= 1 && values.length <= FILTER_MOST && values.every(fits)) return;
  throw new Fault(
    'body_invalid',
    `filter.${part}`,
    `filter.${part} must hold 1 to ${FILTER_MOST} usable values, or be left out`,
  );
}

function checkSettings(settings: GivenSettings): void {
  checkOneOf('payload', settings.payload, PAYLOAD_MODES);
  checkOneOf('signature', settings.signature, SIGNATURES);
  checkOneOf('purpose', settings.purpose, PURPOSES);
  checkNumber('rate_limit', settings.rate_limit, 'rate_limit');
  checkWhole('concurrency', settings.concurrency, 'concurrency');
  checkWhole('timeout_ms', settings.timeout_ms, 'timeout_ms');
  checkWhole('deadline_seconds', settings.deadline_seconds, 'deadline_seconds');
  checkWhole('hold.seconds', settings.hold?.seconds, 'hold_seconds');
  checkWhole('hold.attempts', settings.hold?.attempts, 'hold_attempts');
  checkSchedule(settings.retry_schedule ?? null);
  checkLength('recipient', settings.recipient ?? '', ENDPOINT_TEXTS.recipient);
  checkLength('mapping', settings.mapping ?? '', ENDPOINT_TEXTS.expression);
  checkLength('success_when', settings.success_when ?? '', ENDPOINT_TEXTS.expression);
}

function checkSchedule(schedule: readonly number[] | null): void {
  if (schedule === null) return;
  const [least, most] = ENDPOINT_LIMITS.schedule_entries;
  if (schedule.length < least || schedule.length > most) {
    throw new Fault('body_invalid', 'retry_schedule', `retry_schedule must hold ${least} to ${most} waits`);
  }
  for (const [i, seconds] of schedule.entries()) checkNumber(`retry_schedule.${i}`, seconds, 'schedule_seconds');
}

function checkOneOf(field: string, value: string | null | undefined, known: readonly string[]): void {
  if (value === null || value === undefined || known.includes(value)) return;
  throw new Fault('body_invalid', field, `${field} must be one of ${known.join(', ')}`);
}

function checkWhole(field: string, value: number | null | undefined, limits: keyof typeof ENDPOINT_LIMITS): void {
  checkNumber(field, value, limits);
  if (Number.isInteger(value ?? 0)) return;
  throw new Fault('body_invalid', field, `${field} must be a whole number`);
}

function checkNumber(field: string, value: number | null | undefined, limits: keyof typeof ENDPOINT_LIMITS): void {
  const [least, most] = ENDPOINT_LIMITS[limits];
  if (value === null || value === undefined || (value >= least && value <= most)) return;
  throw new Fault('body_invalid', field, `${field} must be ${least} to ${most}`);
}

function checkLength(field: string, value: string, most: number): void {
  if (value.length <= most) return;
  throw new Fault('body_invalid', field, `${field} must have at most ${most} characters`);
}

function pointerOf(name: string): string {
  return name.slice(0, 100).replaceAll('~', '~0').replaceAll('/', '~1');
}
