import { DELIVERY_STATES, type Delivery, type DeliveryState, REDRIVABLE } from '../domain/delivery.ts';
import { formatInstant, parseInstant } from '../domain/instant.ts';
import { type RedriveQuery, redriveMany, redriveOne } from '../flows/redrive.ts';
import { deliveryRecord } from '../http/views/delivery.ts';
import { listDeliveries } from '../store/delivery-list.ts';
import { answer, type Command, CommandError, type Given, idOf, JSON_FLAG, listOf, textOf, wholeOf } from './command.ts';
import { columns } from './help.ts';
import { withDatabase } from './with-database.ts';

const STATES = Object.keys(DELIVERY_STATES) as readonly DeliveryState[];
const LISTED = 20;
const MOST_REDRIVEN = 200_000; // of one run: it says when there is more

const ENDPOINT_FLAG = { endpoint: { value: 'ID', description: 'Only those of this endpoint.' } } as const;
const LIMIT_FLAG = (most: number) => ({ limit: { value: 'N', description: `At most so many [${most}].` } });

const list: Command = {
  name: 'deliveries list',
  summary: 'List deliveries, newest first.',
  positionals: [],
  flags: {
    ...ENDPOINT_FLAG,
    state: { value: 'STATES', multiple: true, description: `Some of ${STATES.join(', ')}, with commas between.` },
    ...LIMIT_FLAG(LISTED),
    ...JSON_FLAG,
  },
  run: (given, io) =>
    withDatabase(io, async ({ database }) => {
      const states = statesOf(given, STATES);
      const filter = { ...endpointOf(given), ...(states.length === 0 ? {} : { states }) };
      const limit = wholeOf(given, 'limit') ?? LISTED;
      const found = await listDeliveries(database.db, filter, { after: null, limit });
      const rows = found.map((delivery) => [delivery.id, lineOf(delivery)] as const);
      return answer(given, io, found.map(deliveryRecord), rows.length === 0 ? ['no deliveries'] : [columns(rows)]);
    }),
};

const redrive: Command = {
  name: 'deliveries redrive',
  summary: 'Send one delivery again, or many that were given up.',
  positionals: [],
  optional: 'ID',
  flags: {
    ...ENDPOINT_FLAG,
    state: {
      value: 'STATES',
      multiple: true,
      description: `Some of ${REDRIVABLE.join(', ')}, with commas between [dead].`,
    },
    since: { value: 'TIME', description: 'Only of events recorded since, such as 2026-06-01T00:00:00+08:00.' },
    all: { description: `Every one that is ${REDRIVABLE.join(', ')}, of every endpoint.` },
    ...LIMIT_FLAG(MOST_REDRIVEN),
    ...JSON_FLAG,
  },
  run: async (given, io) => {
    const [id] = given.positionals;
    const query = id === undefined ? queryOf(given) : null;
    if (id !== undefined && ['endpoint', 'state', 'since', 'all', 'limit'].some((flag) => flag in given.flags)) {
      throw new CommandError(2, 'an id names one delivery: leave the other flags out');
    }
    return withDatabase(io, async ({ database: { db }, act }) => {
      if (query === null) {
        const delivery = await db.transaction().execute((tx) => redriveOne(tx, act, idOf(id)));
        return answer(given, io, deliveryRecord(delivery), [`delivery ${delivery.id} is sent again`]);
      }
      const done = await redriveMany(db, act, query, wholeOf(given, 'limit') ?? MOST_REDRIVEN);
      const more = done.more ? ['there may be more: run it again'] : [];
      return answer(given, io, done, [`${done.redriven} deliveries are sent again`, ...more]);
    });
  },
};

export const deliveryCommands: readonly Command[] = [list, redrive];

function queryOf(given: Given): RedriveQuery {
  const { endpointId } = endpointOf(given);
  const [states, since, all] = [statesOf(given, REDRIVABLE), textOf(given, 'since'), given.flags['all'] === true];
  const filters = states.length > 0 || since !== undefined || endpointId !== undefined;
  if (filters === all)
    throw new CommandError(2, 'name a delivery by its id, or say which: --endpoint, --state, --since; or --all');
  if (all) return { states: REDRIVABLE };
  return {
    states: states.length === 0 ? ['dead'] : states,
    ...(endpointId === undefined ? {} : { endpointId }),
    ...(since === undefined ? {} : { from: momentOf(since) }),
  };
}

function endpointOf(given: Given): { readonly endpointId?: string } {
  const id = textOf(given, 'endpoint');
  return id === undefined ? {} : { endpointId: idOf(id) };
}

function statesOf<S extends DeliveryState>(given: Given, known: readonly S[]): readonly S[] {
  return listOf(given, 'state').map((text) => {
    const state = known.find((one) => one === text);
    if (state === undefined) throw new CommandError(2, `--state takes some of ${known.join(', ')}, not ${text}`);
    return state;
  });
}

function momentOf(text: string): number {
  const at = parseInstant(text);
  if (at !== null) return at;
  throw new CommandError(2, `--since must be a time such as 2026-06-01T00:00:00+08:00, not ${JSON.stringify(text)}`);
}

function lineOf({ createdAt, state, attempts, eventType, endpointId, reason }: Delivery): string {
  const why = reason === null ? '' : `  ${reason}`;
  return `${formatInstant(createdAt)}  ${state}  ${attempts} attempts  ${eventType}  to ${endpointId}${why}`;
}
