import { maskPhone } from '../../domain/mask.ts';
import { maskedOf, type Sight } from '../../domain/sight.ts';
import { countOf, type Replay, type Replayed, type ReplayedItem } from '../../flows/replay-pushes.ts';
import { MOST_DIFFERENCES, type ReplayAnswer } from '../schemas/source-replay.ts';
import { maskField } from './preview.ts';

/** What replaying came to, or would. */
export function replayAnswer(
  { from, mode }: Pick<Replay, 'from' | 'mode'>,
  done: Replayed,
  sight: Sight,
): ReplayAnswer {
  const { items, more } = done;
  const told = from === 'kept' ? items.filter(tells).slice(0, MOST_DIFFERENCES) : items;
  return {
    from,
    dry_run: mode === 'dry_run',
    masked: maskedOf(sight),
    count: items.length,
    more,
    results: countOf(items),
    items: told.map((item) => itemAnswer(item, sight)),
  };
}

function tells({ results }: ReplayedItem): boolean {
  return results.some((result) => result !== 'unchanged');
}

function itemAnswer({ id, results, code, changes }: ReplayedItem, sight: Sight): ReplayAnswer['items'][number] {
  const shown = changes.map(({ path, before, after }) => ({
    path,
    before: shownValue(path, before, sight),
    after: shownValue(path, after, sight),
  }));
  return { id, results, code, ...(shown.length === 0 ? {} : { changes: shown }) };
}

function shownValue(path: string, value: unknown, sight: Sight): unknown {
  if (sight.kind === 'full' || value === null) return value;
  return path === 'phone' ? maskPhone(String(value)) : maskField(path, value);
}
