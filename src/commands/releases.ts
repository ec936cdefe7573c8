import type { Logger } from 'pino';

/** What has to be released at the end, the latest first. */
export interface Releases {
  readonly add: (name: string, release: () => Promise<unknown>) => void;
  /** Releases everything once; a release that fails is logged and the next one comes. */
  readonly all: () => Promise<void>;
}

/** An empty list of releases. */
export function createReleases(log: Logger): Releases {
  const stack: { readonly name: string; readonly release: () => Promise<unknown> }[] = [];
  return {
    add: (name, release) => {
      stack.push({ name, release });
    },
    all: async () => {
      for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
        const { name } = next;
        await next.release().catch((error: unknown) => log.error({ err: error, name }, 'service.release_failed'));
      }
    },
  };
}
