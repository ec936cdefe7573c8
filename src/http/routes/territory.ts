import { type Static, Type } from 'typebox';
import { territoryOf } from '../../domain/territory.ts';
import { readDirectory } from '../../store/directory.ts';
import { sessionOf } from '../../store/session.ts';
import type { Routes } from '../deps.ts';
import { codeOf, codes, textOrNull } from '../schemas/answer-field.ts';

const TerritoryQuery = Type.Object(
  { city: Type.String({ minLength: 1, maxLength: 64, description: '城市.', examples: ['南京'] }) },
  { additionalProperties: false },
);

const TerritoryAnswer = Type.Object(
  {
    city: Type.String({ description: '城市 as asked.', examples: ['南京市'] }),
    falls_to: codeOf(['stores', 'region', 'hq'], '归属: to whom its leads go.'),
    stores: codes('门店代码 of the active stores that cover it.', 'S2'),
    region: textOrNull('大区代码 of the region that takes what no store there can; null: HQ does.', 'east'),
  },
  { title: 'Territory', description: '辖区: who covers a city.' },
);
type TerritoryAnswer = Static<typeof TerritoryAnswer>;

/** GET /v1/territory: who covers a city. */
export const territoryRoutes: Routes = (app, { db }) => {
  app.get('/v1/territory', {
    schema: {
      tags: ['directory'],
      summary: '辖区: who covers a city',
      description:
        'Its active stores by code; else the region that names it, else the one of a store that does; else HQ.',
      querystring: TerritoryQuery,
      response: { 200: TerritoryAnswer },
    },
    config: { scope: ['leads:read', 'ops', 'admin'] },
    handler: async ({ query: { city } }): Promise<TerritoryAnswer> => {
      const directory = await db.transaction().execute((tx) => readDirectory(sessionOf(tx)));
      const { stores, region } = territoryOf(directory, city);
      const fallsTo = stores.length > 0 ? 'stores' : region === null ? 'hq' : 'region';
      return { city, falls_to: fallsTo, stores: stores.map(({ code }) => code), region: region?.code ?? null };
    },
  });
};
