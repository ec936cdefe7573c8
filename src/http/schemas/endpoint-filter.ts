import { Type } from 'typebox';
import type { EndpointFilter } from '../../domain/endpoint.ts';
import { FILTER_MOST, RATINGS, ENDPOINT_TEXTS as TEXTS } from '../../domain/endpoint-limits.ts';

const CODE = { type: 'string', minLength: 1, maxLength: TEXTS.code };
const SOURCE = { type: 'string', format: 'uuid' };
const RATING = { type: 'string', enum: [...RATINGS] };

function part(items: object, description: string, example: string) {
  return {
    type: ['array', 'null'],
    items,
    minItems: 1,
    maxItems: FILTER_MOST,
    uniqueItems: true,
    description,
    examples: [[example]],
  };
}

/** Which leads' events an endpoint gets. */
export const EndpointFilterBody = Type.Unsafe<Partial<EndpointFilter>>({
  type: 'object',
  properties: {
    channels: part(CODE, "渠道代码: of the event's submission, or of the lead's first or last source.", 'douyin'),
    stores: part(CODE, '门店代码: of the lead.', 'S1'),
    sources: part(SOURCE, '来源 ids: as channels.', '0197a3c2-5d10-7abc-8def-0123456789ab'),
    ratings: part(RATING, '意向评级: of the lead.', 'high'),
  },
  additionalProperties: false,
  title: 'EndpointFilter',
  description: '过滤: events of these leads only; what is left out or null is every one. Replaced whole.',
  examples: [{ stores: ['S1'] }],
});

/** A filter as it is answered. */
export const EndpointFilterAnswer = Type.Unsafe<EndpointFilter>({
  ...EndpointFilterBody,
  required: ['channels', 'stores', 'sources', 'ratings'],
  title: 'EndpointFilterState',
});
