import type { Logger } from 'pino';
import { Counter, Histogram, type Registry } from 'prom-client';
import type { AttemptReport, DispatchReports } from '../flows/dispatch-deps.ts';

const CLAIM_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];
const FIRST_BYTE_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 120, 600, 3600];
const ATTEMPT_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30];

/** Counts and logs what the deliverer of a process does; labels are ids of endpoints and codes of results. */
export function deliveryReports(registry: Registry, log: Logger): DispatchReports {
  const registers = [registry];
  const claims = new Histogram({
    name: 'clew_delivery_claim_seconds',
    help: 'Time of one claim of deliveries.',
    buckets: CLAIM_SECONDS,
    registers,
  });
  const attempts = new Counter({
    name: 'clew_delivery_attempts_total',
    help: 'Attempts by endpoint and result.',
    labelNames: ['endpoint', 'result'],
    registers,
  });
  const durations = new Histogram({
    name: 'clew_delivery_attempt_seconds',
    help: 'Time of one attempt, from connecting to the end of the answer.',
    labelNames: ['endpoint'],
    buckets: ATTEMPT_SECONDS,
    registers,
  });
  const firstBytes = new Histogram({
    name: 'clew_delivery_first_byte_seconds',
    help: 'Time from the recording of an event to the first byte of its first attempt.',
    buckets: FIRST_BYTE_SECONDS,
    registers,
  });
  return {
    claimed: (milliseconds) => claims.observe(milliseconds / 1000),
    attempted: (report) => {
      const { endpointId: endpoint, result, milliseconds, firstByteMs } = report;
      attempts.inc({ endpoint, result: result.result });
      durations.observe({ endpoint }, milliseconds / 1000);
      if (firstByteMs !== null) firstBytes.observe(Math.max(0, firstByteMs) / 1000);
      const level = result.kind === 'delivered' ? 'debug' : 'info';
      log[level](lineOf(report), 'delivery.attempted');
    },
    failed: (what, error) => log.error({ what, err: error }, 'delivery.failed'),
  };
}

function lineOf({ result, firstByteMs, milliseconds, ...ids }: AttemptReport): object {
  return { ...ids, result: result.result, status: result.status, ms: milliseconds, first_byte_ms: firstByteMs };
}
