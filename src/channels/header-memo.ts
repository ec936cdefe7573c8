import { cleanHeader } from './header.ts';
import { cleanFieldOf, type HeaderMatch } from './vocabulary.ts';

/** A header as it is compared, and what the vocabulary says of it. */
export interface KnownHeader {
  readonly name: string; // cleaned
  readonly match: HeaderMatch | null;
}

const MOST = 2_000; // headers kept; the columns of a file or the questions of a form are some tens
const LONGEST = 300; // characters of one

/** Looks headers up, and remembers those that come again with every row: a look-up costs 1 to 5 µs, and a row has ten. */
export function headerMemo(): (header: string) => KnownHeader {
  const known = new Map<string, KnownHeader>();
  return (header) => {
    const before = known.get(header);
    if (before !== undefined) return before;
    const name = cleanHeader(header);
    const one = { name, match: cleanFieldOf(name) };
    if (known.size < MOST && header.length <= LONGEST) known.set(header, one);
    return one;
  };
}
