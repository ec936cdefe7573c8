import type { Region } from '../../domain/directory.ts';
import { Fault } from '../../domain/fault.ts';
import { REGION } from '../../flows/regions.ts';
import { findRegion, listRegions } from '../../store/regions.ts';
import { answerEntry, answerRemoved } from '../answer-entry.ts';
import { codePage } from '../code-page.ts';
import type { Routes } from '../deps.ts';
import { regionInput } from '../directory-input.ts';
import { etag, IfMatchHeaders, IfMatchKnownHeaders, ifMatch, ifMatchOrNull } from '../if-match.ts';
import { problem } from '../problem.ts';
import { CodeParams } from '../schemas/directory-field.ts';
import { RegionAnswer, RegionBody, RegionChangeBody, RegionPageAnswer, RegionsQuery } from '../schemas/region.ts';
import { regionAnswer } from '../views/directory.ts';

const READ = ['leads:read', 'ops', 'admin'] as const;
const PROBLEMS = ['version_conflict', 'version_required', 'external_ref_taken'] as const;

const NEW: Omit<Region, 'code' | 'name' | 'version'> = { cities: [], externalRef: null };

/** /v1/regions: what takes the leads that no store there can. */
export const regionRoutes: Routes = (app, deps) => {
  const { db } = deps;
  app.get('/v1/regions', {
    schema: {
      tags: ['directory'],
      summary: '大区列表: list regions',
      description: 'By code.',
      querystring: RegionsQuery,
      response: { 200: RegionPageAnswer },
    },
    config: { scope: READ, problems: ['cursor_invalid'] },
    handler: ({ query }) => {
      const { external_ref: externalRef } = query;
      const filter = {
        ...(externalRef === undefined ? {} : { externalRef }),
      };
      return codePage({ list: 'regions', ...query }, (page) => listRegions(db, filter, page), regionAnswer);
    },
  });

  app.get('/v1/regions/:code', {
    schema: {
      tags: ['directory'],
      summary: '大区: one region',
      description: 'The ETag is its version, for If-Match.',
      params: CodeParams,
      response: { 200: RegionAnswer },
    },
    config: { scope: READ },
    handler: async ({ params }, reply) => {
      const region = await findRegion(db, params.code);
      if (region === null) throw problem('not_found');
      reply.header('etag', etag(region.version));
      return regionAnswer(region);
    },
  });

  app.put('/v1/regions/:code', {
    schema: {
      tags: ['directory'],
      summary: '大区设置: add a region or replace it',
      description:
        'What is left out has its default. One that is there is replaced under its If-Match; the same again changes nothing.',
      params: CodeParams,
      headers: IfMatchKnownHeaders,
      body: RegionBody,
      response: { 200: RegionAnswer, 201: RegionAnswer },
    },
    config: { scope: 'admin', idempotent: true, problems: [...PROBLEMS] },
    handler: (request, reply) => {
      const { code } = request.params;
      const input = regionInput(request.body);
      const { name } = request.body;
      const make = (present: Region | null): Region => ({
        ...NEW,
        ...input,
        code,
        name,
        version: present?.version ?? 0,
      });
      return answerEntry(deps, request, reply, REGION, { code, seen: ifMatchOrNull(request), make }, regionAnswer);
    },
  });

  app.patch('/v1/regions/:code', {
    schema: {
      tags: ['directory'],
      summary: '修改大区: change a region',
      description: 'What is left out stays; what is named is replaced whole. Counts from the next lead on.',
      params: CodeParams,
      headers: IfMatchHeaders,
      body: RegionChangeBody,
      response: { 200: RegionAnswer },
    },
    config: { scope: 'admin', idempotent: true, problems: [...PROBLEMS] },
    handler: (request, reply) => {
      const { code } = request.params;
      const input = regionInput(request.body);
      const make = (present: Region | null): Region => {
        if (present === null) throw new Fault('not_found', null, 'There is no region of this code.');
        return { ...present, ...input };
      };
      return answerEntry(deps, request, reply, REGION, { code, seen: ifMatch(request), make }, regionAnswer);
    },
  });

  app.delete('/v1/regions/:code', {
    schema: {
      tags: ['directory'],
      summary: '删除大区: delete a region',
      description: 'One that stores or advisers name is `in_use`, with how many there are.',
      params: CodeParams,
      headers: IfMatchKnownHeaders,
      response: { 204: { type: 'null', description: 'It is gone.' } },
    },
    config: { scope: 'admin', idempotent: true, problems: ['in_use', 'version_conflict'] },
    handler: (request, reply) => answerRemoved(deps, request, reply, REGION),
  });
};
