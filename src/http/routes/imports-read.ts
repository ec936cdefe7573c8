import { setMaxListeners } from 'node:events';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { logFault } from '../../domain/log-fault.ts';
import { importErrors } from '../../flows/import-errors.ts';
import { listImports, readPreview } from '../../store/import-list.ts';
import { listImportRows } from '../../store/import-row-list.ts';
import { pageOf, readCursor } from '../cursor.ts';
import type { RouteDeps, Routes } from '../deps.ts';
import { sendEvents } from '../event-stream.ts';
import { openImport, seenSource } from '../open-import.ts';
import { repeatable } from '../query.ts';
import { auditFullRead } from '../read-in-full.ts';
import { IdParams } from '../schemas/id-params.ts';
import {
  ImportDetail,
  ImportListQuery,
  ImportPageAnswer,
  ImportRowsAnswer,
  ImportRowsQuery,
} from '../schemas/import.ts';
import { ImportErrorsAnswer, ImportErrorsQuery, ImportEventsAnswer } from '../schemas/import-files.ts';
import { importAnswer, importDetail, importRow, maskCell } from '../views/import.ts';
import { watchImport } from '../watch-import.ts';
import { unboundSight } from './source-work.ts';

const SCOPE = ['leads:write', 'ops'] as const;
const SEEN = 'A key without the scope ops sees imports of its own source.';
const IN_FULL =
  'In full only for a key with `pii:read` that is bound to no store or adviser, with `Access-Reason`; then the reading is audited.';

/** GET /v1/imports and what is read of one. */
export const importReadRoutes: Routes = (app, deps) => {
  const { db, vault, clock } = deps;
  app.get('/v1/imports', {
    schema: {
      tags: ['imports'],
      summary: '导入列表: all imports',
      description: `Newest first. ${SEEN}`,
      querystring: ImportListQuery,
      response: { 200: ImportPageAnswer },
    },
    config: { scope: SCOPE, problems: ['cursor_invalid'] },
    preValidation: repeatable('state'),
    handler: async (request) => {
      const { cursor, limit = 50, ...asked } = request.query;
      const place = readCursor(asked, cursor, 1);
      const after = place === null ? null : { at: place.keys[0] ?? 0, id: place.id };
      const source = seenSource(request);
      const filter = {
        ...(asked.state === undefined ? {} : { states: asked.state }),
        ...(source === null ? {} : { sourceId: source }),
      };
      const found = await listImports(db, filter, { after, limit: limit + 1 });
      const { items, next } = pageOf(asked, found, limit, ({ createdAt, id }) => ({ keys: [createdAt], id }));
      const now = clock();
      return { items: items.map((one) => importAnswer(one, now)), next_cursor: next };
    },
  });

  app.get('/v1/imports/:id', {
    schema: {
      tags: ['imports'],
      summary: '导入详情: one import',
      description: `How far it is, what was found in the file, and of a dry run the first 20 rows as they are mapped. ${IN_FULL} ${SEEN}`,
      params: IdParams,
      response: { 200: ImportDetail },
    },
    config: { scope: SCOPE },
    handler: async (request) => {
      const found = await openImport(db, request);
      const preview = found.dryRun ? await readPreview(db, vault, found.id) : null;
      const sight = unboundSight(request);
      await auditFullRead(deps, request, sight, {
        kind: 'import',
        id: found.id,
        ids: preview === null ? [] : [found.id],
      });
      return importDetail(found, preview, sight, clock());
    },
  });

  app.get('/v1/imports/:id/rows', {
    schema: {
      tags: ['imports'],
      summary: '逐行结果: what became of every row',
      description: `In the order of the file, for CLEW_IMPORT_RETENTION_DAYS. ${IN_FULL} ${SEEN}`,
      params: IdParams,
      querystring: ImportRowsQuery,
      response: { 200: ImportRowsAnswer },
    },
    config: { scope: SCOPE, problems: ['cursor_invalid'] },
    handler: async (request) => {
      const { id, reading } = await openImport(db, request);
      const { cursor, limit = 50, result } = request.query;
      const question = { id, result: result ?? 'all' };
      const after = readCursor(question, cursor, 1)?.keys[0] ?? 0;
      const rows = await listImportRows(db, vault, id, { result: result ?? 'all', after, limit: limit + 1 });
      const { items, next } = pageOf(question, rows, limit, ({ row }) => ({ keys: [row], id }));
      const sight = unboundSight(request);
      const shown = items.map(importRow(reading, sight));
      const values = shown.some(({ value }) => value !== null);
      await auditFullRead(deps, request, sight, { kind: 'import', id, ids: values ? [id] : [] });
      return { masked: sight.kind === 'full' ? null : sight.why, items: shown, next_cursor: next };
    },
  });

  app.get('/v1/imports/:id/errors.csv', {
    schema: {
      tags: ['imports'],
      summary: '错误文件: refused rows, to be corrected',
      description: `The columns of the file, and behind them \`error_row\`, \`error_column\`, \`error_code\` and \`error_hint\`. Correct it and upload it as it is: an import does not read those four, and its rows are new ones. What a spreadsheet would take for a formula has \`'\` before it, which an import takes off; phones and numbers have not. Of an import that still runs it holds the rows so far.

${IN_FULL} Else phones are masked, and a masked file cannot be corrected. ${SEEN}`,
      params: IdParams,
      querystring: ImportErrorsQuery,
      response: { 200: ImportErrorsAnswer },
    },
    config: { scope: SCOPE },
    exposeHeadRoute: false, // it would read everything, and send nothing
    handler: async (request, reply) => {
      const found = await openImport(db, request);
      const { encoding = 'utf-8-bom' } = request.query;
      const sight = unboundSight(request);
      await auditFullRead(deps, request, sight, { kind: 'import', id: found.id, ids: [found.id] });
      const show = sight.kind === 'full' ? (cell: string) => cell : maskCell;
      const file = importErrors(deps, found, { encoding, show });
      reply.type(`text/csv; charset=${encoding === 'utf-8-bom' ? 'utf-8' : encoding}`);
      reply.header('content-disposition', dispositionOf(found.fileName));
      return sendFile(deps, request, reply, file);
    },
  });

  const closing = new AbortController();
  setMaxListeners(0, closing.signal); // one a watcher
  app.addHook('preClose', async () => closing.abort());
  app.get('/v1/imports/:id/progress', {
    schema: {
      tags: ['imports'],
      summary: '进度: watch an import',
      description: `Server-sent events: \`progress\` at once and each second while something changes, a comment where nothing does for 15 seconds, and \`done\` with the last numbers when it has ended; then it closes. One that closes without \`done\` is to be opened again. ${SEEN}`,
      params: IdParams,
      response: { 200: ImportEventsAnswer },
    },
    config: { scope: SCOPE },
    exposeHeadRoute: false,
    handler: async (request, reply) => {
      const found = await openImport(db, request);
      return sendEvents(reply, watchImport(deps, found, closing.signal));
    },
  });
};

/** Streams a file; what breaks it off is logged here: the framework, which logs it too, would quote what a database says of values. */
function sendFile(
  { log }: Pick<RouteDeps, 'log'>,
  { id }: FastifyRequest,
  reply: FastifyReply,
  file: AsyncIterable<Buffer>,
): FastifyReply {
  const guarded = async function* () {
    try {
      yield* file;
    } catch (thrown) {
      log.error({ request_id: id, fault: logFault(thrown) }, 'import.errors_failed');
      throw new Error('the errors file broke off');
    }
  };
  return reply.send(Readable.from(guarded(), { objectMode: false }));
}

/** `leads.xlsx` as `leads.errors.csv`, in ASCII for those who read no better. */
function dispositionOf(fileName: string | null): string {
  const name = `${(fileName ?? 'import').replace(/\.[A-Za-z0-9]{1,5}$/, '')}.errors.csv`;
  const plain = name.replace(/[^\w.-]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (one) => `%${one.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
