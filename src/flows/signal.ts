/** Something to wait at until it is rung; a ring while nobody waits is kept for the next who does. */
export interface Signal {
  readonly ring: () => void;
  /** Resolves when it is rung, at the latest after so many milliseconds. */
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Resolves after so many milliseconds, however often it is rung. */
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** Builds a signal that has not been rung. */
export function createSignal(): Signal {
  let rung = false;
  let release: (() => void) | null = null;
  return {
    ring: () => {
      rung = true;
      release?.();
    },
    wait: (milliseconds) =>
      new Promise((resolve) => {
        if (rung) {
          rung = false;
          resolve();
          return;
        }
        const timer = setTimeout(() => release?.(), milliseconds);
        release = () => {
          clearTimeout(timer);
          release = null;
          rung = false;
          resolve();
        };
      }),
    pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  };
}
