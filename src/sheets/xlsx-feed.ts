type Rows = readonly (readonly string[])[];

/** Rows that come in groups, to be taken by any number. */
export interface RowFeed {
  /** From one to `most` rows, whatever is there first; none once they are over. */
  readonly take: (most: number) => Promise<Rows>;
  readonly isOver: () => Promise<boolean>;
  /** Tells where the rows come from that no more are taken. */
  readonly close: () => Promise<void>;
}

/** Rows of groups of any size, empty ones too; never more than one group is held. */
export function rowFeed(groups: AsyncIterable<Rows>): RowFeed {
  const source = groups[Symbol.asyncIterator]();
  let held: Rows = [];
  let over = false;
  const fill = async (): Promise<void> => {
    while (held.length === 0 && !over) {
      const { done, value } = await source.next();
      if (done === true) over = true;
      else held = value;
    }
  };
  return {
    take: async (most) => {
      await fill();
      const taken = held.slice(0, most);
      held = held.slice(most);
      return taken;
    },
    isOver: async () => {
      await fill();
      return held.length === 0;
    },
    close: async () => void (await source.return?.()),
  };
}
