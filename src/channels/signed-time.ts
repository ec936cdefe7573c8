import type { Authenticity, Push } from './channel.ts';

const AUTHENTIC: Authenticity = { kind: 'authentic' };

/** Whether a time that was signed, in epoch milliseconds, is within so many seconds of receipt on either side; 0 seconds: unchecked. */
export function signedTime(millis: number | null, push: Push, seconds: number): Authenticity {
  if (seconds === 0 || millis === null || !Number.isFinite(millis)) return AUTHENTIC;
  if (Math.abs(push.receivedAt - millis) <= seconds * 1000) return AUTHENTIC;
  return {
    kind: 'refused',
    code: 'signature_expired',
    detail: `The signed time is more than ${seconds} s away from now.`,
  };
}
