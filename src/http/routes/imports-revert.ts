import { revertImportIn } from '../../flows/revert-import.ts';
import { actOf } from '../act.ts';
import { grantOf } from '../actor.ts';
import { idOf } from '../call.ts';
import type { Routes } from '../deps.ts';
import { idempotent } from '../idempotency.ts';
import { problem } from '../problem.ts';
import { IdParams } from '../schemas/id-params.ts';
import { ImportRevertAnswer, ImportRevertBody } from '../schemas/import-revert.ts';
import { reachOf } from '../visibility.ts';

const ABOUT = `Voids every touch that the import made, with reason \`import_reverted\`, and recomputes values from the rest. A lead that is left without touches is gone (410, event \`lead.reverted\`); one that only this import has touched since is as it was before, its state and owner too. Consents and updated values that rows brought are taken back, their quarantine entries dismissed, and the file can be uploaded again as if it had never been.

Answered \`import_followed_up\` with \`count\` and the first 20 \`leads\` where persons have worked leads since: changed a state or an owner, confirmed a profile, won a deal, merged or split. \`force\` takes those back too, but for leads with deals, which stay. Work that comes while it runs is left alone and counted in \`revert.kept\`, and so is a row whose touch another submission has spoken of since (a re-send, a double click).

Of a completed, cancelled or failed import, as long as its rows are kept (CLEW_IMPORT_RETENTION_DAYS); a dry run has nothing to take back.`;

/** POST /v1/imports/:id/revert: an import that should not have been. */
export const importRevertRoutes: Routes = (app, deps) => {
  app.post('/v1/imports/:id/revert', {
    schema: {
      tags: ['imports'],
      summary: '撤销导入: take an import back',
      description: ABOUT,
      params: IdParams,
      body: ImportRevertBody,
      response: { 202: ImportRevertAnswer },
    },
    config: { scope: 'ops', idempotent: true, problems: ['state_conflict', 'import_followed_up', 'other_store'] },
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        if (reachOf(grantOf(request)) !== null)
          throw problem('other_store', { detail: 'An import reaches leads of every store; the key is bound to some.' });
        const { force = false, reason } = request.body;
        const input = { force, reason: reason.trim() };
        const { id } = await revertImportIn(tx, actOf(request, deps), idOf(request), input);
        return { status: 202, body: { id, state: 'reverting', force } };
      }),
  });
};
