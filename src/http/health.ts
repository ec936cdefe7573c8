import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Instant } from '../domain/instant.ts';
import { probeWrite } from '../store/readiness.ts';
import type { AppDeps, Readiness } from './deps.ts';
import { problem } from './problem.ts';

const Alive = Type.Object({ status: Type.Enum(['ok'], { description: 'Always ok.', examples: ['ok'] }) });

/** One thing that stands against taking requests. */
export interface Reason {
  readonly code: 'draining' | 'database' | 'schema';
  readonly detail: string;
}

const PROBE_MAX_AGE_MS = 1_000;

/** GET /health/live, which asks nothing, and GET /health/ready, which asks what taking a lead needs. */
export function serveHealth(
  app: FastifyInstance,
  { db, readiness, clock }: Pick<AppDeps, 'db' | 'readiness' | 'clock'>,
): void {
  const probe = cached((now) => probeDatabase(() => probeWrite(db, now), readiness), PROBE_MAX_AGE_MS);
  app.get('/health/live', {
    schema: { tags: ['operations'], summary: 'Whether the process lives', response: { 200: Alive } },
    handler: async () => ({ status: 'ok' as const }),
  });
  app.get('/health/ready', {
    schema: {
      tags: ['operations'],
      summary: 'Whether the process can take leads',
      description:
        'Red (503, with `reasons`) while the database takes no write, its schema does not fit, or the process drains.',
      response: { 200: Alive },
    },
    config: { problems: ['not_ready'] },
    handler: async () => {
      const draining: readonly Reason[] = readiness.draining() ? [DRAINING] : [];
      const reasons = [...draining, ...(await probe(clock()))];
      if (reasons.length > 0) throw problem('not_ready', { members: { reasons } });
      return { status: 'ok' as const };
    },
  });
}

const DRAINING: Reason = { code: 'draining', detail: 'the process is stopping' };

async function probeDatabase(write: () => Promise<void>, readiness: Readiness): Promise<readonly Reason[]> {
  try {
    const fault = await readiness.schemaFault();
    if (fault !== null) return [{ code: 'schema', detail: fault }];
    await write();
    return [];
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    const known = typeof code === 'string' ? ` (${code})` : '';
    return [{ code: 'database', detail: `the database takes no write${known}` }];
  }
}

/** Asks again only when the last answer is older than `maxAge` milliseconds, and once however many wait for it. */
function cached<T>(ask: (now: Instant) => Promise<T>, maxAge: number): (now: Instant) => Promise<T> {
  let last: { readonly at: Instant; readonly answer: Promise<T> } | null = null;
  return (now) => {
    if (last === null || now - last.at > maxAge || now < last.at) last = { at: now, answer: ask(now) };
    return last.answer;
  };
}
