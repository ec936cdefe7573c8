import type { Sight } from '../../domain/sight.ts';
import { dismissQuarantine } from '../../flows/dismiss-quarantine.ts';
import { listAudit } from '../../store/audit.ts';
import type { Db } from '../../store/database.ts';
import { findEntries, listQuarantine, type QuarantineEntry } from '../../store/quarantine-list.ts';
import { readRawBodies } from '../../store/raw-bodies.ts';
import { actOf } from '../act.ts';
import { grantOf } from '../actor.ts';
import { pageOf, readCursor } from '../cursor.ts';
import type { RouteDeps, Routes } from '../deps.ts';
import { idempotent } from '../idempotency.ts';
import { problem } from '../problem.ts';
import { quarantineFilter } from '../quarantine-filter.ts';
import { auditFullRead } from '../read-in-full.ts';
import { IdParams } from '../schemas/id-params.ts';
import { DismissBody, QuarantineDetail, QuarantinePageAnswer, QuarantineQuery } from '../schemas/quarantine.ts';
import { sightOf } from '../sight.ts';
import { quarantineDetail, quarantineItem } from '../views/quarantine.ts';
import { reachOf } from '../visibility.ts';

const MASKED: Sight = { kind: 'masked', why: 'scope_missing' };

/** GET /v1/quarantine, GET /v1/quarantine/:id and POST …/dismiss: what could not be used. */
export const quarantineRoutes: Routes = (app, deps) => {
  const { db, vault } = deps;
  app.get('/v1/quarantine', {
    schema: {
      tags: ['quarantine'],
      summary: '隔离列表: submissions that could not be used',
      description: 'Newest first. Phones are always masked here.',
      querystring: QuarantineQuery,
      response: { 200: QuarantinePageAnswer },
    },
    config: { scope: 'ops', problems: ['cursor_invalid'] },
    handler: async ({ query: { limit = 50, cursor, ...asked } }) => {
      const place = readCursor(asked, cursor, 1);
      const after = place === null ? null : { at: place.keys[0] ?? 0, id: place.id };
      const rows = await listQuarantine(db, vault, quarantineFilter(asked), { after, limit: limit + 1 });
      const { items, next } = pageOf(asked, rows, limit, ({ receivedAt, id }) => ({ keys: [receivedAt], id }));
      return { items: items.map((entry) => quarantineItem(entry, MASKED)), next_cursor: next };
    },
  });

  app.get('/v1/quarantine/:id', {
    schema: {
      tags: ['quarantine'],
      summary: '隔离详情: one submission as it was read',
      description:
        'With the raw body only for a key with `pii:read` that is bound to no store or adviser, and with `Access-Reason`; the reading is audited.',
      params: IdParams,
      response: { 200: QuarantineDetail },
    },
    config: { scope: 'ops' },
    handler: async (request) => {
      const entry = await openEntry(deps, request.params.id);
      // What could not be judged is nobody's lead yet, so a bound key's reach cannot say whether it may be read.
      const sight = reachOf(grantOf(request)) === null ? sightOf(request) : MASKED;
      await auditFullRead(deps, request, sight, { kind: 'quarantine', id: entry.id, ids: [entry.id] });
      const raw = sight.kind === 'full' ? await readRawBodies(db, vault, [entry]) : null;
      return quarantineDetail(entry, raw?.get(entry.submissionId) ?? null, await reasonOf(db, entry), sight);
    },
  });

  app.post('/v1/quarantine/:id/dismiss', {
    schema: {
      tags: ['quarantine'],
      summary: '放弃: dismiss an entry',
      description: 'It stays readable and cannot be retried any more. Again for no change.',
      params: IdParams,
      body: DismissBody,
      response: { 200: QuarantineDetail },
    },
    config: { scope: 'ops', idempotent: true, problems: ['already_released', 'state_conflict'] },
    handler: (request, reply) =>
      idempotent(deps, request, reply, async (tx) => {
        const id = request.params.id.toLowerCase();
        const entry = await dismissQuarantine(tx, vault, actOf(request, deps), id, request.body.reason);
        return { status: 200, body: quarantineDetail(entry, null, await reasonOf(tx, entry), MASKED) };
      }),
  });
};

async function openEntry({ db, vault }: RouteDeps, asked: string): Promise<QuarantineEntry> {
  const id = asked.toLowerCase();
  const entry = (await findEntries(db, vault, [id])).get(id);
  if (entry === undefined) throw problem('not_found');
  return entry;
}

async function reasonOf(db: Db, { id, state }: QuarantineEntry): Promise<string | null> {
  if (state !== 'dismissed') return null;
  const [entry] = await listAudit(db, { action: 'quarantine.dismissed', subjectId: id, limit: 1 });
  return entry?.reason ?? null;
}
