import type { Test } from 'tap';
import { type Call, type Reply, type Service, type ServiceOptions, startService } from './service.ts';

/** A service with short ways to capture leads and to work them; a refused call fails the test where it stands. */
export interface Working extends Service {
  /** Captures a lead by phone and answers the outcome. */
  readonly capture1: (phone: string, more?: object, person?: object) => Promise<Outcome>;
  /** Sends a change and answers the body; throws unless it is accepted. */
  readonly post: (path: string, body: object, call?: Call) => Promise<Reply['body']>;
  readonly get: (path: string) => Promise<Reply['body']>;
  /** Every event of a lead, in sequence. */
  readonly eventsOf: (
    leadId: string,
  ) => Promise<readonly { type: string; sequence: number; data: Record<string, unknown> }[]>;
}

/** What a capture came to. */
export interface Outcome {
  readonly submission_id: string;
  readonly decision: string;
  readonly lead_id: string;
  readonly customer_id: string;
  readonly touch_id: string;
  readonly owner: { readonly adviser: string | null; readonly store: string | null; readonly reason: string };
}

export const P = '13800138000';
export const P2 = '13900139000';

/** A day of 2026 at noon in Shanghai, or at the time given. */
export function day(month: number, date: number, time = '12:00:00'): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `2026-${two(month)}-${two(date)}T${time}+08:00`;
}

/** Starts the service; its clock stands at the end of 2026, so that every day of the year is past. */
export async function startWorking(t: Test, options: ServiceOptions = {}): Promise<Working> {
  const service = await startService(t, options);
  service.setClock(Date.parse('2026-12-31T12:00:00Z'));
  const accepted = (reply: Reply, what: string): Reply['body'] => {
    if (reply.status >= 300) throw new Error(`${what}: ${reply.status} ${reply.text}`);
    return reply.body;
  };
  const post: Working['post'] = async (path, body, call = {}) =>
    accepted(await service.call('POST', path, { body, ...call }), `POST ${path}`);
  const get: Working['get'] = async (path) => accepted(await service.call('GET', path), `GET ${path}`);
  return {
    ...service,
    post,
    get,
    capture1: (phone, more = {}, person = {}) =>
      post('/v1/leads', { channel: 'douyin', person: { phone, ...person }, ...more }),
    eventsOf: async (leadId) =>
      (
        await service.db
          .selectFrom('event')
          .select(['type', 'sequence', 'data'])
          .where('lead_id', '=', leadId)
          .orderBy('sequence')
          .execute()
      ).map((row) => ({ type: row.type, sequence: row.sequence ?? 0, data: row.data as Record<string, unknown> })),
  };
}
