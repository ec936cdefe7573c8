import { setTimeout as wait } from 'node:timers/promises';

const TIMES = 3;
const MOST_MS = 1_000; // a round of a few steps must not keep a process from stopping

/**
 * Rests three times as long as a step took that began at a moment (`performance.now()`), at most a second: sweeps leave most of a busy
 * machine to captures. With none, three sweeps at once took half of it.
 */
export async function rest(began: number): Promise<void> {
  await wait(Math.min(MOST_MS, TIMES * (performance.now() - began)));
}
