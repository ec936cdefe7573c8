import type { Adviser } from '../../domain/directory.ts';
import { Fault } from '../../domain/fault.ts';
import { ADVISER } from '../../flows/advisers.ts';
import { findAdviser, listAdvisers } from '../../store/advisers.ts';
import { answerEntry, answerRemoved } from '../answer-entry.ts';
import { codePage } from '../code-page.ts';
import type { Routes } from '../deps.ts';
import { adviserInput } from '../directory-input.ts';
import { etag, IfMatchHeaders, IfMatchKnownHeaders, ifMatch, ifMatchOrNull } from '../if-match.ts';
import { problem } from '../problem.ts';
import { AdviserAnswer, AdviserBody, AdviserChangeBody, AdviserPageAnswer, AdvisersQuery } from '../schemas/adviser.ts';
import { CodeParams } from '../schemas/directory-field.ts';
import { adviserAnswer } from '../views/directory.ts';

const READ = ['leads:read', 'ops', 'admin'] as const;
const PROBLEMS = ['version_conflict', 'version_required', 'external_ref_taken'] as const;

const NEW: Omit<Adviser, 'code' | 'name' | 'version'> = {
  stores: [],
  regions: [],
  hq: false,
  skills: [],
  weight: 1,
  openCap: null,
  dailyCap: null,
  shifts: null,
  leave: [],
  active: true,
  externalRef: null,
};

/** /v1/advisers: whom leads are given to. */
export const adviserRoutes: Routes = (app, deps) => {
  const { db } = deps;
  app.get('/v1/advisers', {
    schema: {
      tags: ['directory'],
      summary: '顾问列表: list advisers',
      description: 'By code.',
      querystring: AdvisersQuery,
      response: { 200: AdviserPageAnswer },
    },
    config: { scope: READ, problems: ['cursor_invalid'] },
    handler: ({ query }) => {
      const { store, region, active, external_ref: externalRef } = query;
      const filter = {
        ...(store === undefined ? {} : { store }),
        ...(region === undefined ? {} : { region }),
        ...(active === undefined ? {} : { active }),
        ...(externalRef === undefined ? {} : { externalRef }),
      };
      return codePage({ list: 'advisers', ...query }, (page) => listAdvisers(db, filter, page), adviserAnswer);
    },
  });

  app.get('/v1/advisers/:code', {
    schema: {
      tags: ['directory'],
      summary: '顾问: one adviser',
      description: 'The ETag is its version, for If-Match.',
      params: CodeParams,
      response: { 200: AdviserAnswer },
    },
    config: { scope: READ },
    handler: async ({ params }, reply) => {
      const adviser = await findAdviser(db, params.code);
      if (adviser === null) throw problem('not_found');
      reply.header('etag', etag(adviser.version));
      return adviserAnswer(adviser);
    },
  });

  app.put('/v1/advisers/:code', {
    schema: {
      tags: ['directory'],
      summary: '顾问设置: add an adviser or replace them',
      description:
        'What is left out has its default: always on shift, without caps. One that is there is replaced under its If-Match; the same again changes nothing.',
      params: CodeParams,
      headers: IfMatchKnownHeaders,
      body: AdviserBody,
      response: { 200: AdviserAnswer, 201: AdviserAnswer },
    },
    config: { scope: 'admin', idempotent: true, problems: ['date_invalid', ...PROBLEMS] },
    handler: (request, reply) => {
      const { code } = request.params;
      const input = adviserInput(request.body);
      const { name } = request.body;
      const make = (present: Adviser | null): Adviser => ({
        ...NEW,
        ...input,
        code,
        name,
        version: present?.version ?? 0,
      });
      return answerEntry(deps, request, reply, ADVISER, { code, seen: ifMatchOrNull(request), make }, adviserAnswer);
    },
  });

  app.patch('/v1/advisers/:code', {
    schema: {
      tags: ['directory'],
      summary: '修改顾问: change an adviser',
      description:
        'What is left out stays; what is named is replaced whole: a leave is a PATCH of `leave` alone. Counts from the next lead on; whoever goes on leave or becomes inactive keeps their leads until they are reassigned.',
      params: CodeParams,
      headers: IfMatchHeaders,
      body: AdviserChangeBody,
      response: { 200: AdviserAnswer },
    },
    config: { scope: 'admin', idempotent: true, problems: ['date_invalid', ...PROBLEMS] },
    handler: (request, reply) => {
      const { code } = request.params;
      const input = adviserInput(request.body);
      const make = (present: Adviser | null): Adviser => {
        if (present === null) throw new Fault('not_found', null, 'There is no adviser of this code.');
        return { ...present, ...input };
      };
      return answerEntry(deps, request, reply, ADVISER, { code, seen: ifMatch(request), make }, adviserAnswer);
    },
  });

  app.delete('/v1/advisers/:code', {
    schema: {
      tags: ['directory'],
      summary: '删除顾问: delete an adviser',
      description:
        'One who has open leads or manages a store is `in_use`, with how many there are: set `active` to false instead.',
      params: CodeParams,
      headers: IfMatchKnownHeaders,
      response: { 204: { type: 'null', description: 'It is gone.' } },
    },
    config: { scope: 'admin', idempotent: true, problems: ['in_use', 'version_conflict'] },
    handler: (request, reply) => answerRemoved(deps, request, reply, ADVISER),
  });
};
