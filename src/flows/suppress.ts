import { Fault } from '../domain/fault.ts';
import { identityKey, wechatId } from '../domain/identity.ts';
import { parsePhone } from '../domain/phone.ts';
import { mentions, personalOf } from '../domain/scrub.ts';
import type { Identity } from '../domain/submission.ts';
import type { Tx } from '../store/database.ts';
import { deleteSuppressions, insertSuppressions, type Suppression } from '../store/suppressions.ts';
import type { Call } from './call.ts';
import { idsOf } from './ids.ts';
import { note } from './note.ts';

/** An identity as somebody names it: one of the three. */
export interface NamedIdentity {
  readonly phone?: string;
  readonly wechat?: string;
  readonly wecom?: { readonly corp_id: string; readonly external_user_id: string };
}

/** How much of a hash is shown and logged: 64 bits, enough to tell any two apart. */
export const TOKEN_SHOWN = 16;

/** The identity that was named, as ingest keys it; throws Fault `body_invalid` where it names nobody. */
export function readIdentity({ phone, wechat, wecom }: NamedIdentity, region: string): Identity {
  if ([phone, wechat, wecom].filter((value) => value !== undefined).length !== 1) {
    throw new Fault('body_invalid', null, 'Name one of phone, wechat, wecom.');
  }
  if (wecom !== undefined) return { kind: 'wecom', namespace: wecom.corp_id, value: wecom.external_user_id };
  if (wechat !== undefined) {
    const value = wechatId(wechat);
    if (value === null) throw new Fault('body_invalid', 'wechat', 'This is no WeChat id.');
    return { kind: 'wechat', namespace: '', value };
  }
  const verdict = parsePhone(phone ?? '', region);
  if (verdict.kind === 'phone') return { kind: 'phone', namespace: '', value: verdict.e164 };
  throw new Fault('body_invalid', 'phone', verdict.kind === 'refused' ? verdict.hint : 'This is no phone number.');
}

/** Puts an identity on the do-not-process list, by its keyed hash alone; `added` false: it is there, its reason stays. */
export async function suppress(
  tx: Tx,
  call: Call,
  identity: Identity,
  reason: string,
): Promise<{ readonly entry: Suppression; readonly added: boolean }> {
  const numbers = identity.kind === 'phone' ? [identity.value] : [];
  if (mentions(personalOf([identity.value], numbers), reason)) {
    throw new Fault('body_invalid', 'reason', 'The reason must not name the person: it is kept beside a hash.');
  }
  const token = call.vault.token(identityKey(identity));
  const entry = { token, reason, actor: call.actor, createdAt: call.at };
  const added = (await insertSuppressions(tx, [entry])).length > 0;
  if (added) await auditList(tx, call, 'suppression.added', token, reason);
  return { entry, added };
}

/** Takes an identity, or the hash that begins so, off the list. Throws Fault `not_found`, `state_conflict` (several begin so). */
export async function unsuppress(tx: Tx, call: Call, named: Identity | { readonly token: string }): Promise<void> {
  const prefix = 'token' in named ? named.token : call.vault.token(identityKey(named));
  const removed = await deleteSuppressions(tx, prefix);
  const [token] = removed;
  if (token === undefined) throw new Fault('not_found', null, 'It is not on the list.');
  if (removed.length > 1) throw new Fault('state_conflict', 'token', 'Several begin so: give more of it.');
  await auditList(tx, call, 'suppression.removed', token, null);
}

async function auditList(tx: Tx, call: Call, action: string, token: string, reason: string | null): Promise<void> {
  // No row of a person: the bucket is that of the hash, as it would be of an id.
  const id = idsOf(call.seeds, call.at, `00000000-0000-7${token.slice(0, 3)}`)();
  await note(tx, call, { id, action, subjectKind: 'suppression', subjectId: token.slice(0, TOKEN_SHOWN), reason });
}
