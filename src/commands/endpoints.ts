import { PAYLOAD_MODES, SIGNATURES } from '../domain/endpoint.ts';
import type { EventType } from '../domain/event.ts';
import { PURPOSES } from '../domain/submission.ts';
import type { EndpointInput } from '../flows/endpoint-input.ts';
import { ENDPOINT_OVERLAP_SECONDS, openToShow } from '../flows/endpoint-secrets.ts';
import { createEndpointIn } from '../flows/endpoints.ts';
import { prepareEndpoint } from '../flows/prepare-endpoint.ts';
import { rotateEndpointSecretIn } from '../flows/rotate-endpoint-secret.ts';
import { deleteEndpointIn, pauseEndpointIn, resumeEndpointIn } from '../flows/switch-endpoint.ts';
import { testEndpoint } from '../flows/test-endpoint.ts';
import { showEndpoint } from '../http/endpoint-request.ts';
import { endpointAnswer } from '../http/views/endpoint.ts';
import { readEndpointFacts } from '../store/endpoint-facts.ts';
import { listEndpoints, PRESENT_ENDPOINTS } from '../store/endpoints.ts';
import { SAMPLE_TYPES } from '../webhooks/sample-payload.ts';
import { answer, type Command, CommandError, type Given, idOf, JSON_FLAG, listOf, textOf, wholeOf } from './command.ts';
import { lineOf, nameOf, switching, withOutbound, withVault } from './endpoint-session.ts';
import { columns } from './help.ts';
import { required } from './keys.ts';

const create: Command = {
  name: 'endpoints create',
  summary: 'Make an endpoint and print its secret, which is shown this once.',
  positionals: [],
  flags: {
    url: { value: 'URL', description: 'Where events are posted.' },
    events: {
      value: 'TYPES',
      multiple: true,
      description: 'Such as lead.* or lead.created, with commas between; * is all.',
    },
    description: { value: 'TEXT', description: 'What the endpoint is.' },
    payload: { value: 'MODE', description: 'masked, full or thin [masked].' },
    signature: { value: 'SCHEME', description: 'v1 (a shared secret) or v1a (Ed25519) [v1].' },
    unordered: { description: 'Let events of one lead overtake each other.' },
    stores: { value: 'CODES', multiple: true, description: 'Only leads of these stores, with commas between.' },
    channels: { value: 'CODES', multiple: true, description: 'Only events of these channels, with commas between.' },
    recipient: { value: 'NAME', description: 'Who is behind it, for the ledger of who was given whom.' },
    purpose: { value: 'PURPOSE', description: `A consent that the person must have given: ${PURPOSES.join(', ')}.` },
    ...JSON_FLAG,
  },
  run: (given, io) =>
    withOutbound(io, async ({ database, vault, outbound, act }) => {
      const { input, warnings } = await prepareEndpoint(outbound, act, inputOf(given));
      const { sending, secret } = await database.db
        .transaction()
        .execute((tx) => createEndpointIn(tx, vault, act, input));
      return answer(given, io, { ...endpointAnswer(sending, undefined), secret, warnings }, [
        ...(warnings.length === 0 ? [] : ['the name of the URL has no address yet']),
        `made endpoint ${nameOf(sending.endpoint)} (${sending.endpoint.id}); its secret is not shown again:`,
        secret ?? '',
      ]);
    }),
};

const list: Command = {
  name: 'endpoints list',
  summary: 'List all endpoints and what waits for them.',
  positionals: [],
  flags: JSON_FLAG,
  run: (given, io) =>
    withVault(io, async ({ database: { db }, vault }) => {
      const found = (await listEndpoints(db, PRESENT_ENDPOINTS)).map((row) => openToShow(vault, row));
      const facts = await readEndpointFacts(
        db,
        found.map(({ endpoint }) => endpoint.id),
      );
      const items = found.map((sending) => endpointAnswer(sending, facts.get(sending.endpoint.id)));
      const rows = found.map(({ endpoint }) => [endpoint.id, lineOf(endpoint, facts.get(endpoint.id))] as const);
      return answer(given, io, items, rows.length === 0 ? ['no endpoints'] : [columns(rows)]);
    }),
};

const pause = switching('pause', 'Stop an endpoint: what comes is kept.', 'is paused', pauseEndpointIn);
const resume = switching('resume', 'Let a paused endpoint go on, with its backlog.', 'is active', resumeEndpointIn);
const remove = switching(
  'delete',
  'End an endpoint for ever; what waits is cancelled.',
  'is deleted',
  deleteEndpointIn,
);

const rotate: Command = {
  name: 'endpoints rotate-secret',
  summary: 'Give an endpoint a new secret; the one before signs on for a while.',
  positionals: ['ID'],
  flags: {
    overlap: { value: 'SECONDS', description: `How long the former secret signs on [${ENDPOINT_OVERLAP_SECONDS}].` },
    ...JSON_FLAG,
  },
  run: (given, io) =>
    withVault(io, async ({ database, vault, act }) => {
      const [id, overlap] = [idOf(given.positionals[0]), wholeOf(given, 'overlap') ?? ENDPOINT_OVERLAP_SECONDS];
      const { sending, secret } = await database.db
        .transaction()
        .execute((tx) => rotateEndpointSecretIn(tx, vault, act, id, { overlap }));
      return answer(given, io, { ...(await showEndpoint(database.db, sending)), secret }, [
        `endpoint ${nameOf(sending.endpoint)} has a new secret, which is not shown again:`,
        secret ?? '',
      ]);
    }),
};

const test: Command = {
  name: 'endpoints test',
  summary: 'Send an endpoint a test event now and print what the receiver said.',
  positionals: ['ID'],
  flags: { type: { value: 'TYPE', description: 'The type of the event [lead.created].' }, ...JSON_FLAG },
  run: (given, io) =>
    withOutbound(io, async ({ database: { db }, vault, outbound, act }) => {
      const deps = { db, vault, outbound, version: io.version };
      const { duration, ...test } = await testEndpoint(deps, act, idOf(given.positionals[0]), typeOf(given));
      answer(given, io, { ...test, duration_ms: Math.round(duration) }, [
        `${test.result}${test.status === null ? '' : ` (${test.status})`} after ${Math.round(duration)} ms`,
        ...(test.excerpt === null ? [] : [test.excerpt]),
      ]);
      return test.delivered ? 0 : 1;
    }),
};

export const endpointCommands: readonly Command[] = [create, list, pause, resume, rotate, remove, test];

function inputOf(given: Given): EndpointInput {
  const [stores, channels] = [listOf(given, 'stores'), listOf(given, 'channels')];
  return {
    url: required(given, 'url'),
    events: listOf(given, 'events'),
    description: textOf(given, 'description') ?? '',
    ordered: given.flags['unordered'] !== true,
    filter: { stores: stores.length === 0 ? null : stores, channels: channels.length === 0 ? null : channels },
    settings: {
      payload: oneOf(given, 'payload', PAYLOAD_MODES),
      signature: oneOf(given, 'signature', SIGNATURES),
      purpose: oneOf(given, 'purpose', PURPOSES),
      recipient: textOf(given, 'recipient') ?? null,
    },
  };
}

function typeOf(given: Given): EventType {
  return oneOf(given, 'type', SAMPLE_TYPES) ?? 'lead.created';
}

/** A flag whose value is one of few; null where it was not given. */
function oneOf<const T extends string>(given: Given, flag: string, known: readonly T[]): T | null {
  const text = textOf(given, flag);
  if (text === undefined) return null;
  const found = known.find((one) => one === text);
  if (found === undefined) throw new CommandError(2, `--${flag} must be one of ${known.join(', ')}`);
  return found;
}
