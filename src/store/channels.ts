import type { Instant } from '../domain/instant.ts';
import type { TouchKind } from '../domain/submission.ts';
import type { Db, Tx } from './database.ts';

/** 渠道: a row of the channel dictionary. */
export interface Channel {
  readonly code: string;
  readonly name: string;
  readonly defaultKind: TouchKind;
  readonly updatedAt: Instant;
}

/** All channels by code: a dictionary, tens and not thousands. */
export async function listChannels(db: Db): Promise<readonly Channel[]> {
  return (await db.selectFrom('channel').selectAll().orderBy('code').execute()).map(channelOf);
}

/** One channel. */
export async function findChannel(db: Db, code: string): Promise<Channel | null> {
  const row = await db.selectFrom('channel').selectAll().where('code', '=', code).executeTakeFirst();
  return row === undefined ? null : channelOf(row);
}

/** Writes a channel, new or known. */
export async function upsertChannel(tx: Tx, channel: Channel): Promise<void> {
  const values = { name: channel.name, default_kind: channel.defaultKind, updated_at: new Date(channel.updatedAt) };
  await tx
    .insertInto('channel')
    .values({ code: channel.code, ...values })
    .onConflict((it) => it.column('code').doUpdateSet(values))
    .execute();
}

function channelOf(row: {
  readonly code: string;
  readonly name: string;
  readonly default_kind: string;
  readonly updated_at: Instant;
}): Channel {
  return { code: row.code, name: row.name, defaultKind: row.default_kind as TouchKind, updatedAt: row.updated_at };
}
