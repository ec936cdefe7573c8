import { DEFAULT_CALENDAR } from '../../domain/calendar.ts';
import type { Store } from '../../domain/directory.ts';
import { Fault } from '../../domain/fault.ts';
import { STORE } from '../../flows/stores.ts';
import { findStore, listStores } from '../../store/stores.ts';
import { answerEntry, answerRemoved } from '../answer-entry.ts';
import { codePage } from '../code-page.ts';
import type { Routes } from '../deps.ts';
import { storeInput } from '../directory-input.ts';
import { etag, IfMatchHeaders, IfMatchKnownHeaders, ifMatch, ifMatchOrNull } from '../if-match.ts';
import { problem } from '../problem.ts';
import { CodeParams } from '../schemas/directory-field.ts';
import { StoreAnswer, StoreBody, StoreChangeBody, StorePageAnswer, StoresQuery } from '../schemas/store.ts';
import { storeAnswer } from '../views/directory.ts';

const READ = ['leads:read', 'ops', 'admin'] as const;
const PROBLEMS = ['version_conflict', 'version_required', 'external_ref_taken'] as const;

const NEW: Omit<Store, 'code' | 'name' | 'version'> = {
  region: null,
  cities: [],
  calendar: DEFAULT_CALENDAR,
  pick: 'round_robin',
  manager: null,
  active: true,
  externalRef: null,
};

/** /v1/stores: where leads are followed up. */
export const storeRoutes: Routes = (app, deps) => {
  const { db } = deps;
  app.get('/v1/stores', {
    schema: {
      tags: ['directory'],
      summary: '门店列表: list stores',
      description: 'By code.',
      querystring: StoresQuery,
      response: { 200: StorePageAnswer },
    },
    config: { scope: READ, problems: ['cursor_invalid'] },
    handler: ({ query }) => {
      const { region, active, external_ref: externalRef } = query;
      const filter = {
        ...(region === undefined ? {} : { region }),
        ...(active === undefined ? {} : { active }),
        ...(externalRef === undefined ? {} : { externalRef }),
      };
      return codePage({ list: 'stores', ...query }, (page) => listStores(db, filter, page), storeAnswer);
    },
  });

  app.get('/v1/stores/:code', {
    schema: {
      tags: ['directory'],
      summary: '门店: one store',
      description: 'The ETag is its version, for If-Match.',
      params: CodeParams,
      response: { 200: StoreAnswer },
    },
    config: { scope: READ },
    handler: async ({ params }, reply) => {
      const store = await findStore(db, params.code);
      if (store === null) throw problem('not_found');
      reply.header('etag', etag(store.version));
      return storeAnswer(store);
    },
  });

  app.put('/v1/stores/:code', {
    schema: {
      tags: ['directory'],
      summary: '门店设置: add a store or replace it',
      description:
        'What is left out has its default: open every day from 09:00 to 18:00 in Shanghai. One that is there is replaced under its If-Match; the same again changes nothing.',
      params: CodeParams,
      headers: IfMatchKnownHeaders,
      body: StoreBody,
      response: { 200: StoreAnswer, 201: StoreAnswer },
    },
    config: { scope: 'admin', idempotent: true, problems: [...PROBLEMS] },
    handler: (request, reply) => {
      const { code } = request.params;
      const input = storeInput(request.body);
      const { name } = request.body;
      const make = (present: Store | null): Store => ({
        ...NEW,
        ...input,
        code,
        name,
        version: present?.version ?? 0,
      });
      return answerEntry(deps, request, reply, STORE, { code, seen: ifMatchOrNull(request), make }, storeAnswer);
    },
  });

  app.patch('/v1/stores/:code', {
    schema: {
      tags: ['directory'],
      summary: '修改门店: change a store',
      description: 'What is left out stays; what is named is replaced whole. Counts from the next lead on.',
      params: CodeParams,
      headers: IfMatchHeaders,
      body: StoreChangeBody,
      response: { 200: StoreAnswer },
    },
    config: { scope: 'admin', idempotent: true, problems: [...PROBLEMS] },
    handler: (request, reply) => {
      const { code } = request.params;
      const input = storeInput(request.body);
      const make = (present: Store | null): Store => {
        if (present === null) throw new Fault('not_found', null, 'There is no store of this code.');
        return { ...present, ...input };
      };
      return answerEntry(deps, request, reply, STORE, { code, seen: ifMatch(request), make }, storeAnswer);
    },
  });

  app.delete('/v1/stores/:code', {
    schema: {
      tags: ['directory'],
      summary: '删除门店: delete a store',
      description:
        'One that has advisers or open leads is `in_use`, with how many there are: set `active` to false instead.',
      params: CodeParams,
      headers: IfMatchKnownHeaders,
      response: { 204: { type: 'null', description: 'It is gone.' } },
    },
    config: { scope: 'admin', idempotent: true, problems: ['in_use', 'version_conflict'] },
    handler: (request, reply) => answerRemoved(deps, request, reply, STORE),
  });
};
