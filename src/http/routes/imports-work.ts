import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Import } from '../../domain/import.ts';
import type { Act } from '../../flows/act.ts';
import { cancelImportIn, runImportIn } from '../../flows/switch-import.ts';
import type { Tx } from '../../store/database.ts';
import { findSource } from '../../store/sources.ts';
import { actOf } from '../act.ts';
import type { RouteDeps, Routes } from '../deps.ts';
import { idempotent } from '../idempotency.ts';
import { openImport } from '../open-import.ts';
import { problem } from '../problem.ts';
import { IdParams } from '../schemas/id-params.ts';
import { ImportAnswer } from '../schemas/import.ts';
import { importAnswer } from '../views/import.ts';

/** POST /v1/imports/:id/cancel and …/run. */
export const importWorkRoutes: Routes = (app, deps) => {
  app.post('/v1/imports/:id/cancel', {
    schema: {
      tags: ['imports'],
      summary: '取消导入: end an import',
      description:
        'What was done stays, and the file is forgotten; a batch of rows that is being written may still come to nothing. Answered `state_conflict` where it has ended already.',
      params: IdParams,
      response: { 200: ImportAnswer },
    },
    config: { scope: 'leads:write', idempotent: true, problems: ['state_conflict'] },
    handler: (request, reply) => change(deps, request, reply, 200, cancelImportIn),
  });

  app.post('/v1/imports/:id/run', {
    schema: {
      tags: ['imports'],
      summary: '正式导入: run what a dry run has shown',
      description:
        'Of a dry run that is `previewed`, within 7 days: the same file with the same options, judged anew from the first row on and written.',
      params: IdParams,
      response: { 202: ImportAnswer },
    },
    config: { scope: 'leads:write', idempotent: true, problems: ['state_conflict', 'source_paused'] },
    handler: async (request, reply) => {
      const { sourceId } = await openImport(deps.db, request);
      if ((await findSource(deps.db, sourceId))?.state === 'paused') throw problem('source_paused');
      await change(deps, request, reply, 202, runImportIn);
      return reply;
    },
  });
};

async function change(
  deps: RouteDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  flow: (tx: Tx, act: Act, id: string) => Promise<Import>,
): Promise<void> {
  const { id } = await openImport(deps.db, request);
  await idempotent(deps, request, reply, async (tx) => {
    const act = actOf(request, deps);
    return { status, body: importAnswer(await flow(tx, act, id), act.at) };
  });
}
