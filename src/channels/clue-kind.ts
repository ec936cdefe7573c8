import type { TouchKind } from '../domain/submission.ts';
import { textOf } from './text-of.ts';

/** `clue_type` of 巨量引擎 and 飞鱼: form, online consult, smart phone, call back from the page, coupon, lottery. */
const KINDS: Readonly<Record<string, TouchKind>> = {
  '0': 'form',
  '1': 'consult',
  '2': 'call',
  '3': 'call',
  '4': 'form',
  '5': 'form',
};

/** The touch kind of a `clue_type` (fields of tools/clue/get in oceanengine/ad_open_sdk_java), or null where it says none that is known. */
export function clueKind(type: unknown): TouchKind | null {
  const text = textOf(type);
  return text !== null && Object.hasOwn(KINDS, text) ? (KINDS[text] ?? null) : null;
}
