import { ENDPOINT_OVERLAP_SECONDS, openToShow } from '../../flows/endpoint-secrets.ts';
import { createEndpointIn, updateEndpointIn } from '../../flows/endpoints.ts';
import { prepareEdit, prepareEndpoint } from '../../flows/prepare-endpoint.ts';
import { readEndpointFacts } from '../../store/endpoint-facts.ts';
import { findSendingRow, listEndpoints, PRESENT_ENDPOINTS } from '../../store/endpoints.ts';
import type { Routes } from '../deps.ts';
import { endpointActOf, inputOf, showEndpoint } from '../endpoint-request.ts';
import { idempotent } from '../idempotency.ts';
import { etag, IfMatchHeaders, ifMatch } from '../if-match.ts';
import { problem } from '../problem.ts';
import { EndpointBody, EndpointChangeBody, EndpointsQuery } from '../schemas/endpoint.ts';
import {
  EndpointAnswer,
  EndpointChangedAnswer,
  EndpointCreatedAnswer,
  EndpointListAnswer,
} from '../schemas/endpoint-answer.ts';
import { IdParams } from '../schemas/id-params.ts';
import { endpointAnswer } from '../views/endpoint.ts';

const SCOPE = ['ops', 'admin'] as const;
const FULL =
  'Whatever decides who gets phones in full needs `pii:read` too: making an endpoint `full`, and of one that is, its URL, headers, mapping, signature and secret, and resuming it.';
const SECRET_ONCE =
  'The secret is shown this once and kept encrypted. Under an Idempotency-Key the answer is kept too, encrypted, and the same key gets it again.';
const TRIED =
  'The URL is resolved and every address checked; one that has none yet is saved with the warning `target_unresolved`. `mapping` and `success_when` are tried.';

/** /v1/endpoints: the configured ways out. */
export const endpointRoutes: Routes = (app, deps) => {
  const { db, vault, outbound } = deps;
  app.post('/v1/endpoints', {
    schema: {
      tags: ['delivery'],
      summary: '新建推送目标: make an endpoint',
      description: `It gets every event from now on that it names. ${TRIED} ${SECRET_ONCE} ${FULL}`,
      body: EndpointBody,
      response: { 201: EndpointCreatedAnswer },
    },
    config: { scope: SCOPE, idempotent: true, problems: ['target_refused', 'mapping_invalid', 'other_store'] },
    handler: async (request, reply) => {
      const act = endpointActOf(request, deps);
      const { input, warnings } = await prepareEndpoint(outbound, act, inputOf(request.body));
      return idempotent(deps, request, reply, async (tx) => {
        const { sending, secret } = await createEndpointIn(tx, vault, act, input);
        const { id, version } = sending.endpoint;
        const headers = { location: `/v1/endpoints/${id}`, etag: etag(version) };
        return { status: 201, headers, body: { ...endpointAnswer(sending, undefined), secret, warnings } };
      });
    },
  });

  app.get('/v1/endpoints', {
    schema: {
      tags: ['delivery'],
      summary: '推送目标: all endpoints',
      description: 'Oldest first, with how each is doing.',
      querystring: EndpointsQuery,
      response: { 200: EndpointListAnswer },
    },
    config: { scope: SCOPE },
    handler: async ({ query: { state } }) => {
      const rows = await listEndpoints(db, state === undefined ? PRESENT_ENDPOINTS : { states: [state] });
      const facts = await readEndpointFacts(
        db,
        rows.map(({ endpoint }) => endpoint.id),
      );
      return { items: rows.map((row) => endpointAnswer(openToShow(vault, row), facts.get(row.endpoint.id))) };
    },
  });

  app.get('/v1/endpoints/:id', {
    schema: {
      tags: ['delivery'],
      summary: '推送目标: one endpoint',
      description: 'The ETag is its version, for If-Match. One that was deleted can still be read.',
      params: IdParams,
      response: { 200: EndpointAnswer },
    },
    config: { scope: SCOPE },
    handler: async ({ params }, reply) => {
      const row = await findSendingRow(db, params.id);
      if (row === null) throw problem('not_found');
      reply.header('etag', etag(row.endpoint.version));
      return showEndpoint(db, openToShow(vault, row));
    },
  });

  app.patch('/v1/endpoints/:id', {
    schema: {
      tags: ['delivery'],
      summary: '修改推送目标: change an endpoint',
      description: `What is left out stays; \`filter\` and \`headers\` are replaced whole, and null takes a setting back to its default. Deliveries that wait are sent as it is then. Another \`signature\` needs another secret, which is answered; the former one signs on for ${ENDPOINT_OVERLAP_SECONDS} seconds. ${TRIED} ${FULL}`,
      params: IdParams,
      headers: IfMatchHeaders,
      body: EndpointChangeBody,
      response: { 200: EndpointChangedAnswer },
    },
    config: {
      scope: SCOPE,
      idempotent: true,
      problems: ['version_required', 'version_conflict', 'gone', 'target_refused', 'mapping_invalid', 'other_store'],
    },
    handler: async (request, reply) => {
      const version = ifMatch(request);
      const { id } = request.params;
      const act = endpointActOf(request, deps);
      const { input, warnings } = await prepareEdit(db, outbound, act, id, inputOf(request.body));
      await idempotent(deps, request, reply, async (tx) => {
        const { sending, secret } = await updateEndpointIn(tx, vault, act, id, version, input);
        const answer = await showEndpoint(tx, sending);
        const body = { ...answer, warnings, ...(secret === null ? {} : { secret }) };
        return { status: 200, headers: { etag: etag(answer.version) }, body };
      });
      outbound.sender.forget(id);
    },
  });
};
