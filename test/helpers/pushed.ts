import type { Call, Reply, Service } from './service.ts';

/** A source that its platform pushes to, and a push to it. */
export interface Pushed {
  readonly id: string;
  readonly address: string;
  readonly push: (body: unknown, call?: Call) => Promise<Reply>;
}

/** Makes a source; `push` sends JSON to its address, without a key, unless the call says otherwise. */
export async function pushedSource({ call }: Service, body: object): Promise<Pushed> {
  const made = await call('POST', '/v1/sources', { body });
  if (made.status !== 201) throw new Error(`no source: ${made.text}`);
  const { id, address } = made.body;
  return { id, address, push: (pushed, more) => call('POST', address, { key: null, body: pushed, ...more }) };
}

/** A lead as 腾讯广告 sends it; all of it is made up. */
export function tencentLead(change: object = {}): object {
  return {
    account_id: '20000001',
    leads_id: '900000001',
    leads_type: 'LEADS_TYPE_FORM',
    leads_name: '李四',
    leads_tel: '13800138001',
    leads_create_time: '2026-04-12 09:59:00',
    ...change,
  };
}
