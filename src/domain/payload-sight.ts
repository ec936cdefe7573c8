import { type KnownLead, type LeadRecord, leadRecord, type OriginRecord, originAnswer } from './lead-record.ts';
import { maskFields, maskHandle, maskText } from './masking.ts';
import type { Origin } from './origin.ts';
import { type Sight, seen } from './sight.ts';

/** A lead in a body: where an answer goes to a colleague, a masked body leaves the house, so that no text of it is left as it was. */
export function leadBody(known: KnownLead, sight: Sight): LeadRecord {
  const record = leadRecord(known, sight);
  const { province, city, district } = record.person;
  return {
    ...record,
    person: {
      ...record.person,
      province: seen(sight, province, maskText),
      city: seen(sight, city, maskText),
      district: seen(sight, district, maskText),
    },
    first_source: originBody(known.lead.firstSource, sight),
    last_source: originBody(known.lead.lastSource, sight),
  };
}

/** A first or last source in a body: its names are what a way in was told, and anything may stand in them. */
export function originBody(origin: Origin | null, sight: Sight): OriginRecord | null {
  const record = originAnswer(origin);
  if (record === null) return null;
  return {
    ...record,
    campaign_name: seen(sight, record.campaign_name, maskText),
    advertiser_name: seen(sight, record.advertiser_name, maskText),
  };
}

/** What no field map names, and a WeChat text that is no id, stands under `extra` by whatever name it came. */
const WECHAT = /^(?:wechat|weixin|wx|微信)/i;

/** Field groups of a masked body: texts masked, and under `extra` names of members and WeChat ids too. */
export function maskBodyFields(fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const masked = maskFields(fields);
  return 'extra' in masked ? { ...masked, extra: hideHandles(masked['extra']) } : masked;
}

function hideHandles(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hideHandles);
  if (typeof value !== 'object' || value === null) return value;
  const hidden = Object.entries(value).map(([name, inner]): [string, unknown] => [
    maskText(name),
    WECHAT.test(name) && (typeof inner === 'string' || typeof inner === 'number')
      ? maskHandle(String(inner))
      : hideHandles(inner),
  ]);
  return Object.fromEntries(hidden);
}
