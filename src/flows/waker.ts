/** Tells those who deliver that something may be due. */
export interface Waker {
  readonly wake: () => void;
  readonly close: () => Promise<void>;
}

const COALESCE_MS = 25;

/**
 * Wakes this process at once, and the others, where there are any, by one notice for all that happens within 25 ms: a notice in
 * every transaction would make commits wait for each other.
 */
export function createWaker(deps: {
  readonly local: () => void;
  readonly others: () => number;
  readonly notify: () => Promise<void>;
  readonly failed: (error: unknown) => void; // then they find it by their poll
}): Waker {
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> = Promise.resolve();
  const send = (): void => {
    timer = undefined;
    sending = deps.notify().catch(deps.failed);
  };
  return {
    wake: () => {
      deps.local();
      if (timer === undefined && deps.others() > 0) timer = setTimeout(send, COALESCE_MS);
    },
    close: async () => {
      clearTimeout(timer);
      await sending;
    },
  };
}
