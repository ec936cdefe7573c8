import type { Test } from 'tap';
import { type Service, startService } from './service.ts';

/** A service on which a scenario is played: leads come in, time is set, and what stands is read back, all over HTTP. */
export interface Stage {
  readonly service: Service;
  /** Posts a lead; `at` is its occurred_at in Shanghai time, such as 2026-06-01 10:00:00. */
  readonly capture: (channel: string, phone: string, over?: Told) => Promise<Answer>;
  readonly post: (path: string, body: object) => Promise<Answer>;
  readonly get: (path: string, key?: string) => Promise<Answer>;
  readonly count: (table: string) => Promise<number>;
}

export interface Told {
  readonly at?: string;
  readonly person?: object;
  readonly [field: string]: unknown;
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: scenarios look into answers of every shape
  readonly body: any;
}

/** Shanghai time, `2026-06-01 10:00:00` or a day alone (noon), as ISO 8601. */
export function shanghai(text: string): string {
  const [date, time = '12:00:00'] = text.split(' ');
  return `${date}T${time}+08:00`;
}

/** Starts a stage; the clock stands at the moment given (Shanghai), or runs. */
export async function stage(t: Test, now?: string): Promise<Stage> {
  const service = await startService(t);
  if (now !== undefined) service.setClock(Date.parse(shanghai(now)));
  const post: Stage['post'] = async (path, body) => {
    const { status, body: answer } = await service.call('POST', path, { body });
    return { status, body: answer };
  };
  return {
    service,
    post,
    capture: (channel, phone, { at, person, ...over } = {}) =>
      post('/v1/leads', {
        channel,
        ...(at === undefined ? {} : { occurred_at: shanghai(at) }),
        person: { phone, ...person },
        ...over,
      }),
    get: async (path, key) => {
      const { status, body } = await service.call('GET', path, key === undefined ? {} : { key });
      return { status, body };
    },
    count: async (table) => {
      const { rows } = await service.db
        .selectFrom(table as 'lead')
        .select((eb) => eb.fn.countAll<number>().as('n'))
        .execute()
        .then((found) => ({ rows: found }));
      return rows[0]?.n ?? -1;
    },
  };
}
