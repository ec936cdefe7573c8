import { kindOf } from '../channels/kinds.ts';
import { Fault } from '../domain/fault.ts';
import type { Source } from '../domain/source.ts';
import type { Tx } from '../store/database.ts';
import { forgetRecordedPushes, startRecording } from '../store/recordings.ts';
import { lockSource } from '../store/sources.ts';
import { type Act, auditAct } from './act.ts';

/** Most pushes that are recorded at one asking. */
export const MOST_RECORDED = 1000;

/** Has the next so many pushes of a source kept whole, those that are refused too; 0 ends it. Throws `not_found`, `body_invalid`. */
export async function startRecordingIn(tx: Tx, act: Act, id: string, count: number): Promise<Source> {
  const source = await recordable(tx, id);
  if (!Number.isInteger(count) || count < 0 || count > MOST_RECORDED) {
    throw new Fault('body_invalid', 'count', `count must be 1 to ${MOST_RECORDED}`);
  }
  await startRecording(tx, { sourceId: id, count, actor: act.actor, at: act.at });
  await auditAct(tx, act, 'source.recording_started', { kind: 'source', id }, { name: source.name, count });
  return source;
}

/** Forgets what was recorded of a source, and records no more; answers how many pushes that were. Throws `not_found`, `body_invalid`. */
export async function forgetRecordingsIn(tx: Tx, act: Act, id: string): Promise<number> {
  const source = await recordable(tx, id);
  await startRecording(tx, { sourceId: id, count: 0, actor: act.actor, at: act.at });
  const forgotten = await forgetRecordedPushes(tx, { sourceId: id });
  await auditAct(tx, act, 'source.recordings_forgotten', { kind: 'source', id }, { name: source.name, forgotten });
  return forgotten;
}

async function recordable(tx: Tx, id: string): Promise<Source> {
  const present = await lockSource(tx, id);
  if (present === null) throw new Fault('not_found', null, `there is no source ${id}`);
  const { source } = present;
  if (source.kind !== 'form' && kindOf(source.kind)?.channel == null) {
    throw new Fault('body_invalid', null, `nobody pushes to a source of the kind ${source.kind}`);
  }
  return source;
}
