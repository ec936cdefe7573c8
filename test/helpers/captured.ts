import type { Service } from './service.ts';

/** What a captured lead was answered with, as far as tests ask for it. */
export interface Captured {
  readonly submission_id: string;
  readonly lead_id: string;
  readonly customer_id: string;
  readonly touch_id: string;
  readonly decision: string;
}

/** A mainland mobile of its own for each number from 0 to 99,999. */
export function phoneOf(n: number): string {
  return `139${String(10_000_000 + n)}`;
}

/** Captures one submission as HQ does; throws unless it was accepted. */
export async function capture(service: Service, body: object, key?: string): Promise<Captured> {
  const reply = await service.call('POST', '/v1/leads', { body, ...(key === undefined ? {} : { key }) });
  if (reply.status >= 300) throw new Error(`${reply.status} ${reply.text}`);
  return reply.body;
}

/** Captures one submission of a phone on a channel at a moment of Shanghai time, with whatever else is said. */
export async function captureAt(service: Service, phone: string, at: string, more: object = {}): Promise<Captured> {
  return capture(service, { occurred_at: `${at}+08:00`, channel: 'douyin', person: { phone }, ...more });
}

export const REASON = { 'access-reason': 'call back' };
