import type { Setup } from './channel.ts';
import { textOf } from './text-of.ts';

/** A setting that is a number of at least 0; the fallback where it is absent or none. */
export function numberSetting({ settings }: Setup, name: string, fallback: number): number {
  const value = settings[name];
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : fallback;
}

/** A setting that is text; the fallback where it is absent or blank. */
export function textSetting({ settings }: Setup, name: string, fallback: string): string {
  return textOf(settings[name]) ?? fallback;
}

/** A setting that is a list of texts; null where it is absent or empty: then the channel's own rule holds. */
export function listSetting({ settings }: Setup, name: string): readonly string[] | null {
  const value = settings[name];
  if (!Array.isArray(value)) return null;
  const texts = value.map(textOf).filter((text) => text !== null);
  return texts.length === 0 ? null : texts;
}

/** Whether a name is one of a list, where an entry may end in `*`: `clue.*`. */
export function isListed(names: readonly string[], name: string): boolean {
  return names.some((entry) => (entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : entry === name));
}
