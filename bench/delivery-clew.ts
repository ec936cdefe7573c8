import { TEMPLATE } from './delivery-backlog.ts';
import { type Stage, type Subject, startClew } from './stage.ts';

const TARGETS = { CLEW_TARGET_HTTP: 'allow', CLEW_TARGET_ALLOW: '127.0.0.0/8' };

/** A database with a lead that others are copied from, and endpoints with their ids. */
export interface World {
  readonly url: string; // of the database
  readonly endpoints: readonly string[]; // ids, as they were asked for
}

/** The service, allowed to call this machine. */
export function startSender(url: string): Promise<Subject> {
  return startClew(url, TARGETS);
}

/** Makes a database, captures the template and saves endpoints; nothing runs over it afterwards. */
export async function createWorld(stage: Stage, name: string, urls: readonly string[], more: object): Promise<World> {
  const url = await stage.database(name);
  const clew = await startSender(url);
  try {
    await call(clew, '/v1/leads', TEMPLATE_LEAD);
    return { url, endpoints: await saveEndpoints(clew, urls, more) };
  } finally {
    await clew.stop();
  }
}

/** Saves endpoints over a database that has nothing running. */
export async function addEndpoints(url: string, urls: readonly string[], more: object): Promise<readonly string[]> {
  const clew = await startSender(url);
  try {
    return await saveEndpoints(clew, urls, more);
  } finally {
    await clew.stop();
  }
}

async function saveEndpoints(clew: Subject, urls: readonly string[], more: object): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const url of urls) {
    const endpoint = await call(clew, '/v1/endpoints', { url, description: 'bench', events: ['lead.*'], ...more });
    ids.push(String(endpoint['id']));
  }
  return ids;
}

async function call(clew: Subject, path: string, body: object): Promise<Readonly<Record<string, unknown>>> {
  const answer = await fetch(`http://127.0.0.1:${clew.port}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${clew.key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text}`);
  return JSON.parse(text) as Readonly<Record<string, unknown>>;
}

const TEMPLATE_LEAD = {
  external_id: TEMPLATE,
  channel: 'douyin',
  person: { phone: '13912345678', name: '客户样本', city: '杭州', gender: 'female' },
  traffic: {
    platform: 'bench',
    campaign_id: '107',
    creative_id: '20931',
    click_id: 'c107-20931',
    landing_page: 'https://landing.example.com/spring?from=feed',
    utm_source: 'bench',
    utm_medium: 'cpc',
  },
  intent: { kind: 'form', need: '想了解价格和交付时间' },
  campaign: { id: 'c7', name: '春季促销' },
};
