import { pino } from 'pino';
import type { Endpoint, SendingEndpoint } from '../domain/endpoint.ts';
import type { Vault } from '../domain/vault.ts';
import { type EndpointAct, originOf } from '../flows/endpoint-act.ts';
import { showEndpoint } from '../http/endpoint-request.ts';
import type { Tx } from '../store/database.ts';
import type { EndpointFacts } from '../store/endpoint-facts.ts';
import type { Outbound } from '../webhooks/outbound.ts';
import { answer, type Command, type Io, idOf, JSON_FLAG } from './command.ts';
import { openOutbound } from './open-outbound.ts';
import { openVault } from './open-vault.ts';
import { createReleases } from './releases.ts';
import { type Session, withDatabase } from './with-database.ts';

/** What a command about endpoints works with. */
export interface EndpointSession extends Session {
  readonly vault: Vault;
  readonly act: EndpointAct; // who has the database and its key may see everything
}

/** As `withDatabase`, with the vault. */
export function withVault<T>(io: Io, use: (session: EndpointSession) => Promise<T>): Promise<T> {
  return withDatabase(io, async (session) => {
    const vault = await openVault(session.database.db, session.config, io);
    return use({ ...session, vault, act: { ...session.act, sees: 'full' } });
  });
}

/** As `withVault`, with the way out, which is closed afterwards. */
export function withOutbound<T>(
  io: Io,
  use: (session: EndpointSession & { readonly outbound: Outbound }) => Promise<T>,
): Promise<T> {
  return withVault(io, async (session) => {
    const releases = createReleases(pino({ level: 'silent' }));
    try {
      return await use({ ...session, outbound: openOutbound(session.config, io.now, releases) });
    } finally {
      await releases.all();
    }
  });
}

/** A change of one endpoint, in its transaction. */
export type EndpointSwitch = (tx: Tx, vault: Vault, act: EndpointAct, id: string) => Promise<SendingEndpoint>;

/** A command that switches one endpoint, and what it says then. */
export function switching(verb: string, summary: string, said: string, change: EndpointSwitch): Command {
  return {
    name: `endpoints ${verb}`,
    summary,
    positionals: ['ID'],
    flags: JSON_FLAG,
    run: (given, io) =>
      withVault(io, async ({ database: { db }, vault, act }) => {
        const id = idOf(given.positionals[0]);
        const sending = await db.transaction().execute((tx) => change(tx, vault, act, id));
        const line = `endpoint ${nameOf(sending.endpoint)} ${said}`;
        return answer(given, io, await showEndpoint(db, sending), [line]);
      }),
  };
}

/** What an endpoint is called: its description, else where it sends to. */
export function nameOf({ description, url }: Endpoint): string {
  return description === '' ? originOf(url) : description;
}

/** An endpoint in a list. */
export function lineOf(endpoint: Endpoint, facts: EndpointFacts | undefined): string {
  const { state, pausedReason, events, url } = endpoint;
  const why = pausedReason === null ? '' : ` (${pausedReason})`;
  const failing = facts === undefined || facts.failingSince === null ? '' : '  failing';
  const waiting = `${facts?.pending ?? 0}${facts?.pendingMore === true ? '+' : ''} pending`;
  const name = endpoint.description === '' ? '' : `  ${endpoint.description}`;
  return `${state}${why}  ${originOf(url)}  ${events.join(',')}  ${waiting}${failing}${name}`;
}
