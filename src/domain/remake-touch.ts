import type { Instant } from './instant.ts';
import type { HistoryTouch, Spoken } from './recompute.ts';
import type { Fields } from './submission.ts';
import { uniteValues } from './unite-values.ts';

/** The moments and values of a touch without some who spoke of it; `fields` null: as its own submission says. */
export interface RemadeTouch {
  readonly id: string;
  readonly firstAt: Instant;
  readonly firstId: string;
  readonly lastAt: Instant;
  readonly lastId: string;
  readonly fields: Fields | null;
}

/** A touch as if the silenced submissions had not been; `own` is the submission that made it. */
export function remakeTouch(touch: HistoryTouch, own: string, silenced: ReadonlySet<string>): RemadeTouch {
  const left = touch.spoken.filter(({ id }) => !silenced.has(id));
  const values = left.filter(({ noise }) => !noise);
  const moments = left.filter(({ id, noise }) => noise || id === own).sort(byMoment(own));
  const first = moments[0];
  const end = moments.find(({ occurredAt }) => occurredAt === moments.at(-1)?.occurredAt);
  return {
    id: touch.id,
    firstAt: first?.occurredAt ?? touch.firstAt,
    firstId: first?.id ?? touch.firstSubmissionId,
    lastAt: end?.occurredAt ?? touch.lastAt,
    lastId: end?.id ?? touch.lastSubmissionId,
    fields: values.length > 1 ? uniteValues(values.map((said) => ({ ...said, submissionId: said.id }))) : null,
  };
}

/** In event time; of one moment the touch's own submission stands first, then what came first. */
function byMoment(own: string): (a: Spoken, b: Spoken) => number {
  const rank = ({ id }: Spoken): number => (id === own ? 0 : 1);
  return (a, b) => a.occurredAt - b.occurredAt || rank(a) - rank(b) || a.receivedAt - b.receivedAt;
}
