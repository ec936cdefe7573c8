import { Fault } from '../domain/fault.ts';
import type { TouchKind } from '../domain/submission.ts';
import { type Channel, findChannel, upsertChannel } from '../store/channels.ts';
import type { Tx } from '../store/database.ts';
import { type Act, auditAct } from './act.ts';

/** What is to stand in the dictionary. */
export interface ChannelInput {
  readonly code: string;
  readonly name: string;
  readonly defaultKind: TouchKind;
}

const CODE = /^[a-z0-9_-]{1,64}$/;

/** Puts a channel into the dictionary or changes it; the same again changes nothing. Throws `body_invalid`. */
export async function setChannel(
  tx: Tx,
  act: Act,
  { code, name, defaultKind }: ChannelInput,
): Promise<{ readonly channel: Channel; readonly made: boolean }> {
  if (!CODE.test(code)) {
    throw new Fault('body_invalid', 'code', 'A channel code is 1 to 64 of a to z, 0 to 9, _ and -.');
  }
  const before = await findChannel(tx, code);
  if (before !== null && before.name === name && before.defaultKind === defaultKind) {
    return { channel: before, made: false };
  }
  const channel = { code, name, defaultKind, updatedAt: act.at };
  await upsertChannel(tx, channel);
  const detail = {
    name,
    default_kind: defaultKind,
    before: before === null ? null : { name: before.name, default_kind: before.defaultKind },
  };
  await auditAct(tx, act, 'channel.set', { kind: 'channel', id: code }, detail);
  return { channel, made: before === null };
}
