import type { TouchKind } from '../domain/submission.ts';
import { textOf } from './text-of.ts';

const KINDS: Readonly<Record<string, TouchKind>> = {
  FORM: 'form',
  CONSULT: 'consult',
  SMARTPHONE: 'call',
  GROUP_BUYING: 'order',
  ENT_WECHAT: 'consult',
};

/** The touch kind of a `clue_type` of 抖音生活服务 (tools/clue/life/get in oceanengine/ad_open_sdk_java), or null where it is not known. */
export function lifeKind(type: unknown): TouchKind | null {
  const text = textOf(type);
  return text !== null && Object.hasOwn(KINDS, text) ? (KINDS[text] ?? null) : null;
}
