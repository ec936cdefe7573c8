import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { logFault } from '../../domain/log-fault.ts';
import { maskFields } from '../../domain/masking.ts';
import { exportLeads, type LeadExport } from '../../flows/export-leads.ts';
import { LEAD_COLUMNS, wallTime } from '../../flows/lead-columns.ts';
import { csvLines, formulaSafe } from '../../sheets/csv-writer.ts';
import { xlsxFile } from '../../sheets/xlsx-writer.ts';
import { actOf } from '../act.ts';
import { grantOf } from '../actor.ts';
import type { RouteDeps, Routes } from '../deps.ts';
import { leadFilterOf } from '../lead-filter.ts';
import { problem } from '../problem.ts';
import { refusePersonalQuery, repeatable } from '../query.ts';
import { type ExportEncoding, LeadExportAnswer, LeadExportQuery } from '../schemas/lead-export.ts';
import { sightOf } from '../sight.ts';
import { reachOf } from '../visibility.ts';

const SHEET_NAME = '线索';
const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const CHARSETS: Readonly<Record<ExportEncoding, string>> = {
  'utf-8-bom': 'utf-8',
  'utf-8': 'utf-8',
  gb18030: 'gb18030',
  'utf-16le': 'utf-16le',
};

const ABOUT = `Filters, reach of the key and masking are those of the list. Sent as it is read, newest first, and no snapshot: no lead comes twice, and none is left out that was there throughout. What fails after the beginning breaks the connection off; a file is whole if its answer ended well.

Columns, always these: ${LEAD_COLUMNS.map(({ header, about }) => `${header} (${about})`).join(', ')}. Times are those of Shanghai, as \`2026-06-01 12:30:00\`. An import reads the columns that it has a field for; 线索ID becomes the external id, so that the same file imported again is replayed.

In CSV a text that a spreadsheet would take for a formula has \`'\` before it; phones and numbers have not. XLSX holds texts only, and goes on in a second sheet after 1,048,576 rows.

Every export is audited as \`leads.exported\`, with its filters and rows, when it ends or is broken off; with \`pii:read\` and \`Access-Reason\` phones are in full, and whose is audited as \`phone.read\` before they are sent.`;

type Rows = AsyncIterable<readonly (readonly string[])[]>;

/** GET /v1/leads/export: the list as a file. */
export const leadExportRoutes: Routes = (app, deps) => {
  app.get('/v1/leads/export', {
    schema: {
      tags: ['leads'],
      summary: '导出线索: leads as CSV or XLSX',
      description: ABOUT,
      querystring: LeadExportQuery,
      response: { 200: LeadExportAnswer },
    },
    config: { scope: 'leads:read' },
    exposeHeadRoute: false, // it would read everything, and send nothing
    preValidation: [refusePersonalQuery('/v1/leads/search'), repeatable('state')],
    handler: async (request, reply) => {
      const { format = 'csv', encoding = 'utf-8-bom', ...asked } = request.query;
      if (format === 'xlsx' && request.query.encoding !== undefined) throw encodingOfXlsx();
      const reach = reachOf(grantOf(request));
      const exported = exportLeads(deps, {
        filter: { ...(await leadFilterOf(deps.db, asked)), ...(reach === null ? {} : { reach }) },
        sight: sightOf(request),
        region: deps.limits.defaultRegion,
        act: actOf(request, deps),
        route: 'GET /v1/leads/export',
        detail: { format, ...(format === 'csv' ? { encoding } : {}), filters: maskFields(asked) },
      });
      const first = await exported.pages.next(); // what fails here is still answered by a status
      const rows = resumed(first, exported.pages);
      const file = format === 'xlsx' ? xlsxFile(SHEET_NAME, rows) : csvFile(rows, encoding);
      const type = format === 'xlsx' ? XLSX_TYPE : `text/csv; charset=${CHARSETS[encoding]}`;
      const day = wallTime(deps.clock()).slice(0, 10).replaceAll('-', '');
      reply.type(type).header('content-disposition', `attachment; filename="leads-${day}.${format}"`);
      return sendFile(deps, request, reply, exported, file);
    },
  });
};

function encodingOfXlsx(): Error {
  const errors = [{ path: '/encoding', code: 'not_applicable', message: 'is of csv: an xlsx has none to choose' }];
  return problem('query_invalid', { errors });
}

/** Streams the file; however it ends, the audit hears of it. */
function sendFile(
  { log }: Pick<RouteDeps, 'log'>,
  request: FastifyRequest,
  reply: FastifyReply,
  exported: LeadExport,
  file: AsyncIterable<Uint8Array>,
): FastifyReply {
  const failed = (thrown: unknown) =>
    log.error({ request_id: request.id, rows: exported.rows(), fault: logFault(thrown) }, 'leads.export_failed');
  const stream = Readable.from(guarded(file, failed), { objectMode: false });
  stream.once('close', () => void exported.breakOff().catch(failed));
  return reply.send(stream);
}

/** What breaks the file off is logged here: the framework, which logs it too, would quote what a database says of values. */
async function* guarded<T>(file: AsyncIterable<T>, failed: (thrown: unknown) => void): AsyncGenerator<T> {
  try {
    yield* file;
  } catch (thrown) {
    failed(thrown);
    throw new Error('the export broke off');
  }
}

/** A generator with what was taken of it already; ends it where nobody takes the rest. */
async function* resumed<T>(first: IteratorResult<T>, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  try {
    if (first.done !== true) yield first.value;
    yield* rest;
  } finally {
    await rest.return(undefined);
  }
}

function csvFile(rows: Rows, encoding: ExportEncoding): AsyncIterable<Buffer> {
  return csvLines(formulaSafeRows(rows), { encoding, delimiter: encoding === 'utf-16le' ? '\t' : ',' });
}

async function* formulaSafeRows(rows: Rows): AsyncGenerator<readonly (readonly string[])[]> {
  for await (const page of rows) yield page.map((cells) => cells.map(formulaSafe));
}
