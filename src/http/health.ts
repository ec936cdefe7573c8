import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { Instant } from '../domain/instant.ts';
import { inTime } from '../flows/in-time.ts';
import { probeWrite } from '../store/readiness.ts';
import type { AppDeps, Readiness } from './deps.ts';
import { problem } from './problem.ts';

const Alive = Type.Object({ status: Type.Enum(['ok'], { description: 'Always ok.', examples: ['ok'] }) });

const Ready = Type.Object({
  status: Type.Enum(['ok', 'spooling'], {
    description: 'spooling: the database takes no write, and pushes of platforms and pages are kept on disk meanwhile.',
    examples: ['ok'],
  }),
  spool: Type.Object(
    {
      entries: Type.Integer({ description: 'Pushes on disk that wait for the database.', examples: [0] }),
      bytes: Type.Integer({ description: 'Bytes of them.', examples: [0] }),
      oldest_seconds: Type.Integer({ description: 'Age of the oldest; 0 without one.', examples: [0] }),
    },
    { description: 'What waits on the disk of this process.' },
  ),
  reasons: Type.Optional(
    Type.Array(
      Type.Object({
        code: Type.String({ examples: ['database'] }),
        detail: Type.String({ examples: ['the database takes no write'] }),
      }),
      {
        description: 'Of spooling: what stands against writing.',
      },
    ),
  ),
});

/** One thing that stands against taking requests. */
export interface Reason {
  readonly code: 'draining' | 'database' | 'schema';
  readonly detail: string;
}

const PROBE_MAX_AGE_MS = 1_000;
const PROBE_MS = 2_000;

/** GET /health/live, which asks nothing, and GET /health/ready, which asks what taking a lead needs. */
export function serveHealth(
  app: FastifyInstance,
  { db, readiness, clock, inbound }: Pick<AppDeps, 'db' | 'readiness' | 'clock' | 'inbound'>,
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
        'Red (503, with `reasons`) while its schema does not fit, the process drains, or the database takes no write and the spool has no room. With room it is green and says `spooling`: a balancer that took every process out would turn pushes away that can be kept.',
      response: { 200: Ready },
    },
    config: { problems: ['not_ready'] },
    handler: async () => {
      const draining: readonly Reason[] = readiness.draining() ? [DRAINING] : [];
      const reasons = [...draining, ...(await probe(clock()))];
      const { room, oldest, ...kept } = inbound.spool.state();
      const age = oldest === null ? 0 : Math.max(0, Math.round((clock() - oldest) / 1000));
      const spool = { ...kept, oldest_seconds: age };
      if (reasons.length === 0) return { status: 'ok' as const, spool };
      if (room && reasons.every(({ code }) => code === 'database'))
        return { status: 'spooling' as const, reasons: [...reasons], spool };
      throw problem('not_ready', { members: { reasons, spool } });
    },
  });
}

const SILENT = Symbol('silent'); // a database that does not answer is as good as one that is away
const NO_ANSWER: Reason = { code: 'database', detail: 'the database takes no write (silent)' };
const DRAINING: Reason = { code: 'draining', detail: 'the process is stopping' };

async function probeDatabase(write: () => Promise<void>, readiness: Readiness): Promise<readonly Reason[]> {
  try {
    const fault = await inTime(readiness.schemaFault(), PROBE_MS, SILENT);
    if (fault === SILENT) return [NO_ANSWER];
    if (fault !== null) return [{ code: 'schema', detail: fault }];
    return (await inTime(write(), PROBE_MS, SILENT)) === SILENT ? [NO_ANSWER] : [];
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
